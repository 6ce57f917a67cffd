"""Places and winners. Readers see places once they are preliminary, winners on the home page once they are final."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from cms.contests.models import Contest, ContestPlace, ContestPrize, Entry, EntryAuthor
from cms.core.database import db
from cms.posts.models import Post


@dataclass(frozen=True)
class Winner:
    """An entry with a prize, as readers see it."""

    entry_id: int
    place: int
    prize: dict[str, str] | None
    title: str
    language: str
    authors: tuple[tuple[str, str], ...]  # name and handle
    post: Post | None  # when it was published here

    @property
    def names(self) -> str:
        """Its authors in one line."""
        return ", ".join(name for name, _handle in self.authors)


def places_of(contest_id: int) -> Sequence[ContestPlace]:
    """Every place, best first; who was disqualified stands at the end."""
    return db.session.scalars(
        select(ContestPlace)
        .join(Entry, Entry.id == ContestPlace.entry_id)
        .where(ContestPlace.contest_id == contest_id, Entry.withdrawn_at.is_(None))
        .options(
            joinedload(ContestPlace.prize),
            joinedload(ContestPlace.entry).options(
                joinedload(Entry.snapshot),
                joinedload(Entry.published),
                selectinload(Entry.authors).joinedload(EntryAuthor.person),
            ),
        )
        .order_by(ContestPlace.disqualified_for != "", ContestPlace.place, ContestPlace.entry_id)
    ).all()


def winners(contest_id: int) -> list[Winner]:
    """Entries that won a prize, best first."""
    return [
        _winner(one) for one in places_of(contest_id) if one.prize_id is not None and not one.disqualified_for
    ]


def hall_of_fame(*, limit: int = 100) -> list[tuple[Contest, list[Winner]]]:
    """Finished contests with their winners, the last first; in a fixed number of queries."""
    contests = db.session.scalars(
        select(Contest)
        .where(Contest.results_state == "final", Contest.announced_at.is_not(None))
        .options(joinedload(Contest.series))
        .order_by(Contest.final_at.desc(), Contest.id.desc())
        .limit(limit)
    ).all()
    if not contests:
        return []
    rows = db.session.scalars(
        select(ContestPlace)
        .join(Entry, Entry.id == ContestPlace.entry_id)
        .join(ContestPrize, ContestPrize.id == ContestPlace.prize_id)
        .where(
            ContestPlace.contest_id.in_([one.id for one in contests]),
            ContestPlace.disqualified_for == "",
            Entry.withdrawn_at.is_(None),
        )
        .options(
            joinedload(ContestPlace.prize),
            joinedload(ContestPlace.entry).options(
                joinedload(Entry.snapshot),
                joinedload(Entry.published),
                selectinload(Entry.authors).joinedload(EntryAuthor.person),
            ),
        )
        .order_by(ContestPlace.place, ContestPlace.entry_id)
    ).all()
    return [(one, [_winner(row) for row in rows if row.contest_id == one.id]) for one in contests]


def _winner(row: ContestPlace) -> Winner:
    entry = row.entry
    people = [one.person for one in entry.authors if one.accepted_at is not None]
    return Winner(
        entry_id=entry.id,
        place=row.place,
        prize=row.prize.name if row.prize else None,
        title=entry.snapshot.title if entry.snapshot else entry.title,
        language=entry.language,
        authors=tuple((one.name, one.handle) for one in people),
        post=entry.published if entry.published and entry.published.is_live else None,
    )
