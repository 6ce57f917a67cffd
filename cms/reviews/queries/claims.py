"""Sentences that need a source."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from cms.core import walltime
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.pages import config
from cms.posts.models import Post, Revision
from cms.reviews.models import Claim

CLAIM_STATES = ("open", "expired", "sourced", "withdrawn")


def day_of(at: datetime) -> date:
    """The day it is at an instant, in the site's zone."""
    return at.astimezone(walltime.zone_named(config().timezone)).date()


def get_claim(claim_id: int) -> Claim:
    """One claim."""
    claim = db.session.get(Claim, claim_id)
    if claim is None:
        raise NotFound
    return claim


def claims_of(post_id: int) -> Sequence[Claim]:
    """Every claim of a post, those that were settled too, oldest first."""
    return db.session.scalars(
        select(Claim)
        .where(Claim.post_id == post_id)
        .order_by(Claim.id)
        .options(joinedload(Claim.raised_by), joinedload(Claim.settled_by))
    ).all()


def count_holding_up(post_id: int, *, at: datetime) -> int:
    """How many claims a text of this post would have to wait for, if it went out then."""
    return db.session.scalars(
        select(func.count()).select_from(Claim).where(Claim.post_id == post_id, _holding_up(day_of(at)))
    ).one()


def claims(state: str, *, at: datetime, before: int | None = None, limit: int = 30) -> Sequence[Claim]:
    """The register, newest first: claims that are open, expired, sourced or withdrawn, of posts outside the trash."""
    query = (
        select(Claim)
        .join(Claim.post)
        .where(_has_state(state, day_of(at)), Post.trashed_at.is_(None))
        .order_by(Claim.id.desc())
        .options(
            joinedload(Claim.raised_by),
            joinedload(Claim.settled_by),
            joinedload(Claim.post).joinedload(Post.latest).load_only(Revision.title, Revision.summary),
        )
        .limit(limit)
    )
    return db.session.scalars(query if before is None else query.where(Claim.id < before)).all()


def _holding_up(day: date) -> ColumnElement[bool]:
    return or_(Claim.state == "open", _has_state("expired", day))


def _has_state(state: str, day: date) -> ColumnElement[bool]:
    if state == "expired":
        return and_(Claim.state == "sourced", Claim.expires_on < day)
    if state == "sourced":
        return and_(Claim.state == "sourced", or_(Claim.expires_on.is_(None), Claim.expires_on >= day))
    return Claim.state == state
