"""Contests, for readers and for the desk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from cms.contests.models import (
    Contest,
    ContestAct,
    ContestFollower,
    ContestPhase,
    ContestRole,
    ContestSeries,
    Entry,
)
from cms.core.database import db
from cms.core.errors import NotFound

MOST = 300
LONGEST_GRACE = timedelta(days=1)


def whole() -> list[ORMOption]:
    """Everything that belongs to a contest."""
    return [
        selectinload(Contest.phases),
        selectinload(Contest.prizes),
        selectinload(Contest.rules),
        selectinload(Contest.people).joinedload(ContestRole.person),
        joinedload(Contest.series),
        joinedload(Contest.theme_by),
    ]


def get_contest(contest_id: int) -> Contest:
    """The contest with this number, whole, whether readers know of it or not."""
    contest = db.session.scalar(select(Contest).where(Contest.id == contest_id).options(*whole()))
    if contest is None:
        raise NotFound
    return contest


def find_contest(slug: str) -> Contest | None:
    """The contest at this address, whole, if readers may see it."""
    query = select(Contest).where(Contest.slug == slug, Contest.announced_at.is_not(None))
    return db.session.scalar(query.options(*whole()))


def public_contests() -> Sequence[Contest]:
    """Every announced contest, the last announced first, with its phases."""
    return db.session.scalars(
        select(Contest)
        .where(Contest.announced_at.is_not(None))
        .options(selectinload(Contest.phases), joinedload(Contest.series))
        .order_by(Contest.announced_at.desc(), Contest.id.desc())
        .limit(MOST)
    ).all()


def contests_page(*, before: int | None, with_drafts: bool, limit: int) -> Sequence[Contest]:
    """Contests, whole, the last made first; `before` is the number they begin before."""
    query = select(Contest).options(*whole()).order_by(Contest.id.desc()).limit(limit)
    if not with_drafts:
        query = query.where(Contest.announced_at.is_not(None))
    if before is not None:
        query = query.where(Contest.id < before)
    return db.session.scalars(query).all()


def desk_contests() -> Sequence[Contest]:
    """Every contest, the last made first, with its phases and people."""
    return db.session.scalars(
        select(Contest)
        .options(selectinload(Contest.phases), selectinload(Contest.people), joinedload(Contest.series))
        .order_by(Contest.id.desc())
        .limit(MOST)
    ).all()


def sort_of_entries(contest_ids: Sequence[int]) -> dict[int, int]:
    """How many entries take part in each of these contests."""
    rows = db.session.execute(
        select(Entry.contest_id, func.count())
        .where(
            Entry.contest_id.in_(contest_ids), Entry.submitted_at.is_not(None), Entry.withdrawn_at.is_(None)
        )
        .group_by(Entry.contest_id)
    ).all()
    return {contest_id: count for contest_id, count in rows}  # noqa: C416 - rows are no pairs to the type checker


def series() -> Sequence[ContestSeries]:
    """Every series, by its address."""
    return db.session.scalars(select(ContestSeries).order_by(ContestSeries.slug).limit(MOST)).all()


def acts_of(contest_id: int) -> Sequence[ContestAct]:
    """What happened to a contest, the last first."""
    return db.session.scalars(
        select(ContestAct)
        .where(ContestAct.contest_id == contest_id)
        .order_by(ContestAct.id.desc())
        .limit(MOST)
    ).all()


def is_following(contest_id: int, person_id: int) -> bool:
    """Whether somebody asked to be reminded."""
    return db.session.get(ContestFollower, (contest_id, person_id)) is not None


def due_phases(at: datetime) -> Sequence[int]:
    """Numbers of phases that began or ended and nobody did yet what follows from it, in the order they were due."""
    begins = (ContestPhase.opened_at.is_(None)) & (ContestPhase.starts_at <= at)
    ends = (ContestPhase.closed_at.is_(None)) & (ContestPhase.ends_at <= at)
    return db.session.scalars(
        select(ContestPhase.id)
        .join(Contest, Contest.id == ContestPhase.contest_id)
        .where(or_(begins, ends), Contest.announced_at.is_not(None), Contest.cancelled_at.is_(None))
        .order_by(ContestPhase.starts_at, ContestPhase.position)
        .limit(MOST)
    ).all()


def phases_to_remind_of(at: datetime, *, within: timedelta, kind: str = "entries") -> Sequence[int]:
    """Numbers of phases of one kind that end soon."""
    return db.session.scalars(
        select(ContestPhase.id).where(
            ContestPhase.kind == kind, ContestPhase.ends_at > at, ContestPhase.ends_at <= at + within
        )
    ).all()
