"""Reading unsaved texts, and who is at a subject now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from cms.core.database import db
from cms.core.errors import NotFound
from cms.drafts.models import Draft

# A browser calls in every ten seconds, but a tab in the background only once a minute, and a sleeping laptop not at all.
QUIET_AFTER = timedelta(seconds=75)
GONE_AFTER = timedelta(minutes=5)
WRITING_FOR = timedelta(seconds=60)  # after the last edit
MOST_PRESENT = 20


@dataclass(frozen=True)
class Presence:
    """Somebody at a subject. `state` is "writing", "viewing", "idle", or "away" for one who left unsaved text behind."""

    draft_id: int
    person_id: int
    name: str
    state: str
    since: datetime  # of the visit; of the text when they are away
    has_unsaved: bool
    tab: str


def find_draft(person_id: int, subject: str, tab: str) -> Draft | None:
    """What this tab holds."""
    return db.session.scalar(
        select(Draft).where(Draft.person_id == person_id, Draft.subject == subject, Draft.tab == tab)
    )


def find_by_id(draft_id: int) -> Draft | None:
    """One row, with whose it is, when there is one."""
    return db.session.scalar(select(Draft).where(Draft.id == draft_id).options(joinedload(Draft.person)))


def get_draft(draft_id: int) -> Draft:
    """One row, with whose it is."""
    draft = find_by_id(draft_id)
    if draft is None:
        raise NotFound
    return draft


def own_tabs(person_id: int, subject: str, *, limit: int = 20) -> Sequence[Draft]:
    """What this person's tabs hold of a subject, also those that hold nothing any more; last kept first."""
    return db.session.scalars(
        select(Draft)
        .where(Draft.person_id == person_id, Draft.subject == subject)
        .order_by(Draft.kept_at.desc().nulls_last(), Draft.id.desc())
        .limit(limit)
    ).all()


def unsaved_texts(person_id: int, *, limit: int = 8) -> Sequence[Draft]:
    """Everything this person typed and did not save, last kept first."""
    return db.session.scalars(
        select(Draft)
        .where(Draft.person_id == person_id, Draft.kept_at.is_not(None), Draft.discarded_at.is_(None))
        .order_by(Draft.kept_at.desc(), Draft.id.desc())
        .limit(limit)
    ).all()


def present(subject: str, *, tab: str = "", at: datetime) -> list[Presence]:
    """Who is at a subject now or left unsaved text there, besides the tab that asks; last seen first."""
    rows = db.session.scalars(
        select(Draft)
        .where(
            Draft.subject == subject,
            Draft.discarded_at.is_(None),
            (Draft.seen_at > at - GONE_AFTER) | Draft.kept_at.is_not(None),
        )
        .options(joinedload(Draft.person), defer(Draft.fields, raiseload=True))
        .order_by(Draft.seen_at.desc(), Draft.id)
        .limit(MOST_PRESENT)
    ).all()
    here = [_presence(row, at) for row in rows if row.has_text or row.left_at is None]
    return _once_each(here, tab)


def _once_each(rows: Sequence[Presence], tab: str) -> list[Presence]:
    """Every unsaved text, and everybody else once; rows come last seen first. `tab` is the one that asks."""
    told = {row.person_id for row in rows if row.has_unsaved and row.tab != tab}
    found = []
    for row in rows:
        if row.tab == tab:
            continue
        if row.has_unsaved or row.person_id not in told:
            told.add(row.person_id)
            found.append(row)
    return found


def _presence(row: Draft, at: datetime) -> Presence:
    state = _state(row, at)
    return Presence(
        draft_id=row.id,
        person_id=row.person_id,
        name=row.person.name,
        state=state,
        since=row.kept_at if state == "away" and row.kept_at else row.began_at,
        has_unsaved=row.has_text,
        tab=row.tab,
    )


def _state(row: Draft, at: datetime) -> str:
    if row.left_at is not None or row.seen_at <= at - GONE_AFTER:
        return "away"
    if row.is_idle or row.seen_at <= at - QUIET_AFTER:
        return "idle"
    is_writing = row.kept_at is not None and row.kept_at > at - WRITING_FOR
    return "writing" if is_writing else "viewing"


def forgettable(*, empty_before: datetime, before: datetime, limit: int = 200) -> Sequence[int]:
    """Numbers of rows nobody needs: discarded or never written in before `empty_before`, or silent since `before`."""
    is_over = (Draft.seen_at < before) | (Draft.discarded_at < empty_before) | (Draft.sequence == 0)
    return db.session.scalars(
        select(Draft.id).where(Draft.seen_at < empty_before, is_over).order_by(Draft.seen_at).limit(limit)
    ).all()
