"""A row as a line of JSON, and back. A column that holds nothing is not on the line; a JSON `null` is."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Date, DateTime, LargeBinary, Numeric, Text, Time, cast
from sqlalchemy.types import TypeEngine

Write = Callable[[Any], Any]


def selected(column: Column[Any]) -> ColumnElement[Any]:
    """How a column is asked for: JSON as the text it is stored as, so that nothing and `null` stay two things."""
    return cast(column, Text).label(column.name) if isinstance(_kind(column), JSON) else column


def to_line(columns: Sequence[Column[Any]], row: Sequence[Any]) -> str:
    """One line, without its end: keys in the order of the columns, text as it is and not escaped."""
    said = {
        column.name: _writer(column)(value)
        for column, value in zip(columns, row, strict=True)
        if value is not None
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def from_line(columns: Mapping[str, Column[Any]], line: str) -> dict[str, Any]:
    """The values of the columns a line names. Raises `ValueError` for a line that is no row of this table."""
    said = json.loads(line)
    if not isinstance(said, dict) or not said.keys() <= columns.keys():
        raise ValueError("no row of this table")
    return {name: _reader(columns[name])(value) for name, value in said.items()}


def _kind(column: Column[Any]) -> TypeEngine[Any]:
    return getattr(column.type, "impl_instance", column.type)


def _writer(column: Column[Any]) -> Write:
    kind = _kind(column)
    if isinstance(kind, JSON):
        return json.loads
    if isinstance(kind, DateTime):
        return lambda at: at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(kind, Date | Time):
        return lambda day: day.isoformat()
    if isinstance(kind, LargeBinary):
        return lambda data: base64.b64encode(data).decode()
    return str if isinstance(kind, Numeric) and kind.asdecimal else _same


def _reader(column: Column[Any]) -> Write:
    kind = _kind(column)
    if isinstance(kind, JSON):
        return lambda value: JSON.NULL if value is None else value
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, Time):
        return time.fromisoformat
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    return Decimal if isinstance(kind, Numeric) and kind.asdecimal else _same


def _same(value: Any) -> Any:
    return value
