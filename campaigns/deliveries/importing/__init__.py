"""Planning many deliveries from a table (CSV): read it, try it without writing, then write line by line.

    sheet = read_sheet(data, zone="Asia/Shanghai")   # raises `Invalid` when it is no table of ours
    report = try_sheet(sheet, at=now)                # writes nothing; a sentence for every line
    report = import_sheet(sheet, by=person, at=now)  # each good line in a transaction of its own

The same line planned twice is one delivery: what stands in its `id`, or the line itself, says which.
"""

from campaigns.deliveries.importing.planning import Line, Report, import_sheet, try_sheet
from campaigns.deliveries.importing.reading import COLUMNS, MOST_BYTES, MOST_ROWS, Row, Sheet, read_sheet

__all__ = [
    "COLUMNS",
    "MOST_BYTES",
    "MOST_ROWS",
    "Line",
    "Report",
    "Row",
    "Sheet",
    "import_sheet",
    "read_sheet",
    "try_sheet",
]
