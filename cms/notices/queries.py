"""Reading what somebody was told. What they may not see at this moment is left out, also of the count."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, literal, select, tuple_
from sqlalchemy.orm import load_only

from cms.core.database import Instant, db
from cms.core.errors import NotFound
from cms.notices.kinds import known_kinds
from cms.notices.models import Notice, NoticeChoice
from cms.people.models import Person

MOST_COUNTED = 100  # beyond it the number is of no use to anybody
Key = tuple[datetime, int]


@dataclass(frozen=True)
class Choice:
    """How one kind goes to somebody: as they chose, or as it goes by itself."""

    kind: str
    label: str
    by_mail: str
    is_on_desk: bool


def get_notice(notice_id: int, *, person: Person) -> Notice:
    """One of this person's own notices, about something they may see."""
    found = db.session.scalar(select(Notice).where(Notice.id == notice_id, Notice.person_id == person.id))
    if found is None or not visible_to(person, [found]):
        raise NotFound
    return found


def notices(
    person: Person,
    *,
    is_unread: bool = False,
    kind: str | None = None,
    before: Key | None = None,
    limit: int = 50,
) -> Sequence[Notice]:
    """What the desk tells somebody, last told first; `before` is the `(told_at, id)` the last page ended with.

    Also those they may not see any more, so that a page has its length: give it to `visible_to`.
    """
    query = _on_desk(person).order_by(Notice.told_at.desc(), Notice.id.desc()).limit(limit)
    if is_unread:
        query = query.where(Notice.read_at.is_(None))
    if kind is not None:
        query = query.where(Notice.kind == kind)
    if before is not None:
        last = tuple_(literal(before[0], Instant()), literal(before[1]))
        query = query.where(tuple_(Notice.told_at, Notice.id) < last)
    return db.session.scalars(query).all()


def count_unread(person: Person) -> int:
    """How many unread notices somebody may see, counted up to a hundred."""
    query = _on_desk(person).where(Notice.read_at.is_(None)).order_by(Notice.told_at.desc())
    only = load_only(Notice.kind, Notice.subject)
    return len(visible_to(person, db.session.scalars(query.options(only).limit(MOST_COUNTED)).all()))


def visible_to(person: Person, rows: Iterable[Notice]) -> list[Notice]:
    """Those of somebody's notices that they may see now, in the same order; each kind is asked once."""
    rows, kinds = list(rows), known_kinds()
    subjects: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        subjects[row.kind].add(row.subject)
    seen = {key: kinds[key].seen_by(person, about) for key, about in subjects.items() if key in kinds}
    return [row for row in rows if row.subject in seen.get(row.kind, ())]


def choices(person: Person) -> list[Choice]:
    """How every kind that concerns this person goes to them, in the order of the kinds."""
    query = select(NoticeChoice).where(NoticeChoice.person_id == person.id)
    made = {one.kind: one for one in db.session.scalars(query)}
    return [
        Choice(
            kind=key,
            label=str(kind.label),
            by_mail=made[key].by_mail if key in made else kind.by_mail,
            is_on_desk=made[key].is_on_desk if key in made else True,
        )
        for key, kind in known_kinds().items()
        if kind.concerns(person)
    ]


def people_to_mail(*, at: datetime, limit: int = 50) -> Sequence[int]:
    """Numbers of people for whom something is due to be mailed."""
    query = select(Notice.person_id).where(Notice.mail_due_at <= at).distinct().limit(limit)
    return db.session.scalars(query).all()


def _on_desk(person: Person) -> Select[Notice]:
    return select(Notice).where(Notice.person_id == person.id, Notice.is_on_desk.is_(True))
