"""What was counted, as JSON lines that other programs can read. The schema is in `docs/engagement.md`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, literal, select, tuple_

from campaigns.engagement.store import Event, Store, tables
from campaigns.engagement.store.events import day_of

SCOPES = ("site", "campaign", "post", "link")
FILES = {"hours": tables.hours, "days": tables.days, "splits": tables.splits, "facts": tables.facts}
AT_ONCE = 2_000


def export(
    store: Store, folder: Path, *, progress: Callable[[str, int], None] | None = None
) -> dict[str, int]:
    """Write `hours`, `days`, `splits`, `facts` and `events` (raw), each as `.jsonl`; gives the lines of each.

    `progress` is told a file and how many lines of it are written, now and then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = {name: _rows(store, table) for name, table in FILES.items()}
    rows["events"] = (_raw(event) for event in store.events(0, 2**62))
    return {name: _write(folder / f"{name}.jsonl", some, progress) for name, some in rows.items()}


def _write(path: Path, rows: Iterator[dict[str, Any]], progress: Callable[[str, int], None] | None) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for count, row in enumerate(rows, 1):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            if progress is not None and count % AT_ONCE == 0:
                progress(path.name, count)
    return count


def _rows(store: Store, table: Table) -> Iterator[dict[str, Any]]:
    """All rows, some at a time and by key, so that nobody waits for a long export."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    last: tuple[Any, ...] | None = None
    while True:
        with store.engine.connect() as connection:
            some = _after(connection, table, keys, last)
        for row in some:
            yield _said(table, dict(zip(names, row, strict=True)))
        if len(some) < AT_ONCE:
            return
        last = tuple(some[-1][names.index(name)] for name in keys)


def _after(connection: Connection, table: Table, keys: list[str], last: tuple[Any, ...] | None) -> list[Any]:
    query = select(table).order_by(*(table.c[name] for name in keys)).limit(AT_ONCE)
    if last is not None:
        query = query.where(tuple_(*(table.c[name] for name in keys)) > tuple_(*map(literal, last)))
    return list(connection.execute(query).all())


def _said(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    if "scope" in row:
        row["scope"] = SCOPES[row["scope"]]
    if "day" in row:
        row["day"] = day_of(row["day"]).isoformat()
    if table is tables.facts:
        row |= {"campaign": row["campaign"] or None, "post": row["post"] or None}
        row.pop("people"), row.pop("told")
    return row


def _raw(event: Event) -> dict[str, Any]:
    line = event.line
    about = ("verdict", "rule", "version", "window", "post", "link", "campaign", "channel", "again")
    said = ("at", "kind", "hints", "subject", "sequence", "seconds", "depth", "referrer", "utm", "language")
    more = ("device", "agent", "value", "country")
    return {
        **{name: getattr(line, name) for name in (*said, *more)},
        **{name: getattr(event, name) for name in about},
        "visitor": f"{line.visitor:x}" if line.visitor else None,
        "view": f"{line.view:x}" if line.view else None,
        "click": line.click or None,
        "day": day_of(event.day).isoformat(),
        "campaign_day": day_of(event.campaign_day).isoformat(),
    }
