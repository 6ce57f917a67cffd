"""Variants: what one account says of a post where it differs from the original."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from campaigns.channels.catalogue import adapter_for
from campaigns.channels.counting import excess, links_in
from campaigns.channels.messages import DraftPart, Limits
from campaigns.channels.models import Account
from campaigns.deliveries.composing.bodies import Body
from campaigns.deliveries.composing.placeholder import with_link, with_mark
from campaigns.deliveries.models import Variant
from campaigns.deliveries.services.planning import load_post
from campaigns.links.models import Link
from campaigns.links.queries import sample_url, short_url
from cms.core.database import db
from cms.core.errors import Conflict, Invalid
from cms.core.text import strip_control
from cms.media import services as media
from cms.media.models import Media
from cms.media.queries import ids_in_html
from cms.people.models import Person
from cms.reviews import services as reviews

LONGEST = 100_000  # characters of one text, where the network knows no limit
MOST_PARTS, MOST_PICTURES = 50, 60


@dataclass(frozen=True)
class Kept:
    """What a variant says, as it is stored."""

    version: int
    parts: tuple[DraftPart, ...] | None
    title: str | None
    summary: str | None
    body: str | None
    edited_by: str
    edited_at: datetime


class VariantChanged(Conflict):
    """Another editor saved first; `theirs` is what they wrote, None when they went back to the original."""

    def __init__(self, theirs: Kept | None) -> None:
        self.theirs = theirs
        super().__init__(
            _(
                "%(name)s saved this version after you opened it. Both are shown: keep what you want.",
                name=theirs.edited_by,
            )
            if theirs and theirs.edited_by
            else _(
                "Someone else changed this version after you opened it. Both are shown: keep what you want."
            )
        )


def save_variant(
    post_id: int,
    account_id: int,
    *,
    parts: Sequence[DraftPart] | None,
    title: str | None,
    summary: str | None,
    body: Body | None = None,
    expected_version: int | None,
    by: Person,
    at: datetime,
) -> None:
    """Keep what a person wrote for this account; what is None falls back to the original. `body` comes from `prepare_body`.

    `expected_version` is that of the variant they read, None when there was none. Raises `VariantChanged` with nothing
    lost when another editor saved first, and `Invalid` naming the part that is too long ("part-2", counted from 1).
    """
    post = load_post(post_id)
    account = db.session.get(Account, account_id)
    if account is None or account.state == "removed":
        raise Invalid(errors={"accounts": _("This account is not connected any more.")})
    variant = _load(post_id, account_id)
    if (variant.version if variant else None) != expected_version:
        raise VariantChanged(_kept(variant) if variant else None)
    limits = adapter_for(account.channel).limits(account.settings, account.limits)
    if body is not None and not limits.carries_html:
        raise Invalid(errors={"body": _("This network carries no whole articles.")})
    told = _checked(parts, title, summary, limits)
    if parts is None and title is None and summary is None and body is None:
        reset_variant(post_id, account_id, by=by, at=at)
        return
    marks = [sample_url(), *(_links(post_id, account_id))]
    fields = {
        "title": None if title is None else with_mark(strip_control(title).strip(), marks),
        "summary": None if summary is None else with_mark(strip_control(summary).strip(), marks),
        "body": None if body is None else with_mark(body.text, marks),
        "body_html": None if body is None else with_mark(body.html, marks),
        "parts": None if told is None else [_stored(one, marks) for one in told],
        "revision_id": post.live_revision_id or post.latest_revision_id,
        "edited_at": at,
        "edited_by_id": by.id,
    }
    variant = variant or Variant(post_id=post_id, account_id=account_id)
    for name, value in fields.items():
        setattr(variant, name, value)
    db.session.add(variant)
    db.session.flush()
    reviews.ask_about(_outside(told or ()), at=at)
    shown = {number for one in told or () for number, _alt in one.media}
    media.attach(shown | ids_in_html(body.html if body else ""), holder=f"variant:{variant.id}")


def reset_variant(post_id: int, account_id: int, *, by: Person, at: datetime) -> None:
    """Back to the original."""
    variant = _load(post_id, account_id)
    if variant is not None:
        media.attach([], holder=f"variant:{variant.id}")
        db.session.execute(delete(Variant).where(Variant.id == variant.id))


def _load(post_id: int, account_id: int) -> Variant | None:
    return db.session.scalar(
        select(Variant)
        .where(Variant.post_id == post_id, Variant.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _outside(parts: Iterable[DraftPart]) -> list[str]:
    return [one.text[start:end] for one in parts for start, end in links_in(one.text)]


def _stored(part: DraftPart, marks: Iterable[str]) -> dict[str, Any]:
    return {"text": with_mark(part.text, marks), "media": [list(one) for one in part.media]}


def _links(post_id: int, account_id: int) -> Iterable[str]:
    links = db.session.scalars(select(Link).where(Link.post_id == post_id, Link.account_id == account_id))
    return [short_url(one) for one in links]


def _kept(variant: Variant) -> Kept:
    by = db.session.get(Person, variant.edited_by_id) if variant.edited_by_id else None
    return Kept(
        version=variant.version,
        parts=None
        if variant.parts is None
        else tuple(
            DraftPart(
                with_link(one["text"], sample_url()), tuple((number, alt) for number, alt in one["media"])
            )
            for one in variant.parts
        ),
        title=variant.title,
        summary=variant.summary,
        body=None if variant.body is None else with_link(variant.body, sample_url()),
        edited_by=by.name if by else "",
        edited_at=variant.edited_at,
    )


def _checked(
    parts: Sequence[DraftPart] | None, title: str | None, summary: str | None, limits: Limits
) -> list[DraftPart] | None:
    """The parts without what no text may hold. Raises `Invalid` with a sentence for each that the network refuses."""
    errors: dict[str, str] = {}
    for name, said, most in (("title", title, limits.title), ("summary", summary, limits.summary)):
        if said is not None and most is not None and len(said.strip()) > most:
            errors[name] = _("This network takes %(most)d characters here.", most=most)
        elif said is not None and len(said) > (300 if name == "title" else LONGEST):
            errors[name] = _("This is too long.")
    told = None
    if parts is not None:
        told = [DraftPart(strip_control(one.text).strip(), one.media) for one in parts]
        errors |= _wrong_parts(told, limits)
    if errors:
        raise Invalid(errors=errors)
    return told


def _wrong_parts(parts: Sequence[DraftPart], limits: Limits) -> dict[str, str]:
    if not 1 <= len(parts) <= min(limits.parts, MOST_PARTS):
        return {"parts": _("This network takes %(most)d parts at most.", most=min(limits.parts, MOST_PARTS))}
    known = _pictures(number for one in parts for number, _alt in one.media)
    errors = {}
    for number, one in enumerate(parts, start=1):
        sentence = _wrong_part(one, limits, known)
        if sentence:
            errors[f"part-{number}"] = sentence
    return errors


def _wrong_part(part: DraftPart, limits: Limits, known: set[int]) -> str | None:
    if not part.text and not part.media:
        return str(_("This part says nothing. Write something, or take it out."))
    over = excess(with_link(part.text, sample_url()), limits)
    if over or len(part.text) > LONGEST:
        return str(
            _("This part is too long for the network, by %(over)d.", over=over or len(part.text) - LONGEST)
        )
    if len(part.media) > min(limits.pictures, MOST_PICTURES):
        return str(_("This network takes %(most)d pictures here at most.", most=limits.pictures))
    if any(number not in known for number, _alt in part.media):
        return str(_("One of these pictures is no picture, or is in the trash."))
    return None


def _pictures(ids: Iterable[int]) -> set[int]:
    numbers: set[Any] = set(ids)
    if not numbers:
        return set()
    query = select(Media.id).where(Media.id.in_(numbers), Media.kind == "image", Media.trashed_at.is_(None))
    return set(db.session.scalars(query))
