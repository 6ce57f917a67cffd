"""Telling people, and their choices about being told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from cms.core.database import db, insert_into
from cms.core.walltime import zone_named
from cms.notices.kinds import NoticeKind, known_kinds
from cms.notices.models import Notice, NoticeChoice
from cms.people.events import PersonErased
from cms.people.models import GUEST, Person
from cms.people.queries import zone_of

GATHERING = timedelta(minutes=2)  # what happens within it goes out as one mail
DIGEST_HOUR = 8  # on the reader's clock
READ_KEPT = timedelta(days=90)


def notify(
    kind: str,
    *,
    to: Iterable[int],
    subject: str,
    by: Person | None,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Tell these people, by number, that something happened to a subject (`post:12`), inside the running transaction.

    Never tells who did it (`by`), nor the same person twice the same thing about the same subject until they have read
    it: an unread notice counts once more and moves up instead. `detail` holds what the sentence needs: names and ids,
    never texts that may be hidden later. Whether they may see it is asked when it is shown, not here.
    """
    meant, told = known_kinds()[kind], set(to) - ({by.id} if by else set())
    people = _people(told)
    choices = choices_of([one.id for one in people], [kind])
    rows = [
        {
            "person_id": person.id,
            "kind": kind,
            "subject": subject,
            "detail": detail or {},
            "by_id": by.id if by else None,
            "times": 1,
            "told_at": at,
            "is_on_desk": choice.is_on_desk,
            "mail_due_at": mail_due(choice.by_mail, zone_of(person), at=at),
        }
        for person in people
        for choice in [choices.get((person.id, kind)) or usual_choice(person.id, meant)]
        if choice.is_on_desk or choice.by_mail != "never"
    ]
    if rows:
        _tell(rows)


def mark_read(
    person_id: int, *, notice_ids: Iterable[int] | None = None, until: datetime, at: datetime
) -> int:
    """Note that somebody has seen these of their notices (or all) that were told until then; gives their number.

    What is read is not mailed any more.
    """
    query = update(Notice).where(
        Notice.person_id == person_id, Notice.read_at.is_(None), Notice.told_at <= until
    )
    if notice_ids is not None:
        query = query.where(Notice.id.in_(list(notice_ids)))
    done = db.session.execute(query.values(read_at=at, mail_due_at=None))
    return int(done.rowcount)  # type: ignore[attr-defined]


def choose(person_id: int, kind: str, *, by_mail: str, is_on_desk: bool) -> None:
    """Set how somebody wants one kind of news. What was to be mailed and is not wanted any more is not mailed."""
    choice = db.session.get(NoticeChoice, (person_id, kind)) or NoticeChoice(person_id=person_id, kind=kind)
    choice.by_mail, choice.is_on_desk = by_mail, is_on_desk
    db.session.add(choice)
    db.session.flush()
    if by_mail == "never":
        _unmail(person_id, kind)


def stop_mail(person_id: int, kinds: Iterable[str]) -> None:
    """No more mail about these kinds; on the desk they stay as they are."""
    known = known_kinds()
    wanted = [key for key in kinds if key in known]
    chosen = choices_of([person_id], wanted)
    for key in wanted:
        choice = chosen.get((person_id, key)) or usual_choice(person_id, known[key])
        choose(person_id, key, by_mail="never", is_on_desk=choice.is_on_desk)


def forget_read(*, at: datetime) -> int:
    """Remove what was read long ago; gives the number."""
    gone = db.session.execute(delete(Notice).where(Notice.read_at < at - READ_KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def mail_due(by_mail: str, zone: str, *, at: datetime) -> datetime | None:
    """When something told at this instant is mailed: soon, at the next 08:00 on the reader's clock, or never."""
    if by_mail == "never":
        return None
    if by_mail == "now":
        return at + GATHERING
    local = at.astimezone(zone_named(zone))
    morning = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if morning <= local:
        morning += timedelta(days=1)  # of the wall, whatever the clocks do tonight
    return morning.astimezone(at.tzinfo)


def usual_choice(person_id: int, kind: NoticeKind) -> NoticeChoice:
    """How this kind goes to somebody who chose nothing; a row that is not stored."""
    return NoticeChoice(person_id=person_id, kind=kind.key, by_mail=kind.by_mail, is_on_desk=True)


def choices_of(person_ids: Iterable[int], kinds: Iterable[str]) -> dict[tuple[int, str], NoticeChoice]:
    """What these people chose about these kinds, by person and kind."""
    query = select(NoticeChoice).where(
        NoticeChoice.person_id.in_(list(person_ids)), NoticeChoice.kind.in_(list(kinds))
    )
    return {(one.person_id, one.kind): one for one in db.session.scalars(query)}


def _people(person_ids: Iterable[int]) -> list[Person]:
    """Those who can be told: with an account, and not disabled."""
    query = select(Person).where(
        Person.id.in_(list(person_ids)), Person.disabled_at.is_(None), Person.role != GUEST
    )
    return list(db.session.scalars(query.order_by(Person.id)))


def _tell(rows: list[dict[str, Any]]) -> None:
    new = insert_into(Notice).values(rows)
    again = {
        "detail": new.excluded.detail,
        "by_id": new.excluded.by_id,
        "told_at": new.excluded.told_at,
        "times": Notice.times + 1,
    }
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=["person_id", "kind", "subject"], index_where=Notice.read_at.is_(None), set_=again
        )
    )


def _unmail(person_id: int, kind: str) -> None:
    waiting = update(Notice).where(
        Notice.person_id == person_id, Notice.kind == kind, Notice.mail_due_at.is_not(None)
    )
    db.session.execute(waiting.values(mail_due_at=None))


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: what others were told of them goes, as it says their name. What they were told goes with
    their row."""
    about = (Notice.by_id == fact.person_id) | (Notice.subject == f"person:{fact.person_id}")
    db.session.execute(delete(Notice).where(about))
