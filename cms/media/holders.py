"""Where files are used, in words. The library stands above the rooms that use it, so they say: `app.py` writes the
list out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from cms.people.models import Person


@dataclass(frozen=True)
class Holding:
    """One thing that uses a file, as far as this reader may know of it."""

    title: str
    url: str | None
    state: str = ""  # in words: live, in a draft, only in old texts
    kind: str = "quiet"  # good, warn or quiet: how the state is drawn


@dataclass(frozen=True)
class HolderSource:
    """Who can name the holders of some places. `places` are tables that point at media, or what stands before the
    colon of a holder (`post`); what nobody names is shown as it is."""

    label: Any  # a lazy word: "Posts"
    places: frozenset[str]
    find: Callable[[int, Person | None], Sequence[Holding]]  # by the number of the file


def install(app: Flask, sources: Iterable[HolderSource]) -> None:
    """Tell the application who names holders."""
    app.extensions["parley_holders"] = list(sources)


def sources() -> list[HolderSource]:
    """Everybody who names holders."""
    found: list[HolderSource] = current_app.extensions["parley_holders"]
    return found
