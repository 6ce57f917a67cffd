"""Reading contributions: by link for whoever holds it, by number for the desk."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from cms.contributions.models import Contribution, ContributionEntry, ContributionLink
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.secrets import fingerprint
from cms.posts.models import Byline, Post, Revision

PAGE_LENGTH = 30
SIGNED = ("consented", "byline_approved", "approved", "refused")
OWED = ("open", "late", "handed_in", "over")


class LinkIsDead(NotFound):
    """The link was never made, was withdrawn, renewed, or its time is over: the four look alike."""

    message = _("This link no longer works. Please ask the person who sent it to you for a new one.")


def get_by_token(token: str, *, at: datetime) -> Contribution:
    """What this link opens, with its post, latest text and people; raises `LinkIsDead`."""
    found = db.session.scalar(
        _with_everything()
        .join(ContributionLink, ContributionLink.contribution_id == Contribution.id)
        .where(ContributionLink.token_hash == fingerprint(token), ContributionLink.revoked_at.is_(None))
    )
    if found is None or not found.is_open(at) or found.post.trashed_at is not None:
        raise LinkIsDead
    return found


def get_contribution(contribution_id: int) -> Contribution:
    """One of them, with its post, latest text and people."""
    found = db.session.scalar(_with_everything().where(Contribution.id == contribution_id))
    if found is None:
        raise NotFound
    return found


def contributions_to(post_id: int) -> Sequence[Contribution]:
    """Who was asked about a post, first asked first."""
    query = select(Contribution).where(Contribution.post_id == post_id).options(*_listed())
    return db.session.scalars(query.order_by(Contribution.id)).all()


def contributions_of(person_id: int, *, limit: int = 20) -> Sequence[Contribution]:
    """What somebody was asked for, newest first."""
    query = select(Contribution).where(Contribution.person_id == person_id).options(*_listed())
    return db.session.scalars(query.order_by(Contribution.id.desc()).limit(limit)).all()


def contributions(
    owed: str | None, *, at: datetime, before: int | None = None, limit: int = PAGE_LENGTH + 1
) -> Sequence[Contribution]:
    """Everybody who was asked, newest first; only those still owing something, late, handed in or over when asked."""
    query = select(Contribution).options(*_listed()).order_by(Contribution.id.desc()).limit(limit)
    is_open = (Contribution.revoked_at.is_(None), Contribution.expires_at > at)
    waiting = (Contribution.handed_in_at.is_(None), Contribution.decision.is_(None))
    conditions = {
        "open": (*is_open, *waiting),
        "late": (*is_open, *waiting, Contribution.due_at < at),
        "handed_in": (*is_open, Contribution.handed_in_at.is_not(None), Contribution.decision.is_(None)),
        "over": ((Contribution.revoked_at.is_not(None)) | (Contribution.expires_at <= at),),
    }
    if owed in conditions:
        query = query.where(*conditions[owed])
    return db.session.scalars(query if before is None else query.where(Contribution.id < before)).all()


def entries(contribution_id: int) -> Sequence[ContributionEntry]:
    """Everything that happened, in order."""
    query = select(ContributionEntry).where(ContributionEntry.contribution_id == contribution_id)
    options = (
        joinedload(ContributionEntry.by),
        joinedload(ContributionEntry.revision).options(*_without_text()),
    )
    return db.session.scalars(query.options(*options).order_by(ContributionEntry.id)).all()


def sign_offs(post_id: int) -> Sequence[ContributionEntry]:
    """Who agreed to what about a post: consents, approvals and refusals, in order."""
    query = (
        select(ContributionEntry)
        .join(Contribution, Contribution.id == ContributionEntry.contribution_id)
        .where(Contribution.post_id == post_id, ContributionEntry.act.in_(SIGNED))
        .options(
            joinedload(ContributionEntry.by),
            joinedload(ContributionEntry.revision).options(*_without_text()),
            joinedload(ContributionEntry.contribution),
        )
    )
    return db.session.scalars(query.order_by(ContributionEntry.id)).all()


def _with_everything() -> Select[Contribution]:
    post = joinedload(Contribution.post)
    return select(Contribution).options(
        post.joinedload(Post.latest).options(selectinload(Revision.media), joinedload(Revision.saved_by)),
        post.selectinload(Post.bylines).joinedload(Byline.person),
        joinedload(Contribution.person),
        joinedload(Contribution.invited_by),
    )


def _listed() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(Contribution.person),
        joinedload(Contribution.post).joinedload(Post.latest).options(*_without_text()),
    )


def _without_text() -> tuple[_AbstractLoad, ...]:
    columns = (Revision.body, Revision.html, Revision.plain, Revision.transcript, Revision.transcript_html)
    return tuple(defer(column, raiseload=True) for column in columns)
