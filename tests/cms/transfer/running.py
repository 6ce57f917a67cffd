"""Running an import in a test, and seeing all that the database holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from cms.core.database import Base, db
from cms.transfer.commands import READERS
from cms.transfer.importing import ImportOptions, run_import
from cms.transfer.reading.vocabulary import ReadingOptions, SourceItem
from cms.transfer.report import Report

NOT_CONTENT = {"page_changes", "heartbeats", "attempts", "audit_entries"}


def bring(
    format_: str,
    path: Path,
    options: ImportOptions | None = None,
    progress: Callable[[SourceItem], None] | None = None,
    **reading: Any,
) -> Report:
    """Import a file as the command does."""
    read = READERS[format_](path, ReadingOptions(**{"zone": ZoneInfo("UTC"), **reading}))
    return run_import(read, options or ImportOptions(), progress=progress)


def everything(*, without: frozenset[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that say something, in order."""
    db.session.rollback()
    held = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in NOT_CONTENT:
            columns = [column for column in table.columns if column.name not in without]
            rows = db.session.execute(select(*columns)).all() if columns else []
            held[table.name] = sorted(tuple(map(str, row)) for row in rows)
    db.session.rollback()
    return held


def numbers(report: Report) -> dict[str, tuple[int, int, int, int, int]]:
    """In source, new, changed, unchanged and skipped, by kind."""
    return {
        kind: (report.found(kind), counts["new"], counts["changed"], counts["unchanged"], counts["skipped"])
        for kind, counts in report.counts.items()
        if report.found(kind)
    }
