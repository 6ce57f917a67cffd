"""What a batch comes to, put together by what it is about: added to the site, the campaign, the post and the link, to the
hour and the day, to the channel and to all channels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.engagement.store.clicking import CHANNEL, PLACE
from campaigns.engagement.store.columns import Batch
from campaigns.engagement.store.events import ALL, CAMPAIGN, COLUMNS, HOUR, LINK, POST, SITE
from campaigns.engagement.store.grouping import Numbers, add, distinct, group, lists

PEOPLE, ENGAGED, CLICKERS = range(3)  # metrics, as in METRICS
WIDTH = len(COLUMNS)
VIEWS, READERS, SECONDS, CLICKS, VERIFIED = range(5)  # the first of COLUMNS
NOBODY = -1  # a post, link or campaign that there is not, in columns


@dataclass
class Sums:
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
class About:
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
    def of(cls, batch: Batch, verified: Sequence[Sequence[Any]]) -> "About":
        """Of a batch, and of clicks."""
        channels = list(dict.fromkeys((*batch.channel.words, *(one[CHANNEL] for one in verified), ALL)))
        number = {name: code for code, name in enumerate(channels)}
        post, link, campaign = (
            batch.place.become(itemgetter(which)).each(lambda one: NOBODY if one is None else one)
            for which in range(3)
        )
        columns = (batch.at // HOUR, batch.day, batch.campaign_day, link, post, campaign)
        more: Sequence[Any] = list(zip(*(one[PLACE] for one in verified), strict=True)) or [()] * len(columns)
        hour, day, campaign_day, link, post, campaign = (
            np.append(column, np.array([NOBODY if one is None else one for one in some], np.int64))
            for column, some in zip(columns, more, strict=True)
        )
        known = np.array([number[one[CHANNEL]] for one in verified], np.int64)
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


def spread_counts(
    batch: Batch, sums: Sums, about: About, first_day: int
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Rows of hours and of days."""
    rows = np.concatenate((*sums.rows, np.arange(len(batch), len(about.hour))))
    columns = np.concatenate((*sums.columns, np.full(len(sums.verified), VERIFIED)))
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


def spread_splits(batch: Batch, sums: Sums, about: About, first_day: int) -> list[tuple[Any, ...]]:
    """Scope, subject, day, dimension, key, and counts of what people did."""
    rows, columns, amounts = (np.concatenate(one) for one in (sums.rows, sums.columns, sums.amounts))
    people = columns <= CLICKS
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


def spread_people(batch: Batch, sums: Sums, about: About, first_day: int) -> People:
    rows = np.concatenate([some for _, some in sums.people])
    metrics = np.concatenate([np.full(len(some), metric) for metric, some in sums.people])
    is_told = batch.visitor[rows] != 0
    rows, metrics = rows[is_told], metrics[is_told]
    told_apart, who = distinct(batch.visitor[rows])
    visitors = batch.visitor[rows[told_apart]]
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


def windows_of(batch: Batch, sums: Sums, first_day: int) -> list[tuple[int, int]]:
    rows = np.concatenate([some for _, some in sums.people])
    rows = np.append(rows[batch.visitor[rows] != 0], np.array(sums.fact_rows, np.int64))
    found: set[tuple[int, int]] = set()
    for days in (batch.day[rows], batch.campaign_day[rows]):
        first, _ = group((days, batch.window[rows]))
        found.update(lists((days[first], batch.window[rows][first])))
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
