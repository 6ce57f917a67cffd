"""Which phase a contest is in, from the clock alone."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.contests import phases
from cms.contests.models import PHASES, Contest, ContestPhase

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def contest(*kinds: str, grace: int = 0, announced: bool = True) -> Contest:
    """Each phase one day, one after another."""
    made = Contest(grace_minutes=grace, announced_at=START if announced else None)
    made.phases = [
        ContestPhase(
            kind=kind,
            position=PHASES.index(kind),
            starts_at=START + number * DAY,
            ends_at=None if kind == "results" else START + (number + 1) * DAY,
        )
        for number, kind in enumerate(kinds)
    ]
    return made


WHOLE = contest(*PHASES)


@pytest.mark.parametrize(("days", "kind"), [*enumerate(PHASES), (90, "results")])
def test_the_clock_decides_the_phase(days: int, kind: str) -> None:
    assert phases.stage(WHOLE, START + days * DAY) == kind


def test_a_phase_is_open_from_its_first_instant_and_not_at_its_end() -> None:
    end = START + 2 * DAY
    second = timedelta(seconds=1)
    assert [phases.is_open(WHOLE, "entries", at) for at in (START + DAY, end - second, end)] == [
        True,
        True,
        False,
    ]
    assert [phases.is_open(WHOLE, "check", at) for at in (end - second, end)] == [False, True]


def test_nothing_is_open_before_it_is_announced_or_once_cancelled() -> None:
    draft = contest(*PHASES, announced=False)
    stopped = contest(*PHASES)
    stopped.cancelled_at = START
    at = START + DAY
    assert (phases.is_open(draft, "entries", at), phases.stage(draft, at)) == (False, "draft")
    assert (phases.is_open(stopped, "entries", at), phases.stage(stopped, at)) == (False, "cancelled")


def test_a_missing_phase_is_behind_a_contest_when_a_later_one_began() -> None:
    short = contest("entries", "jury", "results")
    assert not phases.is_over(short, "check", START)
    assert phases.is_over(short, "check", START + DAY)


def test_between_phases_the_next_one_is_counted_down_to() -> None:
    gap = contest("entries", "jury", "results")
    gap.phases[1].starts_at = START + DAY + timedelta(hours=5)
    at = START + DAY + timedelta(hours=1)
    assert phases.stage(gap, at) == "between"
    assert phases.next_moment(gap, at) == ("jury", "opens", START + DAY + timedelta(hours=5))
    assert phases.next_moment(gap, START) == ("entries", "closes", START + DAY)


@pytest.mark.parametrize(
    ("begun", "handed_in", "answer"),
    [
        (-60, -1, "in_time"),
        (-60, 0, "late"),
        (-1, 599, "late"),
        (-1, 600, None),
        (0, 1, None),
        (-60, -90_000, None),
    ],
)
def test_what_was_begun_in_time_may_end_within_the_grace(
    begun: int, handed_in: int, answer: str | None
) -> None:
    one = contest("entries", "results", grace=10)
    deadline = START + DAY
    seconds = [deadline + timedelta(seconds=value) for value in (begun, handed_in)]
    assert phases.takes_entry(one, *seconds) == answer


def test_without_a_grace_the_deadline_is_sharp() -> None:
    one = contest("entries", "results")
    assert phases.takes_entry(one, START, START + DAY - timedelta(microseconds=1)) == "in_time"
    assert phases.takes_entry(one, START, START + DAY) is None


def test_phases_follow_each_other_and_only_the_vote_may_run_beside_the_jury() -> None:
    assert phases.clashes(WHOLE.phases) == []
    beside = contest(*PHASES)
    beside.phases[4].starts_at = beside.phases[3].starts_at
    assert phases.clashes(beside.phases) == []
    early = contest(*PHASES)
    early.phases[3].starts_at = early.phases[1].starts_at
    assert {(one.earlier, one.later) for one in phases.clashes(early.phases)} == {
        ("entries", "jury"),
        ("check", "jury"),
    }
