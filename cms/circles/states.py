"""How somebody may come to stand to a circle: one table, asked by every service that changes it.

`None` is no tie. An invitation that meets a request is a membership, whichever came first; whoever is banned gets no
further by asking or by being invited.
"""

from flask_babel import lazy_gettext as _

from cms.core.errors import Conflict

State = str | None
AFTER: dict[tuple[State, str], State] = {
    (None, "join"): "member",
    (None, "ask"): "requested",
    (None, "invite"): "invited",
    (None, "ban"): "banned",
    ("requested", "join"): "member",
    ("requested", "ask"): "requested",
    ("requested", "invite"): "member",
    ("requested", "approve"): "member",
    ("requested", "refuse"): None,
    ("requested", "leave"): None,
    ("requested", "ban"): "banned",
    ("invited", "join"): "member",
    ("invited", "ask"): "member",
    ("invited", "invite"): "invited",
    ("invited", "accept"): "member",
    ("invited", "remove"): None,
    ("invited", "leave"): None,
    ("invited", "ban"): "banned",
    ("member", "join"): "member",
    ("member", "ask"): "member",
    ("member", "accept"): "member",
    ("member", "approve"): "member",
    ("member", "invite"): "member",
    ("member", "leave"): None,
    ("member", "remove"): None,
    ("member", "ban"): "banned",
    ("banned", "ban"): "banned",
    ("banned", "lift"): None,
}


class NotPossible(Conflict):
    """The act makes no sense from where they stand."""

    message = _("This is not possible any more. Please look at the page again.")


class Banned(Conflict):
    """They were shut out."""

    message = _("This account was shut out of the circle. The editors of the site can look at it again.")


def after(state: State, act: str) -> State:
    """Where an act leads from a state; refused when it leads nowhere."""
    if (state, act) not in AFTER:
        raise Banned if state == "banned" else NotPossible
    return AFTER[state, act]
