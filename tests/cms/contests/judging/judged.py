"""Contests with entries and a jury, made row by row: what this room is told by others, it is simply given here."""

from datetime import datetime, timedelta

from cms.contests import seals
from cms.contests.judging import services
from cms.contests.judging.models import Judging, JurySeat
from cms.contests.judging.rubric import to_json
from cms.contests.judging.services import JudgingTerms
from cms.contests.models import Contest, ContestPhase, ContestRole, Entry, EntryAuthor, EntrySnapshot
from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from tests.cms.contests.judging.test_rubric import criterion
from tests.factories import make_person, save

RUBRIC = to_json([criterion("idea", 2), criterion("style", 1)])
DAY = timedelta(days=1)


def make_contest(slug: str = "expo", *, jury: int | None = 0, vote: int | None = None) -> Contest:
    """A blind contest whose entries are sealed. `jury` and `vote` say how many days ago those phases began; each is
    open for two days."""
    now = clock.now()
    contest = Contest(
        slug=slug,
        title={"en": "Expo and mobile", "zh": "世博与移动"},
        zone="Asia/Shanghai",
        created_at=now,
        edited_at=now,
        announced_at=now - 20 * DAY,
        sealed_at=now - 5 * DAY,
        phases=[_phase("entries", 1, now - 15 * DAY, now - 6 * DAY)],
    )
    for kind, position, began in (("jury", 3, jury), ("vote", 4, vote)):
        if began is not None:
            start = now - began * DAY - timedelta(hours=1)
            contest.phases.append(_phase(kind, position, start, start + 2 * DAY))
    return save(contest)


def _phase(kind: str, position: int, starts: datetime, ends: datetime) -> ContestPhase:
    wall = "2026-11-01T09:00"
    return ContestPhase(
        kind=kind, position=position, starts_at=starts, starts_wall=wall, ends_at=ends, ends_wall=wall
    )


def make_entry(
    contest: Contest, author: Person, title: str = "My phone", body: str = "It rang.", **fields: object
) -> Entry:
    """An accepted entry, sealed a while before the deadline."""
    at = clock.now() - 8 * DAY
    entry = save(
        Entry(
            contest_id=contest.id,
            person_id=author.id,
            language="en",
            title=title,
            body=body,
            begun_at=at,
            edited_at=at,
        )
    )
    text = {
        "entry_id": entry.id,
        "version": 1,
        "language": "en",
        "title": title,
        "body": body,
        "statement": "",
    }
    sealed = seals.seal(**text, rules=1)
    with transaction():
        entry.version, entry.sealed_hash, entry.submitted_at, entry.verdict = 1, sealed, at, "accepted"
        for name, value in fields.items():
            setattr(entry, name, value)
        db.session.add(
            EntryAuthor(
                entry_id=entry.id,
                contest_id=contest.id,
                person_id=author.id,
                position=0,
                slot=0,
                invited_at=at,
                accepted_at=at,
            )
        )
        db.session.add(
            EntrySnapshot(
                entry_id=entry.id,
                version=1,
                language="en",
                title=title,
                body=body,
                html=f"<p>{body}</p>",
                plain=body,
                statement="",
                word_count=2,
                rules_number=1,
                content_hash=sealed,
                sealed_at=at,
            )
        )
    return entry


def make_entries(contest: Contest, count: int) -> list[Entry]:
    """So many, each by somebody else."""
    return [
        make_entry(
            contest,
            make_person(f"Author {n}", "member", handle=f"author{contest.id}x{n}"),
            f"Story {n}",
            f"It rang {n} times.",
        )
        for n in range(count)
    ]


def judge(contest: Contest, jurors: int = 3, **terms: object) -> list[JurySeat]:
    """Say how it is judged, seat so many jurors and share the entries among them."""
    for n in range(jurors):
        person = make_person(f"Juror {n}", "expert", handle=f"juror{contest.id}x{n}")
        save(ContestRole(contest_id=contest.id, person_id=person.id, role="juror", added_at=clock.now()))
    set_rules(contest, **terms)
    with transaction():
        services.take_seats(contest.id, at=clock.now())
        if jurors:
            services.share_out(contest.id, by=None, at=clock.now())
    return seats(contest)


def set_rules(contest: Contest, **terms: object) -> Judging:
    """How it is judged."""
    with transaction():
        return services.set_judging(
            contest.id,
            JudgingTerms(**{"rubric": RUBRIC, **terms}),
            by=None,
            at=clock.now(),  # type: ignore[arg-type]
        )


def seats(contest: Contest) -> list[JurySeat]:
    """In the order they were taken."""
    return list(db.session.query(JurySeat).filter_by(contest_id=contest.id).order_by(JurySeat.id))


def score(seat: JurySeat, entry: Entry, idea: int | None, style: int | None, **more: object) -> None:
    """Marks of this seat."""
    with transaction():
        services.save_score(
            seat.id,
            entry.id,
            {"idea": idea, "style": style},
            **{"content_hash": entry.sealed_hash, "version": 0, "at": clock.now(), **more},  # type: ignore[arg-type]
        )


def voter(name: str, **fields: object) -> Person:
    """A member who may vote."""
    confirmed = {"email_confirmed_at": clock.now(), "created_at": clock.now() - 100 * DAY}
    return make_person(name, "member", handle=name.lower(), **{**confirmed, **fields})


def vote(contest: Contest, entry: Entry, by: Person, network: str = "192.0.2.7") -> None:
    """One vote."""
    with transaction():
        services.cast_vote(contest.id, entry.id, by=by, network=network, at=clock.now())
