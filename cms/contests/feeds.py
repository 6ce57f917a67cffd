"""Feeds of contests: what was announced, extended, changed and decided, of all of them and of each."""

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape

from flask import Blueprint, Response, request
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cms.contests.models import Contest, ContestAct
from cms.contests.queries import find_contest
from cms.contests.wording import act_words, full_title
from cms.core.access import public
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.languages import localized
from cms.core.pagecache import cached_page, depends_on, speaks_one_language
from cms.core.pages import config
from cms.site.asked import FEED_FILES, host
from cms.site.edition import Edition
from cms.site.feeds.document import Document, Entry
from cms.site.feeds.serving import WRITERS, titled
from cms.site.queries.site import site

LENGTH = 40
TOLD = ("announced", "extended", "rules_changed", "preliminary", "final", "corrected", "cancelled", "sealed")


def add_to(bp: Blueprint) -> None:
    """Routes for `/contests/feed.xml` and `/contests/SLUG/feed.xml`, in three formats each."""
    for file, _format, mime in FEED_FILES:
        name = file.replace(".", "_")
        bp.add_url_rule(
            f"/contests/{file}", f"contests_{name}", _view(file, mime, whole=True), methods=["GET"]
        )
        bp.add_url_rule(f"/contests/<slug>/{file}", f"contest_{name}", _view(file, mime), methods=["GET"])


def _view(file: str, mime: str, *, whole: bool = False) -> Callable[..., Response]:
    def show_feed(slug: str = "") -> Response:
        edition = Edition(
            request.environ.get("parley.prefix") or config().locale, host() + request.script_root
        )
        speaks_one_language()
        contest = None if whole else find_contest(slug)
        if contest is None and not whole:
            raise NotFound
        depends_on("contests" if contest is None else f"contest:{contest.id}")
        with force_locale("zh_Hans_CN" if edition.locale == "zh" else edition.locale):
            document = _document(edition, contest, file)
        response = Response(WRITERS[file](document), content_type=f"{mime}; charset=utf-8")
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return public(cached_page(show_feed))


def _document(edition: Edition, contest: Contest | None, file: str) -> Document:
    path = "/contests" if contest is None else f"/contests/{contest.slug}"
    entries = [_entry(act, one, edition) for act, one in _told(contest)]
    shown = site()
    return Document(
        title=titled(_("Contests") if contest is None else full_title(contest), edition),
        description=_("What is new in our contests.")
        if contest is None
        else localized(contest.summary, edition.locale) or full_title(contest),
        page_url=edition.to(path),
        self_url=edition.to(f"{path}/{file}"),
        language={"zh": "zh-CN"}.get(edition.locale, edition.locale),
        entries=entries,
        updated_at=max((one.updated_at for one in entries), default=None),
        begun_at=shown.updated_at.replace(microsecond=0),
        podcast=None,
    )


def _told(contest: Contest | None) -> Sequence[tuple[ContestAct, Contest]]:
    query = (
        select(ContestAct, Contest)
        .join(Contest, Contest.id == ContestAct.contest_id)
        .where(ContestAct.act.in_(TOLD), Contest.announced_at.is_not(None))
        .options(joinedload(Contest.series))
        .order_by(ContestAct.id.desc())
        .limit(LENGTH)
    )
    if contest is not None:
        query = query.where(ContestAct.contest_id == contest.id)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def _entry(act: ContestAct, contest: Contest, edition: Edition) -> Entry:
    at: datetime = act.at.replace(microsecond=0)
    said = act_words(act.act, act.detail)
    title = full_title(contest)
    words = act.words or (localized(contest.summary, edition.locale) if act.act == "announced" else "")
    url = edition.to(f"/contests/{contest.slug}")
    return Entry(
        guid=f"{url}#{act.id}",
        url=url,
        external_url=None,
        title=f"{title}: {said}",
        has_title=True,
        summary=words or said,
        html=f"<p>{escape(said)}</p>" + (f"<p>{escape(words)}</p>" if words else ""),
        language=edition.locale,
        published_at=at,
        updated_at=at,
        authors=[],
        categories=[],
        picture=None,
        picture_url=None,
        enclosure=None,
        transcript_url=None,
    )
