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

from campaigns.engagement.classify import VERSION
from campaigns.engagement.lines import Line, read_line
from campaigns.engagement.places import NOWHERE, Places, find_places
from campaigns.engagement.scoring import Scorer
from campaigns.engagement.spool import ENDING
from campaigns.engagement.store import Event, Store
from campaigns.engagement.store.events import HOUR
from campaigns.engagement.store.rows import no_search_for_circles
from campaigns.engagement.visitors import window_at
from cms.core import clock
from cms.core.worker import is_stopping

CHUNK = 2**21  # bytes read of a file at once
BATCH = 10_000  # lines in one transaction, about: what many of them change is written once
LONGEST = 5.0  # seconds in which one run goes on
AHEAD = timedelta(minutes=10)  # a line of a later time is from a broken clock
log = logging.getLogger(__name__)
_scorers: WeakKeyDictionary[Store, Scorer] = WeakKeyDictionary()


@dataclass
class Batch:
    """Lines, and how far their files are read with them."""

    lines: list[tuple[Line, bytes]]  # and as they were read
    positions: dict[str, int]
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
    """Put what waits into the store, until there is nothing or five seconds are over. Says how many events.

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
            batch = _read_batch(folder, store.positions())
            if not batch.positions:
                break
            scorer = _scorers.pop(store, None) or Scorer.after(store)  # kept only once the batch is
            events = list(_told(batch, scorer, window=window, oldest=oldest, zone=zone))
            events += [made for follow in followers for made in follow(events)]
            at = round(clock.now().timestamp() * 1000)
            store.append_batch(events, batch.positions, at=at, unread=batch.unread)
            _scorers[store] = scorer
            done["events"] += len(events)
            done["unread"] += batch.unread
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


def _read_batch(folder: Path, positions: dict[str, int]) -> Batch:
    batch = Batch([], {})
    for path in sorted(folder.glob(f"*{ENDING}")):
        start = positions.get(path.name, 0)
        with path.open("rb") as file:
            file.seek(start)
            said = file.read(CHUNK)
        whole = said[
            : said.rfind(b"\n") + 1
        ]  # a line without its end is still being written, or never will be
        if not whole:
            continue
        batch.positions[path.name] = start + len(whole)
        for one in whole.split(b"\n")[:-1]:
            line = read_line(one)
            if line is None:
                batch.unread += 1
            else:
                batch.lines.append((line, one))
        if len(batch.lines) >= BATCH:
            break
    batch.lines.sort(key=lambda read: read[0].at)  # of several files: a view before its reading time
    return batch


def _told(batch: Batch, scorer: Scorer, *, window: str, oldest: timedelta, zone: str) -> Iterator[Event]:
    places = find_places((line for line, _ in batch.lines), zone=zone)
    now = clock.now()
    earliest, latest = ((one.timestamp() * 1000) for one in (now - oldest, now + AHEAD))
    for line, said in batch.lines:
        if not earliest <= line.at <= latest:
            batch.unread += 1
            continue
        event = event_of(line, places, scorer, window=window)
        event.said = said
        yield event


def event_of(line: Line, places: Places, scorer: Scorer, *, window: str) -> Event:
    """Who did it, and what it is about."""
    place = places.of.get(line.subject, NOWHERE)
    post, link, campaign, channel = place
    rule = scorer.rule_of(line, place, places.published.get(post or 0))
    days = places.days(line.at, campaign)
    return Event(
        line,
        rule.verdict,
        rule.id,
        VERSION,
        _window(line.at // HOUR, window),
        post,
        link,
        campaign,
        *days,
        channel,
    )


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
