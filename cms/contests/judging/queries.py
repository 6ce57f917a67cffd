"""What jurors, voters, organisers and auditors read. Jurors read nothing here that says who wrote an entry."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from cms.contests.judging.blinding import Author, Hint, blind, hints
from cms.contests.judging.models import (
    Certificate,
    EntryLikeness,
    Judging,
    JuryAssignment,
    JuryRecusal,
    JuryScore,
    JurySeat,
    Vote,
    Voter,
)
from cms.contests.judging.services.voting import order_for, person_key
from cms.contests.models import Contest, ContestPhase, ContestRole, Entry, EntryAuthor, EntrySnapshot
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.markup import render_markdown
from cms.people.models import Person

MOST = 500


@dataclass(frozen=True)
class BlindEntry:
    """An entry as jurors and voters get it: a place in their own order, a text, and no trace of who wrote it."""

    entry_id: int
    position: int
    title: str
    body: str  # Markdown, covered
    language: str
    word_count: int
    content_hash: str
    hints: Sequence[Hint] = ()


@dataclass(frozen=True)
class Task:
    """One entry on a juror's list."""

    position: int
    title: str
    is_scored: bool
    is_begun: bool


@dataclass(frozen=True)
class SeatProgress:
    """How far one seat is."""

    seat: JurySeat
    assigned: int
    scored: int
    recused: int


@dataclass(frozen=True)
class Progress:
    """How far the jury is, for organisers: never what it gave."""

    seats: Sequence[SeatProgress]
    entries: int
    scored_enough: int
    without_juror: Sequence[int] = field(default_factory=tuple)

    @property
    def assigned(self) -> int:
        """Scores that are asked for."""
        return sum(one.assigned for one in self.seats)

    @property
    def scored(self) -> int:
        """Scores that are there and complete."""
        return sum(one.scored for one in self.seats)


def find_contest(slug: str) -> Contest | None:
    """The contest at this address with its phases, if readers may see it."""
    query = select(Contest).where(Contest.slug == slug, Contest.announced_at.is_not(None))
    return db.session.scalar(query.options(selectinload(Contest.phases)))


def get_contest(contest_id: int) -> Contest:
    """A contest with its phases and who has a role in it; raises `NotFound`."""
    parts = (selectinload(Contest.phases), selectinload(Contest.people))
    found = db.session.scalar(select(Contest).where(Contest.id == contest_id).options(*parts))
    if found is None:
        raise NotFound
    return found


def titles_of(contest_id: int) -> dict[int, str]:
    """What the entries of a contest are called."""
    rows = db.session.execute(
        select(Entry.id, EntrySnapshot.title)
        .join(EntrySnapshot, (EntrySnapshot.entry_id == Entry.id) & (EntrySnapshot.version == Entry.version))
        .where(Entry.contest_id == contest_id)
    )
    return {number: title for number, title in rows}  # noqa: C416 - rows are no pairs to the type checker


def find_judging(contest_id: int) -> Judging | None:
    """How a contest is judged."""
    return db.session.get(Judging, contest_id)


def get_seat(seat_id: int) -> JurySeat:
    """A seat with its contest; raises `NotFound`."""
    seat = db.session.scalar(
        select(JurySeat)
        .where(JurySeat.id == seat_id)
        .options(joinedload(JurySeat.contest).selectinload(Contest.phases))
    )
    if seat is None:
        raise NotFound
    return seat


def seats_of_person(person_id: int) -> Sequence[JurySeat]:
    """The juries somebody sits on, the latest first."""
    return db.session.scalars(
        select(JurySeat)
        .where(JurySeat.person_id == person_id, JurySeat.left_at.is_(None))
        .options(joinedload(JurySeat.contest).selectinload(Contest.phases))
        .order_by(JurySeat.id.desc())
        .limit(MOST)
    ).all()


def juries_to_come(person_id: int) -> Sequence[Contest]:
    """Contests that somebody is asked to judge and in which no seat is theirs yet, the latest first."""
    seated = select(JurySeat.contest_id).where(JurySeat.person_id == person_id)
    return db.session.scalars(
        select(Contest)
        .join(ContestRole, ContestRole.contest_id == Contest.id)
        .where(
            ContestRole.person_id == person_id,
            ContestRole.role == "juror",
            Contest.cancelled_at.is_(None),
            Contest.id.not_in(seated),
        )
        .options(selectinload(Contest.phases))
        .order_by(Contest.id.desc())
        .limit(MOST)
    ).all()


def tasks_of(seat_id: int) -> list[Task]:
    """What a seat is to score, in its own order."""
    rows = db.session.execute(
        select(JuryAssignment, JuryScore.is_complete, JuryScore.id)
        .outerjoin(
            JuryScore,
            (JuryScore.seat_id == JuryAssignment.seat_id) & (JuryScore.entry_id == JuryAssignment.entry_id),
        )
        .where(JuryAssignment.seat_id == seat_id)
        .options(*_blind_task_parts())
        .order_by(JuryAssignment.position)
    ).all()
    return [
        Task(
            row.position, blind_entry(row.entry, row.position).title, bool(is_complete), score_id is not None
        )
        for row, is_complete, score_id in rows
        if row.entry.is_accepted
    ]


@dataclass(frozen=True)
class Given:
    """An entry on a juror's list, as organisers see it. What has marks stays with its juror."""

    entry_id: int
    title: str
    has_marks: bool


def entries_of_seat(seat_id: int) -> list[Given]:
    """What a seat is to score, by the numbers of entries."""
    rows = db.session.execute(
        select(JuryAssignment.entry_id, EntrySnapshot.title, JuryScore.id)
        .join(Entry, Entry.id == JuryAssignment.entry_id)
        .join(EntrySnapshot, (EntrySnapshot.entry_id == Entry.id) & (EntrySnapshot.version == Entry.version))
        .outerjoin(
            JuryScore,
            (JuryScore.seat_id == JuryAssignment.seat_id) & (JuryScore.entry_id == JuryAssignment.entry_id),
        )
        .where(JuryAssignment.seat_id == seat_id, Entry.withdrawn_at.is_(None))
        .order_by(JuryAssignment.entry_id)
    )
    return [Given(entry_id, title, score_id is not None) for entry_id, title, score_id in rows]


def get_certificate(contest_id: int, certificate_id: int) -> Certificate:
    """A certificate of this contest; raises `NotFound`."""
    found = db.session.get(Certificate, certificate_id)
    if found is None or found.contest_id != contest_id:
        raise NotFound
    return found


def get_task(seat_id: int, position: int) -> BlindEntry:
    """The entry at this place of a seat's list, without who wrote it; raises `NotFound`."""
    row = db.session.scalar(
        select(JuryAssignment)
        .where(JuryAssignment.seat_id == seat_id, JuryAssignment.position == position)
        .options(*_blind_task_parts())
    )
    if row is None or not row.entry.is_accepted:
        raise NotFound
    return blind_entry(row.entry, position)


def find_score(seat_id: int, entry_id: int) -> JuryScore | None:
    """The marks a seat gave an entry so far."""
    return db.session.scalar(
        select(JuryScore).where(JuryScore.seat_id == seat_id, JuryScore.entry_id == entry_id)
    )


def blind_entry(entry: Entry, position: int) -> BlindEntry:
    """The sealed text with everything covered that names its authors. Needs `_blind_parts`."""
    snapshot = entry.snapshot
    if snapshot is None:
        raise NotFound
    authors = [author_of(one.person) for one in entry.authors]
    return BlindEntry(
        entry.id,
        position,
        blind(snapshot.title, authors),
        blind(snapshot.body, authors),
        snapshot.language,
        snapshot.word_count,
        snapshot.content_hash,
        [Hint(one.kind, blind(one.passage, authors)) for one in hints(snapshot.body, authors)],
    )


def blind_html(body: str) -> str:
    """The covered text as clean HTML."""
    return render_markdown(body).html


def author_of(person: Person) -> Author:
    """What names this person."""
    others = tuple(one for one in person.headline.values() if len(one) > 3)
    return Author(person.name, person.handle, person.email or "", others)


def progress(contest_id: int) -> Progress:
    """How far the jury is. Three queries, however many there are."""
    seats = db.session.scalars(
        select(JurySeat)
        .where(JurySeat.contest_id == contest_id)
        .options(joinedload(JurySeat.person))
        .order_by(JurySeat.id)
    ).all()
    numbers = [one.id for one in seats]
    assigned = _counts(select(JuryAssignment.seat_id, func.count()), JuryAssignment.seat_id, numbers)
    complete = select(JuryScore.seat_id, func.count()).where(JuryScore.is_complete)
    scored = _counts(complete, JuryScore.seat_id, numbers)
    recused = _counts(select(JuryRecusal.seat_id, func.count()), JuryRecusal.seat_id, numbers)
    return Progress(
        [
            SeatProgress(one, assigned.get(one.id, 0), scored.get(one.id, 0), recused.get(one.id, 0))
            for one in seats
        ],
        *_coverage(contest_id),
    )


def comments_waiting(contest_id: int) -> Sequence[JuryScore]:
    """Jurors' comments to entrants that nobody looked at, the oldest first."""
    return db.session.scalars(
        select(JuryScore)
        .join(JurySeat, JurySeat.id == JuryScore.seat_id)
        .where(JurySeat.contest_id == contest_id, JuryScore.comment_state == "waiting")
        .order_by(JuryScore.saved_at, JuryScore.id)
        .limit(MOST)
    ).all()


def comments_for_entrant(entry_id: int) -> list[str]:
    """What jurors say to who wrote it: let through, and only once names are open."""
    rows = select(JuryScore.comment).join(Entry, Entry.id == JuryScore.entry_id)
    rows = rows.join(Judging, Judging.contest_id == Entry.contest_id)
    return list(
        db.session.scalars(
            rows.where(
                JuryScore.entry_id == entry_id,
                JuryScore.comment_state == "approved",
                Judging.opened_at.is_not(None),
            ).order_by(JuryScore.id)
        )
    )


def ballot_paper(contest_id: int, person_id: int) -> tuple[list[BlindEntry], set[int]]:
    """The entries in this voter's own order, and the numbers of those they voted for."""
    rows = db.session.scalars(
        select(Entry)
        .where(Entry.contest_id == contest_id, Entry.submitted_at.is_not(None), Entry.withdrawn_at.is_(None))
        .options(*_blind_parts())
    )
    entries = {one.id: one for one in rows if one.is_accepted}
    order = order_for(contest_id, person_id, list(entries))
    mine = db.session.scalars(
        select(Vote.entry_id)
        .join(Voter, Voter.id == Vote.voter_id)
        .where(Voter.contest_id == contest_id, Voter.person_key == person_key(contest_id, person_id))
    )
    return [blind_entry(entries[one], place) for place, one in enumerate(order, 1)], entries.keys() & set(
        mine
    )


def voters_set_aside(contest_id: int) -> list[tuple[Voter, int]]:
    """Voters who are held or void, with how many votes they gave: for the auditor."""
    count = select(func.count()).where(Vote.voter_id == Voter.id).scalar_subquery()
    rows = db.session.execute(
        select(Voter, count)
        .where(Voter.contest_id == contest_id, Voter.state != "counted")
        .order_by(Voter.id)
        .limit(MOST)
    )
    return [(voter, number) for voter, number in rows]


def contests_to_seal(at: datetime) -> Sequence[int]:
    """Contests whose jury is over and whose scores are not sealed."""
    return db.session.scalars(
        select(Judging.contest_id)
        .join(ContestPhase, ContestPhase.contest_id == Judging.contest_id)
        .join(Contest, Contest.id == Judging.contest_id)
        .where(
            Judging.scores_sealed_at.is_(None),
            ContestPhase.kind == "jury",
            ContestPhase.ends_at <= at,
            Contest.cancelled_at.is_(None),
            Contest.announced_at.is_not(None),
        )
        .order_by(Judging.contest_id)
        .limit(MOST)
    ).all()


def find_certificate(code: str) -> Certificate | None:
    """The certificate with this code, whether it still holds or not."""
    return db.session.scalar(
        select(Certificate)
        .where(Certificate.code == code.upper())
        .options(joinedload(Certificate.contest).joinedload(Contest.series))
    )


def certificates_of(contest_id: int) -> Sequence[Certificate]:
    """Every certificate of a contest, in the order they were issued."""
    return db.session.scalars(
        select(Certificate).where(Certificate.contest_id == contest_id).order_by(Certificate.id).limit(MOST)
    ).all()


def likenesses_of(contest_id: int) -> Sequence[EntryLikeness]:
    """What entries have in common, the most first."""
    return db.session.scalars(
        select(EntryLikeness)
        .join(Entry, Entry.id == EntryLikeness.entry_id)
        .where(Entry.contest_id == contest_id)
        .order_by(EntryLikeness.contained.desc(), EntryLikeness.id)
        .limit(MOST)
    ).all()


def _counts(
    query: Select[int, int], column: InstrumentedAttribute[int], numbers: list[int]
) -> dict[int, int]:
    rows = db.session.execute(query.where(column.in_(numbers)).group_by(column)).all()
    return {number: count for number, count in rows}  # noqa: C416 - rows are no pairs to the type checker


def _coverage(contest_id: int) -> tuple[int, int, tuple[int, ...]]:
    """How many entries there are, how many have every score that is asked for, and which have no juror at all."""
    assigned = select(func.count()).where(JuryAssignment.entry_id == Entry.id).scalar_subquery()
    scored = (
        select(func.count()).where(JuryScore.entry_id == Entry.id, JuryScore.is_complete).scalar_subquery()
    )
    rows = db.session.execute(
        select(Entry, assigned, scored).where(
            Entry.contest_id == contest_id, Entry.submitted_at.is_not(None), Entry.withdrawn_at.is_(None)
        )
    ).all()
    accepted = [(entry, asked, there) for entry, asked, there in rows if entry.is_accepted]
    enough = sum(0 < asked <= there for _entry, asked, there in accepted)
    return len(accepted), enough, tuple(sorted(entry.id for entry, asked, _there in accepted if not asked))


def _blind_parts() -> list[ORMOption]:
    return [joinedload(Entry.snapshot), selectinload(Entry.authors).joinedload(EntryAuthor.person)]


def _blind_task_parts() -> list[ORMOption]:
    entry = joinedload(JuryAssignment.entry)
    authors = joinedload(JuryAssignment.entry).selectinload(Entry.authors)
    return [entry.joinedload(Entry.snapshot), authors.joinedload(EntryAuthor.person)]
