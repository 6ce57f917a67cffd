"""Places that follow from scores and votes, as what judges says: `app.py` names the function."""

from collections.abc import Callable, Mapping

from flask import Flask, current_app

Propose = Callable[
    [int], Mapping[int, tuple[int, str]]
]  # contest → entry → its place, and its points in words


def install(app: Flask, propose: Propose) -> None:
    """Tell the application who proposes places."""
    app.extensions["parley_contest_places"] = propose


def proposed_places(contest_id: int) -> Mapping[int, tuple[int, str]]:
    """The places that are proposed; none when nobody judges here, or nothing was scored."""
    propose: Propose | None = current_app.extensions.get("parley_contest_places")
    return propose(contest_id) if propose is not None else {}
