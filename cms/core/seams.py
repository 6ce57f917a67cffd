"""The two seams between the houses, connected only in `app.py`.

`announce(fact)` lets a room say that something happened: handlers run at once, inside the caller's
transaction, and only write rows; if one fails, everything rolls back. `panel(place)` lets a room add a
read-only box to a page of a room above it.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Fact = TypeVar("Fact")
Panel = Callable[..., str]

_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
_panels: dict[str, list[Panel]] = defaultdict(list)


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
