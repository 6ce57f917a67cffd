"""Feeds of circles: a public one for everybody, and private ones for members, by an address with a secret in it.

Both ask the gate: the public feed as a visitor, the private one as the member whose address it is, at each reading.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Response, redirect
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import escape
from werkzeug.wrappers import Response as BaseResponse

from cms.circles.models import Circle, Topic
from cms.circles.queries import gate, inside
from cms.core import walltime
from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on, speaks_one_language
from cms.core.pages import config
from cms.core.text import excerpt, strip_control
from cms.people.models import Person
from cms.site.asked import FEED_FILES, host
from cms.site.edition import Edition
from cms.site.feeds.document import LANGUAGES, Author, Document, Entry, absolute_html
from cms.site.feeds.serving import WRITERS, titled
from cms.site.views import bp

MOST = 30


def _add_routes() -> None:
    for file, _format, mime in FEED_FILES:
        name = file.replace(".", "_")
        bp.add_url_rule(f"/circles/<slug>/{file}", f"circle_feed_{name}", _public_feed(file, mime))
        bp.add_url_rule(
            f"/circles/feeds/<token>/{file}", f"own_circle_feed_{name}", _private_feed(file, mime)
        )


def _public_feed(file: str, mime: str) -> Callable[..., BaseResponse]:
    def show_circle_feed(slug: str) -> BaseResponse:
        circle = gate.find_standing(slug, None).circle
        if circle.slug != slug:
            return redirect(f"/circles/{circle.slug}/{file}", 301)
        speaks_one_language()
        depends_on(f"circle:{circle.id}")
        response = _feed(circle, None, file, mime)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return public(cached_page(show_circle_feed))


def _private_feed(file: str, mime: str) -> Callable[..., BaseResponse]:
    def show_own_circle_feed(token: str) -> BaseResponse:
        found = inside.find_feed(token)
        if found is None:
            raise NotFound
        response = _feed(found[0], found[1], file, mime)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return public(show_own_circle_feed)


def _feed(circle: Circle, person: Person | None, file: str, mime: str) -> Response:
    edition = Edition(circle.language, host())
    with force_locale("zh_Hans_CN" if circle.language == "zh" else circle.language):
        topics = inside.newest(circle.id, person, limit=MOST)
        document = _document(edition, circle, topics, file=file, is_private=person is not None)
    return Response(WRITERS[file](document), content_type=f"{mime}; charset=utf-8")


def _document(
    edition: Edition, circle: Circle, topics: Sequence[Topic], *, file: str, is_private: bool
) -> Document:
    base = f"{config().base_url}/circles/{circle.slug}"
    entries = [_entry(circle, one, base) for one in topics]
    name = _("%(name)s, for members", name=circle.name) if is_private else circle.name
    return Document(
        title=strip_control(titled(name, edition)),
        description=strip_control(circle.purpose),
        page_url=base,
        self_url=f"{base}/{file}",  # the secret of a private one is not repeated in what it holds
        language=LANGUAGES.get(circle.language, circle.language),
        entries=entries,
        updated_at=max((one.updated_at for one in entries), default=None),
        begun_at=circle.created_at.replace(microsecond=0),
        podcast=None,
    )


def _entry(circle: Circle, topic: Topic, base: str) -> Entry:
    url = f"{base}/topics/{topic.id}"
    until = _until(topic)
    began: datetime = topic.created_at.replace(microsecond=0)
    who = (
        [Author(strip_control(topic.by.name), f"{config().base_url}/@{topic.by.handle}", None)]
        if topic.by
        else []
    )
    return Entry(
        guid=topic.guid,
        url=url,
        external_url=None,
        title=strip_control(topic.title),
        has_title=True,
        summary=excerpt(strip_control(" ".join(filter(None, (until, topic.plain)))), 300),
        html=(f"<p>{escape(until)}</p>" if until else "")
        + strip_control(absolute_html(topic.body_html, url)),
        language=LANGUAGES.get(circle.language, circle.language),
        published_at=began,
        updated_at=max((topic.edited_at or began).replace(microsecond=0), began),
        authors=who,
        categories=[],
        picture=None,
        picture_url=None,
        enclosure=None,
        transcript_url=None,
    )


def _until(topic: Topic) -> str:
    """Of a call: until when it takes texts."""
    if topic.ends_at is None:
        return ""
    end = walltime.shown(topic.ends_wall, topic.ends_zone)
    return str(_("Call for texts, until %(end)s.", end=end))


_add_routes()
