"""Views, and the reading time that is said of them: each view counts once, and each delta once, whichever is read first.

All views of a batch are followed at once, by columns: of each its first delta, then of each its second, and so on. So a
batch takes as many steps as one view has deltas, and never more than there are bits for them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.engagement.store.columns import READ, VIEW, Batch, Flags
from campaigns.engagement.store.grouping import Numbers, distinct, group, lists

ENGAGED_SECONDS = 10
LONGEST_VIEW = 3600  # seconds in sight that one view may add
LEEWAY = 2  # seconds by which a delta may be longer than the time since its view
_LAST_DELTA = 62  # each has a bit of its own
_NOT_OPENED = 2**62  # later than all rows


@dataclass
class Views:
    """Views in the order of their numbers: the columns of `ev_views`."""

    number: Numbers
    month: Numbers
    first_at: Numbers
    channel: NDArray[Any]
    opened: Numbers
    deltas: Numbers
    seconds: Numbers
    engaged: Numbers
    depth: Numbers

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]]) -> "Views":
        """From rows in any order."""
        names = [one.name for one in fields(cls)]
        columns = zip(*sorted(rows, key=itemgetter(0)), strict=True) if rows else [()] * len(names)
        kinds = (object if name == "channel" else np.int64 for name in names)
        return cls(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))

    @classmethod
    def spoken_of(cls, batch: Batch, rows: Numbers, known: "Views") -> "Views":
        """Of these rows, of which each is about another view: what is known of it, or what a new one begins with."""
        nothing = (np.zeros(len(rows), np.int64) for _ in range(5))
        channels = np.array(batch.channel.words, object)[batch.channel.codes[rows]]
        made = cls(batch.view[rows], batch.month[rows], batch.at[rows], channels, *nothing)
        places = known.find(made.number)
        is_known = np.flatnonzero(places >= 0)
        for one in fields(cls):
            getattr(made, one.name)[is_known] = getattr(known, one.name)[places[is_known]]
        return made

    def find(self, numbers: Numbers) -> Numbers:
        """Where each of these stands; -1 where it is not."""
        if not len(self.number):
            return np.full(len(numbers), -1)
        places = np.minimum(np.searchsorted(self.number, numbers), len(self.number) - 1)
        return np.where(self.number[places] == numbers, places, -1)

    def rows(self, some: Flags) -> list[tuple[Any, ...]]:
        """Some of them, as the table takes them."""
        return lists([getattr(self, one.name)[some] for one in fields(self)])


@dataclass
class Followed:
    """What a batch says of views, as rows of the batch, and rows for the table."""

    opened: Numbers  # views that were not opened before
    read: Numbers  # deltas that add time in sight
    seconds: Numbers  # how much each of them adds
    engaged: Numbers  # deltas with which a view becomes one of a reader
    new: list[tuple[Any, ...]]
    changed: list[tuple[Any, ...]]


def follow_views(batch: Batch, known: Views) -> Followed:
    """Views and deltas that carry the number of a view; `known` are those of them that were there before."""
    kinds = batch.kind
    rows = np.flatnonzero((batch.view != 0) & ((kinds == VIEW) | (kinds == READ)))
    first, of = distinct(batch.view[rows])
    views = Views.spoken_of(batch, rows[first], known)
    before = views.opened.copy(), views.deltas.copy()
    is_view = kinds[rows] == VIEW
    opened, opened_at = _open(batch, rows[is_view], of[is_view], views)
    read, seconds, engaged = _read(batch, rows[~is_view], of[~is_view], views, opened_at)
    is_known = known.find(views.number) >= 0
    has_changed = (views.opened != before[0]) | (views.deltas != before[1])
    return Followed(opened, read, seconds, engaged, views.rows(~is_known), views.rows(is_known & has_changed))


def _open(batch: Batch, rows: Numbers, of: Numbers, views: Views) -> tuple[Numbers, Numbers]:
    """Which rows open a view for the first time, and at which row each view was open."""
    opened_at = np.where(views.opened != 0, -1, _NOT_OPENED)
    first, _ = distinct(of)
    rows, of = rows[first], of[first]
    is_new = views.opened[of] == 0
    rows, of = rows[is_new], of[is_new]
    views.opened[of] = 1 + batch.again[rows]
    opened_at[of] = rows
    return rows, opened_at


def _read(
    batch: Batch, rows: Numbers, of: Numbers, views: Views, opened_at: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Which deltas add time, how much, and with which a view becomes one of a reader."""
    bits = np.minimum(batch.sequence[rows], _LAST_DELTA)
    first, _ = group((of, bits))
    first = first[(views.deltas[of[first]] >> bits[first]) & 1 == 0]
    np.bitwise_or.at(views.deltas, of[first], np.int64(1) << bits[first])
    first = np.sort(first[batch.is_human[rows[first]]])
    rows, of = rows[first], of[first]
    np.maximum.at(views.depth, of, batch.depth[rows])
    how = np.where(opened_at[of] < rows, views.opened[of], 0)
    open_for = (batch.at[rows] - views.first_at[of]) // 1000 + LEEWAY
    most = np.where(how != 0, np.minimum(open_for, LONGEST_VIEW), LONGEST_VIEW)  # in sight, with all before
    added, engaged = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_)
    for some in _turns(of):
        mine = of[some]
        seconds = np.maximum(np.minimum(batch.seconds[rows[some]], most[some] - views.seconds[mine]), 0)
        added[some] = seconds
        views.seconds[mine] += seconds
        is_enough = (seconds > 0) & (views.seconds[mine] >= ENGAGED_SECONDS)
        engaged[some] = is_enough & (views.engaged[mine] == 0) & (how[some] != 2)
        views.engaged[mine] |= engaged[some]
    return rows[added > 0], added[added > 0], rows[engaged]


def _turns(of: Numbers) -> Iterator[Numbers]:
    """The first of each group, then the second of each, as far as there are some."""
    order = np.argsort(of, kind="stable")
    while len(order):
        is_first = np.append(True, of[order[1:]] != of[order[:-1]])
        yield order[is_first]
        order = order[~is_first]
