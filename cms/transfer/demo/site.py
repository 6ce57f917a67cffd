"""The sample site as rooms below find it when they add theirs. `wiring.py` writes the list of them out.

A maker is a function of a `DemoSite` that writes rows through services; it runs inside the one transaction of the sample
site, after everything here, in the order of the list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app


@dataclass(frozen=True)
class DemoSite:
    """Numbers of what is there, by the names of the sample's own files."""

    at: datetime
    people: Mapping[str, int]  # by handle
    files: Mapping[str, int]  # pictures and recordings, by name
    stories: Mapping[str, int]  # the post that told a story first, drafts too


def makers() -> list[Callable[[DemoSite], None]]:
    """What rooms below add."""
    offered: list[Callable[[DemoSite], None]] = current_app.extensions["parley_demo"]
    return offered
