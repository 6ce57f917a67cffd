"""Entries: one's own, and those of a contest for who runs it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from cms.contests.models import Contest, Entry, EntryAuthor
from cms.core.database import db
from cms.core.errors import NotFound
from cms.posts.models import Byline, Post, Revision

PAGE_LENGTH = 50


@dataclass(frozen=True)
class Progress:
    """How far a contest is, in numbers of entries."""

    begun: int  # every row, whatever became of it
    unfinished: int
    submitted: int  # and not withdrawn
    withdrawn: int
    unchecked: int
    accepted: int
    asked: int
    refused: int
    appeals: int  # that wait for a decision
    late: int

    @property
    def checked_share(self) -> int:
        """How many of a hundred are checked."""
        return round(100 * (self.submitted - self.unchecked) / self.submitted) if self.submitted else 0


def _with_people() -> list[ORMOption]:
    contest = selectinload(Entry.contest)
    return [
        selectinload(Entry.authors).joinedload(EntryAuthor.person),
        joinedload(Entry.snapshot),
        contest.selectinload(Contest.phases),
        contest.selectinload(Contest.rules),
        contest.selectinload(Contest.people),
        contest.joinedload(Contest.series),
    ]


def get_entry(entry_id: int) -> Entry:
    """The entry with this number, its authors, its snapshot and its contest."""
    entry = db.session.scalar(select(Entry).where(Entry.id == entry_id).options(*_with_people()))
    if entry is None:
        raise NotFound
    return entry


def entry_of_person(contest_id: int, person_id: int) -> Sequence[Entry]:
    """What somebody entered or began in one contest, or was asked to enter together."""
    return db.session.scalars(
        select(Entry)
        .join(EntryAuthor, EntryAuthor.entry_id == Entry.id)
        .where(
            Entry.contest_id == contest_id,
            EntryAuthor.person_id == person_id,
            EntryAuthor.declined_at.is_(None),
        )
        .order_by(Entry.id)
    ).all()


def own_entries(person_id: int) -> Sequence[Entry]:
    """Everything somebody entered or began, the last first."""
    return db.session.scalars(
        select(Entry)
        .join(EntryAuthor, EntryAuthor.entry_id == Entry.id)
        .where(EntryAuthor.person_id == person_id, EntryAuthor.declined_at.is_(None))
        .options(*_with_people())
        .order_by(Entry.id.desc())
        .limit(PAGE_LENGTH)
    ).all()


def entries_of(contest_id: int) -> Sequence[Entry]:
    """Every entry that takes part, in the order of their numbers, with authors and snapshots."""
    return db.session.scalars(
        select(Entry)
        .where(Entry.contest_id == contest_id, Entry.submitted_at.is_not(None), Entry.withdrawn_at.is_(None))
        .options(*_with_people())
        .order_by(Entry.id)
    ).all()


def entries_at_desk(contest_id: int, *, state: str = "", before: int | None = None) -> Sequence[Entry]:
    """Entries for who runs the contest, the last first; one more than a page when there are more."""
    query = select(Entry).where(Entry.contest_id == contest_id)
    took_part = Entry.submitted_at.is_not(None) & Entry.withdrawn_at.is_(None)
    narrowed = {
        "": Entry.submitted_at.is_not(None),
        "unchecked": took_part & Entry.verdict.is_(None),
        "accepted": took_part & (Entry.verdict == "accepted"),
        "asked": took_part & (Entry.verdict == "asked"),
        "refused": took_part & (Entry.verdict == "refused"),
        "appeals": took_part & Entry.appealed_at.is_not(None) & Entry.appeal_verdict.is_(None),
        "withdrawn": Entry.withdrawn_at.is_not(None),
    }
    query = query.where(narrowed.get(state, narrowed[""]))
    if before is not None:
        query = query.where(Entry.id < before)
    return db.session.scalars(
        query.options(*_with_people()).order_by(Entry.id.desc()).limit(PAGE_LENGTH + 1)
    ).all()


def progress(contest_id: int) -> Progress:
    """How far a contest is."""
    took_part = Entry.submitted_at.is_not(None) & Entry.withdrawn_at.is_(None)
    waits = took_part & Entry.appealed_at.is_not(None) & Entry.appeal_verdict.is_(None)
    row = db.session.execute(
        select(
            func.count(),
            *(
                func.coalesce(func.sum(case((what, 1), else_=0)), 0)
                for what in (
                    Entry.submitted_at.is_(None) & Entry.withdrawn_at.is_(None),
                    took_part,
                    Entry.withdrawn_at.is_not(None),
                    took_part & Entry.verdict.is_(None),
                    took_part & ((Entry.verdict == "accepted") | (Entry.appeal_verdict == "upheld")),
                    took_part & (Entry.verdict == "asked"),
                    took_part
                    & (Entry.verdict == "refused")
                    & func.coalesce(Entry.appeal_verdict != "upheld", True),
                    waits,
                    took_part & Entry.is_late,
                )
            ),
        ).where(Entry.contest_id == contest_id)
    ).one()
    return Progress(*(int(one) for one in row))


def candidates(person_id: int) -> Sequence[Post]:
    """What somebody published and may enter: articles and notes in Markdown that carry their name, the last first."""
    return db.session.scalars(
        select(Post)
        .join(Byline, Byline.post_id == Post.id)
        .join(Revision, Revision.id == Post.live_revision_id)
        .where(
            Byline.person_id == person_id,
            Byline.role == "author",
            Byline.live_at.is_not(None),
            Post.kind.in_(("article", "note")),
            Revision.format == "markdown",
        )
        .options(joinedload(Post.live).load_only(Revision.title, Revision.word_count))
        .order_by(Byline.live_at.desc(), Post.id.desc())
        .limit(PAGE_LENGTH)
    ).all()
