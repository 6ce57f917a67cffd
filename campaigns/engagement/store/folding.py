"""Adding up: what events change, given what is known of their views and clicks. Pure, and the same for new events and
for raw that is added up again.

A view counts once however often it is sent, each delta of its reading time once, each click once, each verified click
once, and each fact that carries a number once. It does not matter which of a view and its deltas, or of a click and its
view, is read first.

Most views are alone: nobody spoke of them before, and nothing else in the batch does. They are counted by columns. What
belongs together (a view and its deltas, a click and the page it led to) is looked at one after the other. What came of it
is then put together by what it is about, and added to the site, the campaign, the post and the link, to the hour and the
day, to the channel and to all channels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import blake2b
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.engagement.store.columns import (
    CLICK,
    FACT,
    LOST,
    READ,
    VIEW,
    Batch,
    Flags,
    Numbers,
)
from campaigns.engagement.store.events import ALL, CAMPAIGN, COLUMNS, HOUR, LINK, POST, SITE
from campaigns.engagement.store.grouping import add, group, lists

ENGAGED_SECONDS = 10
LONGEST_VIEW = 3600  # seconds in sight that one view may add
LEEWAY = 2  # seconds by which a delta may be longer than the time since its view
PEOPLE, ENGAGED, CLICKERS = range(3)  # metrics, as in METRICS
WIDTH = len(COLUMNS)
_FOR_PEOPLE = ("feed:", "mailbox:")  # programs that read for people
NOBODY = -1  # a post, link or campaign that there is not, in columns
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
_VIEWS, _ENGAGED, _SECONDS, _CLICKS, _VERIFIED = range(5)
# Where things stand in the rows of `ev_views` and `ev_clicks`
_CHANNEL, _OPENED, _DELTAS, _IN_SIGHT, _IS_ENGAGED, _DEPTH = range(3, 9)
_C_CHANNEL, _C_HOUR, _C_HUMAN, _C_OPENED, _C_VERIFIED = 2, 3, 9, 10, 11


@dataclass
class State:
    """What is known of the views, clicks and visitors that events speak of, as rows by id; and what has changed."""

    views: dict[int, list[Any]] = field(default_factory=dict)
    clicks: dict[str, list[Any]] = field(default_factory=dict)
    arrivals: dict[int, tuple[int, str]] = field(default_factory=dict)  # window and channel, by visitor
    changed_views: set[int] = field(default_factory=set)
    changed_clicks: set[str] = field(default_factory=set)
    changed_arrivals: set[int] = field(default_factory=set)
    new_views: list[tuple[Any, ...]] = field(default_factory=list)  # of which nothing else is known


@dataclass
class _Sums:
    """What events come to, each a row of the batch, a column and a number; and who is told apart."""

    rows: list[Numbers] = field(default_factory=list)
    columns: list[Numbers] = field(default_factory=list)
    amounts: list[Numbers] = field(default_factory=list)
    people: list[tuple[int, Numbers]] = field(default_factory=list)  # metric, and rows of the batch
    verified: list[list[Any]] = field(default_factory=list)  # clicks, as they are known
    facts: dict[tuple[int, int, int, str, str, str], list[int]] = field(default_factory=dict)
    fact_rows: list[int] = field(default_factory=list)

    def count(self, rows: Numbers, columns: Numbers | int, amounts: Numbers | int = 1) -> None:
        """So much in that column of each of these rows."""
        self.rows.append(rows)
        self.columns.append(np.broadcast_to(np.asarray(columns, np.int64), rows.shape))
        self.amounts.append(np.broadcast_to(np.asarray(amounts, np.int64), rows.shape))


@dataclass
class People:
    """Different people of each cell: cells as columns, then the visitors of all of them, cell after cell."""

    cells: list[tuple[int, int, int, str, int]]  # scope, subject, metric, channel, day
    ends: list[int]  # where the visitors of each cell end
    of: Numbers  # visitors, as places in `visitors`
    visitors: Numbers


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
    """What a batch adds to the tables, of days from `first_day` on; and change what is known. Channels are known."""
    sums, kind = _Sums(), batch.kind
    rows = np.flatnonzero(_is_first(batch, state, sums))
    _count_views(batch, rows, sums)
    _follow_clicks(batch, rows, state, sums)
    _count_machines(
        batch, np.flatnonzero((kind != VIEW) & (kind != READ) & (kind != CLICK) & (kind < FACT)), sums
    )
    _add_facts(batch, np.flatnonzero(kind == FACT), state, sums)
    lost = [batch.line(row).value for row in np.flatnonzero(kind == LOST).tolist()]
    about = _About.of(batch, sums.verified)
    hours, days = _spread_counts(batch, sums, about, first_day)
    return Cells(
        hours,
        days,
        _spread_splits(batch, sums, about, first_day),
        _spread_people(batch, sums, about, first_day),
        {key: visitors for key, visitors in sums.facts.items() if key[2] >= first_day},
        _windows(batch, sums, first_day),
        sum(int(one) for one in lost if one.isdecimal()),
    )


def month_at(at: int) -> int:
    """The month of an instant in milliseconds, UTC."""
    return _month(at // HOUR)


def months(at: Numbers) -> Numbers:
    """The month of each."""
    hours, of = np.unique(at // HOUR, return_inverse=True)
    return np.array([_month(hour) for hour in hours.tolist()], np.int64)[of]


def fact_number(value: str, view: int) -> int:
    """Under which a fact that counts once is known among views: of what was done and its own number."""
    said = f"{value}\n{view}".encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest()) >> 1


def _is_first(batch: Batch, state: State, sums: _Sums) -> Flags:
    """Which rows are views that were not opened before; and count the reading time of all."""
    kind, view = batch.kind, batch.view
    is_view = (kind == VIEW) & (view != 0)
    rows = np.flatnonzero(is_view | (kind == READ))
    _, of, many = np.unique(view[rows], return_inverse=True, return_counts=True)
    is_alone = is_view[rows] & (many[of] == 1)
    if state.views:
        is_alone &= ~np.isin(view[rows], np.fromiter(state.views, np.int64, len(state.views)))
    alone = rows[is_alone]
    alone = alone[np.argsort(view[alone])]  # rows are written in the order of their keys
    nought = np.zeros(len(alone), np.int64)
    names = np.array(batch.channel.words, object)[batch.channel.codes[alone]]
    opened = 1 + batch.again[alone]
    state.new_views = lists(
        (view[alone], months(batch.at[alone]), batch.at[alone], names, opened, *(nought,) * 4)
    )
    is_first: Flags = (kind == VIEW) & (view == 0)
    is_first[alone] = True
    is_first[_look_at_views(batch, rows[~is_alone], state, sums)] = True
    return is_first


def _look_at_views(batch: Batch, rows: Numbers, state: State, sums: _Sums) -> list[int]:
    """Views and deltas that belong together, one after the other; gives the rows of views that are new."""
    views, channels = state.views, batch.channel.words
    opened, timed, seconds_of, engaged = [], [], [], []
    columns = (batch.view, batch.at, batch.kind, batch.sequence, batch.seconds, batch.depth)
    told = (batch.is_human, batch.again, batch.channel.codes, months(batch.at[rows]))
    values = zip(*(one[rows].tolist() for one in (*columns, *told[:3])), told[3].tolist(), strict=True)
    state.changed_views.update(batch.view[rows].tolist())
    for row, (number, at, kind, sequence, seconds, depth, is_human, again, channel, month) in zip(
        rows.tolist(), values, strict=True
    ):
        view = views.get(number)
        if view is None:
            view = views[number] = [number, month, at, channels[channel], 0, 0, 0, 0, 0]
        if kind == VIEW:
            if not view[_OPENED]:
                view[_OPENED] = 1 + again
                opened.append(row)
            continue
        bit = 1 << sequence
        if view[_DELTAS] & bit:
            continue
        view[_DELTAS] |= bit
        if not is_human:
            continue
        seconds = min(seconds, LONGEST_VIEW - view[_IN_SIGHT])
        if view[_OPENED]:  # nobody reads for longer than the page is open
            seconds = min(seconds, (at - view[2]) // 1000 + LEEWAY - view[_IN_SIGHT])
        view[_DEPTH] = max(view[_DEPTH], depth)
        if seconds <= 0:
            continue
        view[_IN_SIGHT] += seconds
        timed.append(row)
        seconds_of.append(seconds)
        if view[_IN_SIGHT] >= ENGAGED_SECONDS and not view[_IS_ENGAGED] and view[_OPENED] != 2:
            view[_IS_ENGAGED] = 1
            engaged.append(row)
    sums.count(np.array(timed, np.int64), _SECONDS, np.array(seconds_of, np.int64))
    sums.count(np.array(engaged, np.int64), _ENGAGED)
    sums.people.append((ENGAGED, np.array(engaged, np.int64)))
    return opened


def _count_views(batch: Batch, rows: Numbers, sums: _Sums) -> None:
    counted = rows[batch.is_human[rows] & (batch.again[rows] == 0)]
    sums.count(counted, _VIEWS)
    sums.people.append((PEOPLE, counted))
    _count_machines(batch, rows, sums)


def _count_machines(batch: Batch, rows: Numbers, sums: _Sums) -> None:
    rows = rows[~batch.is_human[rows]]
    sums.count(rows, batch.verdict.each(lambda told: _COLUMN_OF[told[0]])[rows])


def _follow_clicks(batch: Batch, views: Numbers, state: State, sums: _Sums) -> None:
    """Clicks, and pages that were opened with the number of one."""
    opening = views[batch.has_click[views] & batch.is_human[views]]
    clicks = batch.kind == CLICK
    rows = np.sort(np.append(opening, np.flatnonzero(clicks & batch.has_click)))
    if state.clicks or len(opening) or len(set(batch.click[rows].tolist())) < len(rows):
        new = _look_at_clicks(batch, rows, state, sums)
    else:
        new = rows.tolist()
        state.clicks = {row[0]: row for row in map(list, _new_clicks(batch, rows))}
        state.changed_clicks = set(state.clicks)
    first = np.sort(np.append(np.array(new, np.int64), np.flatnonzero(clicks & ~batch.has_click)))
    counted = first[batch.is_human[first] & (batch.again[first] == 0)]
    sums.count(counted, _CLICKS)
    sums.people.append((CLICKERS, counted))
    _count_machines(batch, first, sums)


def _look_at_clicks(batch: Batch, rows: Numbers, state: State, sums: _Sums) -> list[int]:
    """One after the other; gives the rows of clicks that are new."""
    new = []
    columns = batch.kind[rows].tolist(), batch.is_human[rows].tolist()
    state.changed_clicks.update(batch.click[rows].tolist())
    for row, kind, is_human, said in zip(rows.tolist(), *columns, _new_clicks(batch, rows), strict=True):
        click = state.clicks.get(said[0])
        if click is None:
            nothing = (None,) * (_C_HUMAN - _C_HOUR)
            click = state.clicks[said[0]] = [*said[:_C_HOUR], *nothing, 0, 0, 0]
        if kind != CLICK:
            click[_C_OPENED] = 1
        elif click[_C_HOUR] is None:
            click[_C_CHANNEL:_C_OPENED] = *said[_C_CHANNEL:_C_HUMAN], int(is_human)
            new.append(row)
        else:
            continue
        if click[_C_HUMAN] and click[_C_OPENED] and not click[_C_VERIFIED]:
            click[_C_VERIFIED] = 1
            sums.verified.append(click)
    return new


def _new_clicks(batch: Batch, rows: Numbers) -> Iterator[tuple[Any, ...]]:
    """As rows of `ev_clicks`, of clicks that nobody spoke of before."""
    post, link, campaign = zip(*batch.place.words, strict=True) if batch.place.words else ((), (), ())
    of = batch.place.codes[rows].tolist()
    at = batch.at[rows]
    nought = [0] * len(rows)
    return zip(
        batch.click[rows].tolist(), months(at).tolist(), batch.channel.take(rows).list(), (at // HOUR).tolist(),
        batch.day[rows].tolist(), batch.campaign_day[rows].tolist(), map(link.__getitem__, of),
        map(post.__getitem__, of), map(campaign.__getitem__, of), batch.is_human[rows].astype(int).tolist(), nought, nought,
        strict=True,
    )  # fmt: skip


def _add_facts(batch: Batch, rows: Numbers, state: State, sums: _Sums) -> None:
    for row in rows.tolist():
        event = batch[row]
        line = event.line
        if event.verdict != "human" and not line.agent.startswith(_FOR_PEOPLE):
            continue
        if line.view:
            number = fact_number(line.value, line.view)
            if number in state.views:
                continue
            state.changed_views.add(number)
            state.views[number] = [number, month_at(line.at), line.at, event.channel, 1, 0, 0, 0, 0]
        kind, _, key = line.value.partition(":")
        day = event.day if event.campaign is None else event.campaign_day
        about = (event.campaign or 0, event.post or 0, day, event.channel, kind[:24], key)
        sums.facts.setdefault(about, []).append(line.visitor)
        sums.fact_rows.append(row)


@dataclass
class _About:
    """What each row is about, in columns; verified clicks, some of which are known from before, are rows at the end."""

    hour: Numbers
    day: Numbers
    campaign_day: Numbers
    post: Numbers
    link: Numbers
    campaign: Numbers
    channel: Numbers
    channels: list[str]

    @classmethod
    def of(cls, batch: Batch, verified: Sequence[Sequence[Any]]) -> "_About":
        """Of a batch, and of clicks."""
        channels = list(dict.fromkeys((*batch.channel.words, *(one[_C_CHANNEL] for one in verified), ALL)))
        number = {name: code for code, name in enumerate(channels)}
        post, link, campaign = (
            batch.place.become(itemgetter(which)).each(lambda one: NOBODY if one is None else one)
            for which in range(3)
        )
        columns = (batch.at // HOUR, batch.day, batch.campaign_day, link, post, campaign)
        more: Sequence[Any] = list(zip(*(one[_C_HOUR:_C_HUMAN] for one in verified), strict=True)) or [
            ()
        ] * len(columns)
        hour, day, campaign_day, link, post, campaign = (
            np.append(column, np.array([NOBODY if one is None else one for one in some], np.int64))
            for column, some in zip(columns, more, strict=True)
        )
        known = np.array([number[one[_C_CHANNEL]] for one in verified], np.int64)
        channel = np.append(batch.channel.each(number.__getitem__), known)
        return cls(hour, day, campaign_day, post, link, campaign, channel, channels)

    def places(self, rows: Numbers) -> list[tuple[int, Numbers, Numbers, Numbers]]:
        """Scope, which of these rows lie in it, their subjects there, and their days."""
        found = [(SITE, np.arange(len(rows)), np.zeros(len(rows), np.int64), self.day[rows])]
        for scope, subject, day in (
            (CAMPAIGN, self.campaign, self.campaign_day),
            (POST, self.post, self.day),
            (LINK, self.link, self.day),
        ):
            some = np.flatnonzero(subject[rows] != NOBODY)
            found.append((scope, some, subject[rows[some]], day[rows[some]]))
        return found

    def columns(self, rows: Numbers) -> list[Numbers]:
        """All but the hour and the channel."""
        return [one[rows] for one in (self.day, self.campaign_day, self.post, self.link, self.campaign)]


def _spread_counts(
    batch: Batch, sums: _Sums, about: _About, first_day: int
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Rows of hours and of days."""
    rows = np.concatenate((*sums.rows, np.arange(len(batch), len(about.hour))))
    columns = np.concatenate((*sums.columns, np.full(len(sums.verified), _VERIFIED)))
    amounts = np.concatenate((*sums.amounts, np.ones(len(sums.verified), np.int64)))
    first, of = group((about.hour[rows], about.channel[rows], *about.columns(rows)))
    counts = _matrix(of, columns, amounts, len(first))
    rows = rows[first]
    hours, days, of_hours = [], [], []
    for scope, some, subject, day in about.places(rows):
        for channel in (about.channel[rows[some]], np.full(len(some), about.channels.index(ALL))):
            where = np.full(len(some), scope), subject
            hours.append((*where, about.hour[rows[some]], channel))
            days.append((*where, day, channel))
            of_hours.append(counts[some])
    numbers = np.concatenate(of_hours)
    return (
        _as_rows(hours, numbers, about.channels),
        [row for row in _as_rows(days, numbers, about.channels) if row[2] >= first_day],
    )


def _as_rows(
    parts: Sequence[tuple[Numbers, ...]], numbers: NDArray[np.int64], words: list[str]
) -> list[tuple[Any, ...]]:
    keys, counts = add([np.concatenate(one) for one in zip(*parts, strict=True)], numbers)
    return lists((*keys[:-1], np.array(words, object)[keys[-1]], *counts.T))


def _matrix(of: Numbers, columns: Numbers, amounts: Numbers, many: int) -> NDArray[np.int64]:
    """Counts of so many groups; exact, as no sum of a batch comes near to 2**53."""
    flat = np.bincount(of * WIDTH + columns, weights=amounts, minlength=many * WIDTH)
    return flat.reshape(-1, WIDTH).astype(np.int64)


def _spread_splits(batch: Batch, sums: _Sums, about: _About, first_day: int) -> list[tuple[Any, ...]]:
    """Scope, subject, day, dimension, key, and counts of what people did."""
    rows, columns, amounts = (np.concatenate(one) for one in (sums.rows, sums.columns, sums.amounts))
    people = columns <= _CLICKS
    rows, columns, amounts = rows[people], columns[people], amounts[people]
    browsers = batch.browser.become(lambda one: _of_browser(one[0], one[2], one[3]))
    countries = batch.origin.become(lambda one: _of_country(one[1]))
    columns_of = (*about.columns(rows), browsers.codes[rows], countries.codes[rows])
    first, of = group(columns_of)
    counts = _matrix(of, columns, amounts, len(first))
    rows = rows[first]
    made: list[tuple[Any, ...]] = []
    for words, which in ((countries, 0), (browsers, 0), (browsers, 1), (browsers, 2)):
        parts = words.become(itemgetter(which))
        known = np.array([key != ("", "") for key in parts.words], np.bool_)[parts.codes[rows]]
        where, numbers = [], []
        for scope, some, subject, day in about.places(rows[known]):
            where.append((np.full(len(some), scope), subject, day, parts.codes[rows[known]][some]))
            numbers.append(counts[known][some])
        keys, total = add([np.concatenate(one) for one in zip(*where, strict=True)], np.concatenate(numbers))
        scopes, subjects, days, codes = (one.tolist() for one in keys)
        made += [
            (scope, subject, day, *parts.words[code], *row)
            for scope, subject, day, code, row in zip(
                scopes, subjects, days, codes, total.tolist(), strict=True
            )
            if day >= first_day
        ]
    return made


def _spread_people(batch: Batch, sums: _Sums, about: _About, first_day: int) -> People:
    rows = np.concatenate([some for _, some in sums.people])
    metrics = np.concatenate([np.full(len(some), metric) for metric, some in sums.people])
    is_told = batch.visitor[rows] != 0
    rows, metrics = rows[is_told], metrics[is_told]
    visitors, who = np.unique(batch.visitor[rows], return_inverse=True)
    first, _ = group((metrics, about.channel[rows], who, *about.columns(rows)))
    rows, metrics, who = rows[first], metrics[first], who[first]
    parts = []
    for scope, some, subject, day in about.places(rows):
        for channel in (about.channel[rows[some]], np.full(len(some), about.channels.index(ALL))):
            parts.append((np.full(len(some), scope), subject, metrics[some], channel, day, who[some]))
    columns = [np.concatenate(one) for one in zip(*parts, strict=True)]
    first, _ = group(columns)
    columns = [one[first] for one in columns]
    late = columns[4] >= first_day
    columns = [one[late] for one in columns]
    starts, of = group(columns[:5])
    ends = np.cumsum(np.bincount(of, minlength=len(starts)))
    cells = [one[starts] for one in columns[:5]]
    cells[3] = np.array(about.channels, object)[cells[3]]
    return People(lists(cells), ends.tolist(), columns[5], visitors)


def _windows(batch: Batch, sums: _Sums, first_day: int) -> list[tuple[int, int]]:
    rows = np.concatenate([some for _, some in sums.people])
    rows = np.append(rows[batch.visitor[rows] != 0], np.array(sums.fact_rows, np.int64))
    found = {
        one
        for days in (batch.day, batch.campaign_day)
        for one in lists([some[rows] for some in (days, batch.window)])
    }
    return [one for one in found if one[0] >= first_day]


@cache
def _of_country(said: str) -> tuple[tuple[str, str], ...]:
    return (("country", said) if said in _countries() else ("", ""),)


@lru_cache(maxsize=65_536)
def _of_browser(referrer: str, language: str, device: str) -> tuple[tuple[str, str], ...]:
    """Dimensions and keys of what a reader's browser says, without what is not known."""
    said = (
        ("language", _language(language)),
        ("device", device if device != "?" else ""),
        ("referrer", referrer.partition("/")[0][:80]),
    )
    return tuple(one if one[1] else ("", "") for one in said)


@cache
def _languages() -> frozenset[str]:
    from babel import Locale

    return frozenset(name for name in map(str, Locale("en").languages) if len(name) in (2, 3))


@cache
def _countries() -> frozenset[str]:
    from babel import Locale

    return frozenset(name for name in map(str, Locale("en").territories) if len(name) == 2)


@cache
def _language(said: str) -> str:
    name = said.lower().partition("-")[0]
    return name if name in _languages() else ""


@cache
def _month(hour: int) -> int:
    return int(datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y%m"))
