"""What the store knows of what readers did, asked in few calls."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, TypeVar

from campaigns.engagement.installing import store
from campaigns.engagement.store import ALL, CAMPAIGN, Cell, Fact, Reach
from campaigns.reports.definitions import DONE
from campaigns.reports.shapes import Subject

Key = TypeVar("Key", bound=Hashable)
People = Literal["people", "people_engaged", "clickers"]
By = Literal["channel", "country", "language", "device"]
KINDS = (*(kind for kinds in DONE.values() for kind in kinds), "answer")
DAY = timedelta(days=1)


def span(subjects: Sequence[Subject]) -> tuple[date, date]:
    """The first day any of them is looked at, and the day after the last."""
    return min(one.since for one in subjects), max(one.until for one in subjects) + DAY


def days_of(subjects: Sequence[Subject], *, by: By | None = None) -> dict[int, list[Cell]]:
    """The cells of each campaign on its days, in the order of days."""
    since, until = span(subjects)
    of: dict[int, list[Cell]] = {one.id: [] for one in subjects}
    known = {one.id: one for one in subjects}
    for cell in store().daily(CAMPAIGN, list(of), since=since, until=until, by=by):
        if known[cell.subject].since <= cell.day <= known[cell.subject].until:
            of[cell.subject].append(cell)
    return of


def facts_of(subjects: Sequence[Subject], *, since: date) -> list[Fact]:
    """What people did on purpose with each campaign from a day on."""
    until = max(one.until for one in subjects) + DAY
    ids = [one.id for one in subjects]
    return store().facts(campaigns=ids, posts=None, since=min(since, until), until=until, kinds=KINDS)


def reach_of(
    subjects: Sequence[Subject], *, metric: People = "people", channel: str = ALL
) -> dict[int, Reach]:
    """Different people of each campaign on its days: one call for all that have the same days."""
    return reach_by_channel(subjects, [channel], metric=metric)[channel]


def reach_by_channel(
    subjects: Sequence[Subject], channels: Collection[str], *, metric: People = "people"
) -> dict[str, dict[int, Reach]]:
    """The same for each of several channels."""
    found: dict[str, dict[int, Reach]] = {channel: {} for channel in channels}
    for (since, until), some in _by_days(subjects).items():
        groups: Mapping[Hashable, Collection[int]] = {one.id: [one.id] for one in some}
        told = store().reach_by_channel(
            CAMPAIGN, groups, channels, since=since, until=until + DAY, metric=metric
        )
        for channel, of in told.items():
            found[channel] |= {one.id: of[one.id] for one in some if one.id in of}
    return found


def _by_days(subjects: Sequence[Subject]) -> dict[tuple[date, date], list[Subject]]:
    alike: dict[tuple[date, date], list[Subject]] = {}
    for one in subjects:
        if one.days:
            alike.setdefault((one.since, one.until), []).append(one)
    return alike
