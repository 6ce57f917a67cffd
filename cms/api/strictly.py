"""JSON read strictly: what one parser takes for this and another for that is refused, with a sentence."""

import json
from typing import Any

from flask_babel import gettext as _

from cms.core.errors import Problem

DEEPEST = 32


class BadJSON(Problem):
    """The body cannot be read."""

    status = 400


def read_json(data: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises `BadJSON`.

    Refused besides plain mistakes: names that come twice, NaN and Infinity, numbers beyond 64 bits, half of a
    surrogate pair, and nesting deeper than anything we ask for.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJSON(_("The body is not UTF-8.")) from error
    try:
        value = json.loads(
            text,
            object_pairs_hook=_without_twins,
            parse_constant=_no_constant,
            parse_int=_small,
            parse_float=_finite,
        )
    except BadJSON:
        raise
    except RecursionError as error:
        raise BadJSON(_("The body is nested too deeply.")) from error
    except ValueError as error:
        raise BadJSON(_("The body is not JSON: %(reason)s.", reason=_place(error))) from error
    _check(value, 0)
    return value


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJSON(_("The body names the same field twice."))
    return found


def _no_constant(name: str) -> None:
    raise BadJSON(_("The body holds %(name)s, which is not JSON.", name=name))


def _small(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= (number := int(digits)) < 2**63:
        raise BadJSON(_("The body holds a number that is too large."))
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise BadJSON(_("The body holds a number that is too large."))
    return number


def _place(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return str(_("line %(line)d, column %(column)d", line=error.lineno, column=error.colno))
    return type(error).__name__


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise BadJSON(_("The body is nested too deeply."))
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise BadJSON(_("The body holds half of a character (a lone surrogate)."))
    elif isinstance(value, list):
        for one in value:
            _check(one, depth + 1)
    elif isinstance(value, dict):
        for name, one in value.items():
            _check(name, depth + 1)
            _check(one, depth + 1)
