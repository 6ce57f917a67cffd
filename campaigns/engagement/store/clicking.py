"""Clicks, and the pages they led to: each click counts once, and is verified once, whichever of the two is read first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import numpy as np

from campaigns.engagement.store.columns import CLICK, Batch
from campaigns.engagement.store.events import HOUR
from campaigns.engagement.store.grouping import Numbers

# Where things stand in the rows of `ev_clicks`
CHANNEL, PLACE, _HUMAN, _OPENED, _VERIFIED = 2, slice(3, 9), 9, 10, 11


@dataclass
class Followed:
    """What a batch says of clicks."""

    first: Numbers  # rows of the batch: clicks that were not there before
    verified: list[list[Any]] = field(default_factory=list)  # clicks, as they are known
    new: list[tuple[Any, ...]] = field(default_factory=list)  # rows for the table, of which nothing was known
    changed: list[list[Any]] = field(default_factory=list)


def follow_clicks(batch: Batch, opening: Numbers, known: dict[str, list[Any]]) -> Followed:
    """Clicks, and views (`opening`, rows) that were opened with the number of one; `known` are those of before."""
    opening = opening[batch.has_click[opening] & batch.is_human[opening]]
    clicks = batch.kind == CLICK
    rows = np.sort(np.append(opening, np.flatnonzero(clicks & batch.has_click)))
    numbers = batch.click[rows].tolist()
    spoken = Counter(numbers)
    is_alone = np.array([spoken[one] == 1 and one not in known for one in numbers], np.bool_) & clicks[rows]
    alone = rows[is_alone]
    found = Followed(np.concatenate((alone, np.flatnonzero(clicks & ~batch.has_click))))
    together = _follow_together(batch, rows[~is_alone], known, found)
    found.first = np.sort(np.append(found.first, np.array(together, np.int64)))
    found.new = sorted(_new(batch, alone), key=itemgetter(0))  # rows are written in the order of their keys
    found.changed = [known[one] for one in sorted(set(batch.click[rows[~is_alone]].tolist()))]
    return found


def _follow_together(batch: Batch, rows: Numbers, known: dict[str, list[Any]], found: Followed) -> list[int]:
    """One after the other; gives the rows of clicks that are new."""
    new = []
    columns = batch.kind[rows].tolist(), batch.is_human[rows].tolist()
    for row, kind, is_human, said in zip(rows.tolist(), *columns, _new(batch, rows), strict=True):
        click = known.get(said[0])
        if click is None:
            nothing = (None,) * (_HUMAN - PLACE.start)
            click = known[said[0]] = [*said[: PLACE.start], *nothing, 0, 0, 0]
        if kind != CLICK:
            click[_OPENED] = 1
        elif click[PLACE.start] is None:
            click[CHANNEL:_OPENED] = *said[CHANNEL:_HUMAN], int(is_human)
            new.append(row)
        else:
            continue
        if click[_HUMAN] and click[_OPENED] and not click[_VERIFIED]:
            click[_VERIFIED] = 1
            found.verified.append(click)
    return new


def _new(batch: Batch, rows: Numbers) -> Iterator[tuple[Any, ...]]:
    """As rows of `ev_clicks`, of clicks that nobody spoke of before."""
    post, link, campaign = zip(*batch.place.words, strict=True) if batch.place.words else ((), (), ())
    of = batch.place.codes[rows].tolist()
    nought = [0] * len(rows)
    return zip(
        batch.click[rows].tolist(), batch.month[rows].tolist(), batch.channel.take(rows).list(),
        (batch.at[rows] // HOUR).tolist(), batch.day[rows].tolist(), batch.campaign_day[rows].tolist(),
        map(link.__getitem__, of), map(post.__getitem__, of), map(campaign.__getitem__, of),
        batch.is_human[rows].astype(int).tolist(), nought, nought,
        strict=True,
    )  # fmt: skip
