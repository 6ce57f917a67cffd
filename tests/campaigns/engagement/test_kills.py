"""Writers and collectors are killed at any moment: what was acknowledged is counted, and nothing twice."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from campaigns.engagement.store import SITE, Store, Totals

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("PARLEY_KILLS", "3"))  # of a writer and a collector each; 100 by hand


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.campaigns.engagement.killed", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_nothing_that_was_acknowledged_is_lost_or_counted_twice(tmp_path: Path, store: Store) -> None:
    draw = random.Random(7)
    spool, url = tmp_path / "spool", store.url
    acknowledged = 0
    assert store.notes()["dropped"] == 0
    for turn in range(KILLS):
        writer = start("write", spool, 1 + turn * 1000, 150)
        assert writer.stdout is not None
        assert writer.stdout.readline() != ""
        collecting = start("collect", spool, url)
        assert collecting.stdout is not None
        assert collecting.stdout.readline() == "more\n"
        time.sleep(draw.random() / 4)
        for process in draw.sample([writer, collecting], 2):
            process.kill()
        collecting.communicate()
        acknowledged += 1 + writer.communicate()[0].count("\n")
    last = start("collect", spool, url)
    last.communicate()
    assert last.returncode == 0
    told = store.totals(SITE, [0])[0]
    # A line may be written and its writer killed before it could say so: one for each kill, at most.
    assert acknowledged <= told.views <= acknowledged + KILLS
    assert told.views - KILLS <= told.seconds <= told.views
    assert told == Totals(
        views=told.views, seconds=told.seconds, people=told.people, windows=1, is_exact=told.is_exact
    )
    assert abs(told.people - told.views) <= 0.05 * told.views  # three standard errors
    assert (list(spool.glob("*.events")), store.positions()) == ([], {})
    assert acknowledged > KILLS
    assert store.rebuild() == told.views + told.seconds
    assert store.totals(SITE, [0])[0] == told
