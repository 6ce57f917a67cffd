"""Adding up: what events change, given what is known of their views and clicks. Pure, and the same for new events and
for raw that is added up again.

A view counts once however often it is sent, each delta of its reading time once, each click once, each verified click
once, and each fact that carries a number once. It does not matter which of a view and its deltas, or of a click and its
view, is read first.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from campaigns.engagement.lines import number_of
from campaigns.engagement.store.clicking import follow_clicks
from campaigns.engagement.store.columns import CLICK, FACT, LOST, READ, VIEW, Batch
from campaigns.engagement.store.events import COLUMNS, month_at
from campaigns.engagement.store.grouping import Numbers
from campaigns.engagement.store.spreading import (
    CLICKERS,
    CLICKS,
    ENGAGED,
    PEOPLE,
    READERS,
    SECONDS,
    VIEWS,
    About,
    People,
    Sums,
    spread_counts,
    spread_people,
    spread_splits,
    windows_of,
)
from campaigns.engagement.store.viewing import Views, follow_views

_FOR_PEOPLE = ("feed:", "mailbox:")  # programs that read for people
_INDEX = {name: index for index, name in enumerate(COLUMNS)}
_COLUMN_OF = {
    "human": -1,
    "preview": _INDEX["previews"],
    "prefetch": _INDEX["machines"],
    "scanner": _INDEX["machines"],
    "crawler": _INDEX["machines"],
    "staff": _INDEX["staff"],
    "unknown": _INDEX["unknown"],
}


@dataclass
class State:
    """What is known of the views, clicks, facts and visitors that events speak of; and rows of what has changed."""

    views: Views = field(default_factory=lambda: Views.of([]))
    clicks: dict[str, list[Any]] = field(default_factory=dict)
    facts: set[int] = field(default_factory=set)  # numbers of those that count once
    arrivals: dict[int, tuple[int, str]] = field(default_factory=dict)  # window and channel, by visitor
    new_views: list[tuple[Any, ...]] = field(default_factory=list)  # of which nothing was known
    changed_views: list[tuple[Any, ...]] = field(default_factory=list)
    new_clicks: list[tuple[Any, ...]] = field(default_factory=list)
    changed_clicks: list[list[Any]] = field(default_factory=list)
    changed_arrivals: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass
class Cells:
    """What the tables get: counts and people by scope, subject, time and channel."""

    hours: list[tuple[Any, ...]]
    days: list[tuple[Any, ...]]
    splits: list[tuple[Any, ...]]
    people: People
    facts: dict[tuple[int, int, int, str, str, str], list[int]]  # with the visitors of each
    windows: list[tuple[int, int]]
    dropped: int


def fold(batch: Batch, state: State, *, first_day: int = -1) -> Cells:
    """What a batch adds to the tables, of days from `first_day` on; and what has changed. Channels are known."""
    sums, kind = Sums(), batch.kind
    opened = _follow_views(batch, state, sums)
    _follow_clicks(batch, opened, state, sums)
    _count_machines(
        batch, np.flatnonzero((kind != VIEW) & (kind != READ) & (kind != CLICK) & (kind < FACT)), sums
    )
    _add_facts(batch, np.flatnonzero(kind == FACT), state, sums)
    lost = [batch.line(row).value for row in np.flatnonzero(kind == LOST).tolist()]
    about = About.of(batch, sums.verified)
    hours, days = spread_counts(batch, sums, about, first_day)
    return Cells(
        hours,
        days,
        spread_splits(batch, sums, about, first_day),
        spread_people(batch, sums, about, first_day),
        {key: visitors for key, visitors in sums.facts.items() if key[2] >= first_day},
        windows_of(batch, sums, first_day),
        sum(int(one) for one in lost if one.isdecimal()),
    )


def fact_number(value: str, view: int) -> int:
    """Under which a fact that counts once is known among views: of what was done and its own number."""
    return number_of(f"{value}\n{view}")


def _follow_views(batch: Batch, state: State, sums: Sums) -> Numbers:
    """Gives the rows of views that were not opened before."""
    found = follow_views(batch, state.views)
    state.new_views, state.changed_views = found.new, found.changed
    sums.count(found.read, SECONDS, found.seconds)
    sums.count(found.engaged, READERS)
    sums.people.append((ENGAGED, found.engaged))
    opened = np.append(found.opened, np.flatnonzero((batch.kind == VIEW) & (batch.view == 0)))
    _count(batch, opened, VIEWS, PEOPLE, sums)
    return opened


def _follow_clicks(batch: Batch, opened: Numbers, state: State, sums: Sums) -> None:
    found = follow_clicks(batch, opened, state.clicks)
    state.new_clicks, state.changed_clicks = found.new, found.changed
    sums.verified = found.verified
    _count(batch, found.first, CLICKS, CLICKERS, sums)


def _count(batch: Batch, rows: Numbers, column: int, metric: int, sums: Sums) -> None:
    """People in their column and among the people of the metric, machines in theirs."""
    counted = rows[batch.is_human[rows] & (batch.again[rows] == 0)]
    sums.count(counted, column)
    sums.people.append((metric, counted))
    _count_machines(batch, rows, sums)


def _count_machines(batch: Batch, rows: Numbers, sums: Sums) -> None:
    rows = rows[~batch.is_human[rows]]
    sums.count(rows, batch.verdict.each(lambda told: _COLUMN_OF[told[0]])[rows])


def _add_facts(batch: Batch, rows: Numbers, state: State, sums: Sums) -> None:
    for row in rows.tolist():
        event = batch[row]
        line = event.line
        if event.verdict != "human" and not line.agent.startswith(_FOR_PEOPLE):
            continue
        if line.view:
            number = fact_number(line.value, line.view)
            if number in state.facts:
                continue
            state.facts.add(number)
            state.new_views.append((number, month_at(line.at), line.at, event.channel, 1, 0, 0, 0, 0))
        kind, _, key = line.value.partition(":")
        day = event.day if event.campaign is None else event.campaign_day
        about = (event.campaign or 0, event.post or 0, day, event.channel, kind[:24], key)
        sums.facts.setdefault(about, []).append(line.visitor)
        sums.fact_rows.append(row)
