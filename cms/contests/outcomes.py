"""What whoever judges has for an author once names are open, besides a place: `app.py` names the function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import Flask, current_app


@dataclass(frozen=True)
class Outcome:
    """Words of jurors, and codes of this author's certificates."""

    comments: Sequence[str] = field(default_factory=tuple)
    certificates: Sequence[str] = field(default_factory=tuple)


Tell = Callable[[int, int], Outcome]  # entry, person


def install(app: Flask, tell: Tell) -> None:
    """Tell the application who knows."""
    app.extensions["parley_contest_outcomes"] = tell


def outcome_of(entry_id: int, person_id: int) -> Outcome:
    """What there is for this author of this entry; nothing where nobody judges."""
    tell: Tell | None = current_app.extensions.get("parley_contest_outcomes")
    return tell(entry_id, person_id) if tell is not None else Outcome()
