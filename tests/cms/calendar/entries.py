"""Entries for tests, and a source that offers them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from cms.calendar.sources import Entry, Source, Wanted
from cms.people.models import Person

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def entry(title: str = "Spring notes", at: datetime = NOON, **fields: Any) -> Entry:
    """Something planned."""
    number = fields.pop("number", 1)
    kind = fields.pop("kind", "publication")
    return Entry(
        **{
            "key": f"post:{number}:{kind}",
            "kind": kind,
            "title": title,
            "at": at,
            "url": f"/desk/posts/{number}",
            **fields,
        }
    )


@contextmanager
def offering(app: Flask, *entries: Entry) -> Iterator[None]:
    """Let the calendar hold exactly these."""

    def source(kind: str) -> Source:
        def offer(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
            lasts = [one for one in entries if one.ends_at and one.at < end and one.ends_at > start]
            return [
                one
                for one in entries
                if one.kind == kind
                and (start <= one.at < end or one in lasts)
                and wanted.section_id in (None, one.section_id)
            ]

        return Source(kind, kind.capitalize(), "article", offer)

    before = app.extensions["parley_sources"]
    app.extensions["parley_sources"] = [
        source(kind) for kind in sorted({one.kind for one in entries} | {"publication"})
    ]
    try:
        yield
    finally:
        app.extensions["parley_sources"] = before
