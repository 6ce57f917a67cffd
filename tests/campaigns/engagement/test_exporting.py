"""What was counted leaves as JSON lines, and nothing in it finds a person."""

import json
from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from campaigns.engagement.commands import figures
from campaigns.engagement.exporting import AT_ONCE, export
from campaigns.engagement.gate import Gate
from campaigns.engagement.store import Store
from tests.campaigns.engagement.store.making import append, event, views


def read(folder: Path, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_sums_and_events_are_written(store: Store, tmp_path: Path) -> None:
    fact = event(kind="fact", value="share:copy", campaign=5, view=7)
    append(store, event(language="zh", referrer="news.example/a", campaign=5), fact)
    assert export(store, tmp_path) == {"hours": 6, "days": 6, "splits": 9, "facts": 1, "events": 2}
    assert read(tmp_path, "facts") == [
        {
            "campaign": 5,
            "post": 1,
            "day": "2026-11-21",
            "channel": "site",
            "kind": "share",
            "key": "copy",
            "count": 1,
        }
    ]
    whole = [row for row in read(tmp_path, "days") if (row["scope"], row["channel"]) == ("campaign", "")]
    assert [(row["subject"], row["day"], row["views"], row["people"]) for row in whole] == [
        (5, "2026-11-21", 1, 1)
    ]
    (seen, done) = read(tmp_path, "events")
    assert (seen["kind"], seen["verdict"], seen["channel"], seen["visitor"]) == ("view", "human", "site", "1")
    assert (done["value"], done["campaign_day"]) == ("share:copy", "2026-11-21")


def test_a_long_table_is_written_whole(store: Store, tmp_path: Path) -> None:
    many = AT_ONCE + 5
    append(
        store,
        *(one for number in range(1, many) for one in views(range(1, 2), first_view=number, day=number)),
    )
    told = export(store, tmp_path)
    assert told["days"] == len(read(tmp_path, "days")) == 4 * (many - 1)
    assert len({(row["scope"], row["day"], row["channel"]) for row in read(tmp_path, "days")}) == told["days"]


def test_the_shell_exports_and_scores(app: Flask, store: Store, counting: Gate, tmp_path: Path) -> None:
    append(store, event())
    shell = CliRunner()
    done = shell.invoke(figures, ["export", str(tmp_path / "out")])
    assert (done.exit_code, done.stdout) == (0, "hours: 4, days: 4, splits: 2, facts: 0, events: 1\n")
    again = shell.invoke(figures, ["rescore"])
    assert again.exit_code == 0
    assert "1 events were scored and added up again." in again.output
