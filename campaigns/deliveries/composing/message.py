"""Exactly what goes out, with pictures converted. Written down before it is sent, and sent again from there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.channels.messages import Limits, Message, Part, Picture
from campaigns.deliveries.composing.drafts import Tailored, tailored_drafts
from campaigns.deliveries.models import Delivery
from campaigns.deliveries.pictures import picture_for
from campaigns.links.queries import short_url
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.pages import config
from cms.media.models import Media, MediaAlias, MediaVariant

Make = Callable[[int, str, Limits], Picture]
_IMG = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')


@dataclass(frozen=True)
class Composed:
    """A message, and the revision that it was made of."""

    message: Message
    revision_id: int


def message_for(delivery_id: int) -> Message:
    """What goes out for this delivery now; see `compose`."""
    return compose(delivery_id).message


def compose(delivery_id: int) -> Composed:
    """Make the message of a delivery: its post's live text, its account's variant, its own link, pictures converted.

    The same rows give the same message. No transaction may be open. Raises `NotFound` when the delivery or its post is
    gone, `NoText` when the post is not live, and `Invalid` for a picture that cannot be sent.
    """
    delivery = db.session.scalar(
        select(Delivery)
        .where(Delivery.id == delivery_id)
        .options(joinedload(Delivery.link))
        .execution_options(populate_existing=True)
    )
    if delivery is None or delivery.post_id is None:
        raise NotFound
    key, planned_at = delivery.key, delivery.planned_at or delivery.due_at or delivery.created_at
    links = {delivery.account_id: short_url(delivery.link)} if delivery.link else {}
    found = tailored_drafts(delivery.post_id, [delivery.account_id], links=links, must_be_live=True)
    if not found:
        raise NotFound
    return Composed(as_message(found[0], key=key, planned_at=planned_at), found[0].story.revision_id)


def as_message(one: Tailored, *, key: str, planned_at: datetime, make: Make = picture_for) -> Message:
    """A tailored draft as its network gets it; `make` converts its pictures."""
    story, draft, limits = one.story, one.draft, one.limits
    inline = _inline(draft.html)  # asked before any picture is made: that ends our read
    alts = dict(one.own_pictures)
    has_cover = limits.carries_html or limits.pictures > 0
    return Message(
        key=key,
        language=story.language,
        parts=tuple(
            Part(part.text, tuple(make(number, alt, limits) for number, alt in part.media))
            for part in draft.parts
        ),
        url=story.url,
        link=story.link,
        planned_at=planned_at,
        title=draft.title,
        summary=draft.summary,
        html=draft.html,
        kind=story.kind,
        tags=story.tags if limits.tags is None else story.tags[: limits.tags],
        authors=story.authors,
        cover=make(story.cover, alts.get(story.cover, ""), limits) if has_cover and story.cover else None,
        inline=tuple((address, make(number, alt, limits)) for address, number, alt in inline),
    )


def _inline(html: str) -> list[tuple[str, int, str]]:
    """Pictures of ours that the HTML shows, in order, each once: the address there, the file, its alternative text."""
    host = re.escape(config().base_url)
    shown: dict[str, tuple[str, str]] = {}
    for tag in _IMG.findall(html):
        address = re.search(rf' src="({host}/media/([^"]+))"', tag)
        alt = re.search(r' alt="([^"]*)"', tag)
        if address:
            shown.setdefault(address[1], (address[2], unescape(alt[1]) if alt else ""))
    files = _files_named({name for name, _alt in shown.values()})
    return [(address, files[name], alt) for address, (name, alt) in shown.items() if name in files]


def _files_named(names: set[str]) -> dict[str, int]:
    """The pictures of these stored names, whichever size of one they name."""
    if not names:
        return {}
    main = select(Media.file, Media.id).where(Media.file.in_(names))
    size = select(MediaVariant.file, MediaVariant.media_id).where(MediaVariant.file.in_(names))
    old = select(MediaAlias.name, MediaAlias.media_id).where(MediaAlias.name.in_(names))
    found: dict[str, int] = {one[0]: one[1] for one in db.session.execute(main.union(size, old))}
    pictures = select(Media.id).where(Media.id.in_(found.values()), Media.kind == "image")
    are_pictures = set(db.session.scalars(pictures))
    return {name: number for name, number in found.items() if number in are_pictures}
