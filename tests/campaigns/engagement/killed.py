"""Processes that are killed: one writes lines as fast as it is told, one adds them up.

`python -m tests.campaigns.engagement.killed write FOLDER FIRST MANY` says each number once its line is written;
`… collect FOLDER URL` collects until it is killed, or until there is nothing left.
"""

import sys
import time
from datetime import timedelta
from pathlib import Path

from campaigns.engagement import collector
from campaigns.engagement.lines import Line
from campaigns.engagement.places import Places
from campaigns.engagement.spool import Spool
from campaigns.engagement.store import Store
from cms.core import clock


def write(folder: Path, first: int, many: int) -> None:
    """A view and its reading time, for each number."""
    spool = Spool(folder, file_bytes=20_000)
    for number in range(first, first + many):
        at = round(clock.now().timestamp() * 1000)
        view = Line(at, "view", "P", number, "page:/", view=number, agent="browser:firefox")
        spool.write(view)
        spool.write(
            Line(at + 1, "read", "P", number, "page:/", view=number, seconds=1, agent="browser:firefox")
        )
        print(number, flush=True)
    time.sleep(60)  # it is killed


def collect(folder: Path, url: str) -> None:
    """Until nothing is left."""
    collector.CHUNK, collector.BATCH = 4096, 40  # many small transactions, to be killed in
    collector.find_places = lambda subjects, zone: Places(zone=zone)
    store = Store(url)
    while collector.collect(folder, store, window="month", oldest=timedelta(days=90)):
        print("more", flush=True)


if __name__ == "__main__":
    what, folder, *rest = sys.argv[1:]
    if what == "write":
        write(Path(folder), int(rest[0]), int(rest[1]))
    else:
        collect(Path(folder), rest[0])
