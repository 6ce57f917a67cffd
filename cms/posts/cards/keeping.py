"""Rows of cards: asked for, claimed by the worker, filled in, shown with a post. Called inside a transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.pagecache import touch
from cms.media.models import Media
from cms.posts.cards.models import LinkCard, PostCard
from cms.posts.cards.pages import PageFacts

LEASE = timedelta(minutes=2)  # longer than page and picture may take together
PAUSES = (timedelta(minutes=1), timedelta(minutes=15))  # before the second and the third try


@dataclass(frozen=True)
class Claim:
    """A card that this worker may fetch, until then."""

    card_id: int
    url: str
    until: datetime
    is_last: bool


def ask_for_card(url: str, *, at: datetime) -> LinkCard:
    """The card of an address; a new one waits for the worker."""
    digest = hashlib.sha256(url.encode()).hexdigest()
    card = db.session.scalar(select(LinkCard).where(LinkCard.digest == digest).options(_picture()))
    if card is None:
        card = LinkCard(digest=digest, url=url, due_at=at, created_at=at, picture=None)
        db.session.add(card)
        db.session.flush()
    return card


def get_card(card_id: int) -> LinkCard:
    """One card with its picture."""
    card = db.session.scalar(select(LinkCard).where(LinkCard.id == card_id).options(_picture()))
    if card is None:
        raise NotFound
    return card


def card_of(post_id: int) -> LinkCard | None:
    """The card that a post shows, with its picture."""
    shown = select(LinkCard).join(PostCard).where(PostCard.post_id == post_id).options(_picture())
    return db.session.scalar(shown)


def show_card(post_id: int, url: str | None, *, at: datetime) -> None:
    """Let a post show the card of this address, or none."""
    card_id = ask_for_card(url, at=at).id if url else None
    shown = db.session.get(PostCard, post_id)
    if shown is not None and shown.card_id == card_id:
        return
    db.session.execute(delete(PostCard).where(PostCard.post_id == post_id))
    if card_id is not None:
        db.session.add(PostCard(post_id=post_id, card_id=card_id))
    db.session.flush()
    touch("posts", f"post:{post_id}")


def claim_card(*, at: datetime) -> Claim | None:
    """Take the card that waits longest, or None."""
    free = (LinkCard.state == "waiting", LinkCard.due_at <= at)
    row = db.session.execute(
        select(LinkCard.id, LinkCard.url, LinkCard.attempts).where(*free).order_by(LinkCard.due_at).limit(1)
    ).one_or_none()
    if row is None:
        return None
    claim = update(LinkCard).where(LinkCard.id == row.id, LinkCard.attempts == row.attempts, *free)
    taken = db.session.execute(claim.values(due_at=at + LEASE, attempts=row.attempts + 1))
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    return Claim(row.id, row.url, at + LEASE, is_last=row.attempts >= len(PAUSES))


def fill_card(claim: Claim, facts: PageFacts | None, *, picture_id: int | None = None) -> None:
    """Write what the page said; without facts it has no card for good."""
    card = _held(claim)
    if card is None:
        return
    card.state = "ready" if facts else "failed"
    if facts:
        card.title, card.description, card.site_name = facts.title, facts.description, facts.site_name
        card.picture_id = picture_id
    db.session.flush()
    shown = db.session.scalars(select(PostCard.post_id).where(PostCard.card_id == card.id)).all()
    if shown:
        touch("posts", *(f"post:{one}" for one in shown))


def try_again(claim: Claim, *, at: datetime) -> None:
    """The other site did not answer: ask again later, or give up after the third time."""
    card = _held(claim)
    if card is None:
        return
    if claim.is_last:
        card.state = "failed"
    else:
        card.due_at = at + PAUSES[card.attempts - 1]
    db.session.flush()


def _held(claim: Claim) -> LinkCard | None:
    held = select(LinkCard).where(LinkCard.id == claim.card_id, LinkCard.due_at == claim.until)
    return db.session.scalar(held.where(LinkCard.state == "waiting"))


def _picture() -> ORMOption:
    return joinedload(LinkCard.picture).options(selectinload(Media.variants))
