"""Reads the spool, says who did what, and puts it in the store: one process on a machine at a time.

A file is read from where the store says it was read to, so that a collector that is killed repeats nothing and leaves
nothing out. A file whose writer let it go, and that is read to its end, is removed.
"""

import fcntl
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from campaigns.engagement.places import NOWHERE, QUARTER, find_places
from campaigns.engagement.scoring import Scorer
from campaigns.engagement.spool import ENDING
from campaigns.engagement.store import Event, Store
from campaigns.engagement.store.columns import Batch, read_lines
from campaigns.engagement.store.events import HOUR
from campaigns.engagement.store.grouping import group
from campaigns.engagement.store.rows import no_search_for_circles
from campaigns.engagement.visitors import window_at
from cms.core import clock
from cms.core.worker import is_stopping

CHUNK = 12 * 2**20  # bytes read of a file at once: some 100,000 lines, which need 200 MB of memory meanwhile
BATCH = 50_000  # lines in one transaction, about: what many of them change is written once
LONGEST = 5.0  # seconds in which one run goes on
AHEAD = timedelta(minutes=10)  # a line of a later time is from a broken clock
log = logging.getLogger(__name__)
_scorers: WeakKeyDictionary[Store, Scorer] = WeakKeyDictionary()


@dataclass
class Reading:
    """What was read, and how far the files are read with it."""

    batch: Batch
    positions: dict[str, int]
    is_all: bool  # nothing else waited
    unread: int = 0


Follower = Callable[
    [Sequence[Event]], Sequence[Event]
]  # hears a batch before it is kept; gives what follows from it


def collect(
    folder: Path,
    store: Store,
    *,
    window: str,
    oldest: timedelta,
    zone: str = "UTC",
    followers: Iterable[Follower] = (),
) -> dict[str, int]:
    """Put what waits into the store, for five seconds at most. Says how many events. What is written meanwhile waits for
    the next run: to go after it would make many small batches, each with the price of a large one.

    `oldest` is how long raw is kept: a line from before that is counted as unread. `zone` is that of the site's days.
    Does nothing while another process of this machine collects. Followers may hear a batch twice, when this process was
    killed in between.
    """
    done = {"events": 0, "unread": 0}
    with _alone(folder) as is_alone, no_search_for_circles():
        if not is_alone:
            return {}
        until = time.monotonic() + LONGEST
        while not is_stopping() and time.monotonic() < until:
            read = _read(folder, store.positions())
            if not read.positions:
                break
            scorer = _scorers.pop(store, None) or Scorer.after(store)  # kept only once the batch is
            batch = _told(read, scorer, window=window, oldest=oldest, zone=zone)
            made = [one for follow in followers for one in follow(batch)]
            at = round(clock.now().timestamp() * 1000)
            batches = [batch, Batch.of(made)] if made else [batch]
            store.append(batches, read.positions, at=at, unread=read.unread)
            _scorers[store] = scorer
            done["events"] += len(batch) + len(made)
            done["unread"] += read.unread
            if read.is_all:
                break
        _remove_read(folder, store)
    return {name: count for name, count in done.items() if count}


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "collector.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _read(folder: Path, positions: dict[str, int]) -> Reading:
    found: dict[str, int] = {}
    said, lines, is_all = [], 0, True
    for path in sorted(folder.glob(f"*{ENDING}")):
        start = positions.get(path.name, 0)
        with path.open("rb") as file:
            file.seek(start)
            some = file.read(CHUNK)
        if len(some) == CHUNK:
            is_all = False
        # a line without its end is still being written, or never will be
        whole = some[: some.rfind(b"\n") + 1]
        if not whole:
            continue
        found[path.name] = start + len(whole)
        said.append(whole)
        lines += whole.count(b"\n")
        if lines >= BATCH:
            is_all = False
            break
    batch, unread = read_lines(b"".join(said))
    if (batch.at[1:] < batch.at[:-1]).any():  # of several files: a view before its reading time
        batch = batch.take(np.argsort(batch.at, kind="stable"))
    return Reading(batch, found, is_all, unread)


def _told(read: Reading, scorer: Scorer, *, window: str, oldest: timedelta, zone: str) -> Batch:
    """Who did what, and what it is about; what no clock can have said is left out, and counted."""
    now = clock.now()
    earliest, latest = (round(one.timestamp() * 1000) for one in (now - oldest, now + AHEAD))
    is_timely = (read.batch.at >= earliest) & (read.batch.at <= latest)
    read.unread += int((~is_timely).sum())
    batch = read.batch if is_timely.all() else read.batch.take(is_timely)
    places = find_places(batch.subject.words, zone=zone)
    at_place = batch.subject.become(lambda subject: places.of.get(subject, NOWHERE))
    batch.place = at_place.become(lambda place: place[:3])
    batch.channel = at_place.become(lambda place: place.channel)
    published = at_place.each(lambda place: places.published.get(place.post or 0, 0))
    batch.verdict = scorer.rules_of(batch, published)
    batch.again = np.zeros(len(batch), np.int64)
    hours, of = np.unique(batch.at // HOUR, return_inverse=True)
    batch.window = np.array([_window(hour, window) for hour in hours.tolist()], np.int64)[of]
    campaign = at_place.each(lambda place: place.campaign or 0)
    first, of = group((batch.at // QUARTER, campaign))
    days = [places.days(int(batch.at[row]), int(campaign[row]) or None) for row in first.tolist()]
    batch.day, batch.campaign_day = np.array(days, np.int64).reshape(-1, 2)[of].T
    return batch


@lru_cache(maxsize=4096)
def _window(hour: int, length: str) -> int:
    return window_at(datetime.fromtimestamp(hour * 3600, UTC), length)


def _remove_read(folder: Path, store: Store) -> None:
    positions = store.positions()
    for path in folder.glob(f"*{ENDING}"):
        read = positions.get(path.name, 0)
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # its writer is alive
            file.seek(read)
            left = file.read(CHUNK)
            if b"\n" in left:
                continue
            if left:
                log.warning(
                    "%d bytes of a line that was never finished are left out of %s", len(left), path.name
                )
            path.unlink()
    gone = [name for name in positions if not (folder / name).exists()]
    if gone:
        store.forget_files(gone)
