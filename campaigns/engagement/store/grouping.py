"""Rows that are alike, put together: the arithmetic of adding up, on columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
_MOST = 2**62  # what a number that stands for several may reach


def group(columns: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    """Groups of rows in which all columns are the same: the first row of each, in the order of the columns, and the
    group of each row."""
    return distinct(_as_one(columns))


def distinct(column: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """The same of one column, whose numbers may have no sign: as `numpy.unique` says it, in half its time."""
    if not len(column):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    order = np.argsort(column)
    starts, is_start = _starts(column[order])
    of = np.empty(len(column), np.int64)
    of[order] = np.cumsum(is_start) - 1
    return np.minimum.reduceat(order, starts), of


def add(columns: Sequence[Numbers], counts: NDArray[np.int64]) -> tuple[list[Numbers], NDArray[np.int64]]:
    """Rows of counts added up where all columns are the same: the columns of each sum, and the sums."""
    if not len(counts):
        return [one[:0] for one in columns], counts
    key = _as_one(columns)
    order = np.argsort(key, kind="stable")
    starts, _ = _starts(key[order])
    return [one[order[starts]] for one in columns], np.add.reduceat(counts[order], starts, axis=0)


def lists(columns: Sequence[NDArray[Any]]) -> list[tuple[Any, ...]]:
    """Rows, as the driver takes them."""
    return list(zip(*(one.tolist() for one in columns), strict=True))


def _starts(ordered: NDArray[Any]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Where what is alike begins."""
    is_start = np.append(True, ordered[1:] != ordered[:-1])
    return np.flatnonzero(is_start), is_start


def _as_one(columns: Sequence[Numbers]) -> Numbers:
    """One number for each row that is the same where all columns are, and in the same order."""
    key, width = np.zeros(len(columns[0]), np.int64), 1
    if not len(key):
        return key
    for column in columns:
        low, high = int(column.min()), int(column.max())
        if high - low + 1 > _MOST // width:
            key, width = _ranks(key)
            if high - low + 1 > _MOST // width:
                column, size = _ranks(column)
                low, high = 0, size - 1
        key = key * (high - low + 1) + (column - low)
        width *= high - low + 1
    return key


def _ranks(column: Numbers) -> tuple[Numbers, int]:
    first, of = distinct(column)
    return of, len(first)
