"""What waits to go to an account. Deliveries know; they stand above this room, so `app.py` says whom to ask."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app


@dataclass(frozen=True)
class Waiting:
    """How much has not gone out yet, and when the first and the last of it are planned, where that is known."""

    number: int = 0
    next_at: datetime | None = None
    last_at: datetime | None = None


NOTHING = Waiting()
Source = Callable[[Collection[int]], Mapping[int, Waiting]]


def install(app: Flask, source: Source) -> None:
    """Tell the application whom to ask."""
    app.extensions["parley_waiting"] = source


def waiting_for(account_ids: Collection[int]) -> dict[int, Waiting]:
    """What waits for each of these accounts."""
    source: Source | None = current_app.extensions.get("parley_waiting")
    found = source(account_ids) if source and account_ids else {}
    return {one: found.get(one, NOTHING) for one in account_ids}
