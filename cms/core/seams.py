"""The seams between the houses, and between a room and those below it, connected only in `app.py`.

`announce(fact)` lets a room say that something happened: handlers run at once, inside the caller's
transaction, and only write rows; if one fails, everything rolls back. `panel(place)` lets a room add a
box to a page of a room above it. `check(place)` lets a room say what stands in the way of something that
a room above it is about to do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

Fact = TypeVar("Fact")
Panel = Callable[..., str]


@dataclass(frozen=True)
class Finding:
    """Something to know before an act: a sentence, where it can be mended, and whether it forbids the act."""

    code: str  # "review.open": the same finding has the same code
    sentence: str  # in the language of the request
    is_blocking: bool = False
    url: str | None = None


Check = Callable[..., Iterable[Finding]]

_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
_panels: dict[str, list[Panel]] = defaultdict(list)
_checks: dict[str, list[Check]] = defaultdict(list)


def on(fact_type: type[Fact], handler: Callable[[Fact], None]) -> None:
    """Call `handler(fact)` whenever a fact of this type is announced; connecting twice is connecting once."""
    if handler not in _handlers[fact_type]:
        _handlers[fact_type].append(handler)


def announce(fact: object) -> None:
    """Tell every handler of this fact, in the order they were connected, inside the running transaction."""
    for handler in _handlers[type(fact)]:
        handler(fact)


def panel(place: str, render: Panel) -> None:
    """Add a box, rendered by `render(**context) -> html`, to the named place."""
    if render not in _panels[place]:
        _panels[place].append(render)


def panels(place: str) -> list[Panel]:
    """The boxes offered for a place, in the order they were added."""
    return list(_panels[place])


def check(place: str, find: Check) -> None:
    """Ask `find(**context) -> findings` before the named act."""
    if find not in _checks[place]:
        _checks[place].append(find)


def findings(place: str, **context: object) -> list[Finding]:
    """What everybody found about the named act, those that forbid it first."""
    found = [finding for find in _checks[place] for finding in find(**context)]
    return sorted(found, key=lambda one: not one.is_blocking)
