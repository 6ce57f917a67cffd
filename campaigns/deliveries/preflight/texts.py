"""Findings about what goes out: lengths as the network counts them, pictures, links, and the network's own rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from campaigns.channels.counting import excess, links_in
from campaigns.channels.messages import Limits, Picture
from campaigns.deliveries.composing import Tailored
from campaigns.deliveries.composing.message import as_message
from cms.core.database import db
from cms.core.seams import Finding
from cms.media.models import Media
from cms.posts.models import Post
from cms.reviews.queries import broken_among

_SAID_ELSEWHERE = ("too_long", "settings")


@dataclass(frozen=True)
class Known:
    """What was read for all accounts at once: pictures by number, and what is wrong with addresses."""

    pictures: Mapping[int, Media]
    broken: Mapping[str, str]


def what_is_known(drafts: Sequence[Tailored]) -> Known:
    """Two queries."""
    numbers = {number for one in drafts for number in _pictures(one)}
    media = db.session.scalars(select(Media).where(Media.id.in_(numbers))) if numbers else ()
    return Known({one.id: one for one in media}, broken_among(_links(drafts)))


def in_its_words(post: Post, draft: Tailored, known: Known) -> Iterator[Finding]:
    """What the network would refuse, and what readers would miss."""
    page = url_for("deliveries.tailor", post_id=post.id, account_id=draft.account.id)
    yield from _lengths(draft, page)
    yield from _of_pictures(draft, known, page)
    yield from _of_links(draft, known, page)
    message = as_message(draft, key="", planned_at=datetime(2000, 1, 1, tzinfo=UTC), make=_not_made)
    objection = draft.adapter.objection(message, draft.account.settings, draft.limits)
    if objection is not None and objection.code not in _SAID_ELSEWHERE:
        yield Finding(f"network.{objection.code}", objection.reason, is_blocking=True, url=page)


def _lengths(draft: Tailored, page: str) -> Iterator[Finding]:
    parts, limits = draft.draft.parts, draft.limits
    for number, one in enumerate(parts, start=1):
        over = excess(one.text, limits)
        if over:
            sentence = (
                _("Part %(number)d is too long for this network, by %(over)d.", number=number, over=over)
                if len(parts) > 1
                else _("The text is too long for this network, by %(over)d.", over=over)
            )
            yield Finding("text.too_long", sentence, is_blocking=True, url=page)
        if not one.text.strip() and not one.media:
            sentence = _("There is nothing to say: the text is empty.")
            yield Finding("text.empty", sentence, is_blocking=True, url=page)
    if len(parts) > max(1, limits.parts):
        sentence = _("This network takes %(most)d parts at most.", most=limits.parts)
        yield Finding("text.parts", sentence, is_blocking=True, url=page)
    for code, said, most in (
        ("title", draft.draft.title, limits.title),
        ("summary", draft.draft.summary, limits.summary),
    ):
        if most is not None and len(said) > most > 0:
            sentences = {
                "title": _("The title is longer than the %(most)d characters this network takes.", most=most),
                "summary": _(
                    "The summary is longer than the %(most)d characters this network takes.", most=most
                ),
            }
            yield Finding(f"text.{code}", sentences[code], is_blocking=True, url=page)


def _of_pictures(draft: Tailored, known: Known, page: str) -> Iterator[Finding]:
    limits = draft.limits
    most = max((len(one.media) for one in draft.draft.parts), default=0)
    if most > limits.pictures:
        sentence = _("This network takes %(most)d pictures in one post at most.", most=limits.pictures)
        yield Finding("media.many", sentence, is_blocking=True, url=page)
    silent = 0
    for number, alt in _pictures(draft).items():
        media = known.pictures.get(number)
        if media is None or media.kind != "image" or media.trashed_at is not None:
            sentence = _("A picture is gone, or in the trash. Please choose another.")
            yield Finding("media.gone", sentence, is_blocking=True, url=page)
        elif (
            media.width
            and media.height
            and min(media.width, media.height) * 20 < max(media.width, media.height)
        ):
            yield Finding(
                "media.shape", _("A picture is so long and narrow that networks refuse such."), url=page
            )
        silent += media is not None and not alt.strip() and not media.is_decorative
    if silent and limits.alt != 0:
        sentence = ngettext(
            "%(num)d picture has no alternative text.", "%(num)d pictures have no alternative text.", silent
        )
        yield Finding("media.alt", sentence, url=page)


def _of_links(draft: Tailored, known: Known, page: str) -> Iterator[Finding]:
    for url in _links([draft]):
        if url in known.broken:
            yield Finding("link.broken", _("A link does not work: %(url)s", url=url), url=page)


def _pictures(draft: Tailored) -> dict[int, str]:
    found = {number: alt for one in draft.draft.parts for number, alt in one.media}
    if draft.story.cover and draft.limits.carries_html:
        found.setdefault(draft.story.cover, dict(draft.own_pictures).get(draft.story.cover, ""))
    return found


def _links(drafts: Iterable[Tailored]) -> list[str]:
    found = {
        part.text[start:end]: None
        for one in drafts
        for part in one.draft.parts
        for start, end in links_in(part.text)
        if part.text[start:end] not in (one.story.link, one.story.url)
    }
    return list(found)


def _not_made(media_id: int, alt: str, limits: Limits) -> Picture:
    """A picture whose file is made later."""
    return Picture(media_id, name="", mime="image/jpeg", width=1, height=1, size=0, alt=alt)
