"""A `Comparison` as JSON, and back to equality: what is frozen is read by the same pages and files as what is fresh.

A frozen answer names the version of its shapes. A later version that lacks a field reads it with its default; a field
that is gone is left out. Nothing that was given out shows more than it did: before version 2 that was no target.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from campaigns.reports.shapes import Comparison

VERSION = 2


def freeze(compared: Comparison) -> dict[str, Any]:
    """As JSON holds it."""
    return {"version": VERSION, "comparison": _frozen(compared)}


def thaw(said: Mapping[str, Any]) -> Comparison:
    """As it was."""
    made: Comparison = _thawed(Comparison, said["comparison"])
    if said["version"] < 2:
        return replace(made, rows=[replace(row, targets=()) for row in made.rows])
    return made


def _frozen(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _frozen(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return [[_frozen(key), _frozen(one)] for key, one in value.items()]  # keys may be numbers
    if isinstance(value, list | tuple):
        return [_frozen(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _thawed(kind: Any, said: Any) -> Any:
    if said is None:
        return None
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _thawed(hints[name], one) for name, one in said.items() if name in hints})
    if kind in (date, datetime):
        return kind.fromisoformat(said)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        rest = [one for one in inner if one is not NoneType]
        return _thawed(rest[0], said) if len(rest) == 1 else said
    if origin is Mapping:
        return {_thawed(inner[0], key): _thawed(inner[1], one) for key, one in said}
    if origin is tuple:
        return tuple(_thawed(inner[0], one) for one in said)
    if origin is Sequence:
        return [_thawed(inner[0], one) for one in said]
    return said


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
