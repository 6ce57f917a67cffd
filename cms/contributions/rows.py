"""Contributions as lists and boxes show them: with state, deadline in words, and whether they are late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_datetime, format_timedelta

from cms.contributions import states
from cms.contributions.models import Contribution
from cms.core.walltime import zone_named


@dataclass(frozen=True)
class Deadline:
    """When something is due: the instant, the same exactly in its zone, and how far away it is."""

    at: datetime
    exactly: str
    distance: str


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    one: Contribution
    state: tuple[Any, str]  # the word, and how it is drawn
    role: Any
    deadline: Deadline | None
    is_late: bool


def deadline(contribution: Contribution, at: datetime) -> Deadline | None:
    """The deadline in words, in the zone it was given in."""
    due_at, zone = contribution.due_at, contribution.due_zone or "UTC"
    if due_at is None:
        return None
    exactly = format_datetime(due_at.astimezone(zone_named(zone)), "medium", rebase=False)
    return Deadline(due_at, f"{exactly} ({zone})", _distance(due_at - at))


def described(contributions: Iterable[Contribution], at: datetime) -> list[Row]:
    """Each with what is said about it. Needs post and latest text loaded."""
    return [
        Row(
            one=one,
            state=states.NAMES[states.state_of(one, _latest_hash(one), at)],
            role=states.ROLE_NAMES[one.role],
            deadline=deadline(one, at),
            is_late=states.is_late(one, at),
        )
        for one in contributions
    ]


def _distance(away: timedelta) -> str:
    """`in 5 hours`, `in 10 days`, `in 3 months`: never a rounded week, which says too little about a deadline."""
    if abs(away) < timedelta(days=2):
        return str(format_timedelta(away, add_direction=True, threshold=1.2))
    return str(format_timedelta(away, granularity="day", add_direction=True, threshold=9))


def _latest_hash(one: Contribution) -> str | None:
    return one.post.latest.content_hash if one.post.latest else None
