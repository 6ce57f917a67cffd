"""What the worker runs here."""

import itertools
import time
from collections.abc import Callable
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric

from campaigns.deliveries import upkeep
from campaigns.deliveries.engine import watching
from campaigns.deliveries.engine.claiming import Claim, claim_due, claim_wishes, is_anything_due
from campaigns.deliveries.engine.holding import hold_due
from campaigns.deliveries.engine.looking import look
from campaigns.deliveries.engine.places import Places
from campaigns.deliveries.engine.preparing import OnHand, read_on_hand
from campaigns.deliveries.engine.reaping import reap
from campaigns.deliveries.engine.sending import send
from campaigns.deliveries.engine.wishing import grant
from cms.core import worker
from cms.core.doctor import Check, Finding
from cms.core.worker import Job

PLACES = Places()
ASKING = 8  # each time so many, what networks are not done with is looked for too
_WAIT = 0.5  # seconds for a place to become free, before the job says what it did and comes again
_TURN = 10.0  # seconds of one run of a job that always finds more


def send_due() -> dict[str, Any]:
    """Start sending everything that is due, as places become free, and asking about what networks are not done with."""
    if not is_anything_due():
        return {}
    turn = itertools.count()

    def claims() -> list[Claim]:
        asked = _claim("finishing") if next(turn) % ASKING == 0 else []
        return asked or _claim("scheduled")

    return _start(claims, send, "started")


def look_up_unsure() -> dict[str, Any]:
    """Look up what nobody knows the end of."""
    return _start(lambda: _claim("unsure"), look, "looked_up")


def grant_wishes() -> dict[str, Any]:
    """Edit and delete at networks what people wished."""
    return _start(lambda: claim_wishes(PLACES.free), grant, "granted")


def look_after_abandoned() -> dict[str, Any]:
    """Take over rows whose worker went away."""
    reaped = reap()
    return {"reaped": reaped} if reaped else {}


def hold_what_is_due() -> dict[str, Any]:
    """Put aside what is due under a hold."""
    held = hold_due()
    return {"held": held} if held else {}


def watch() -> dict[str, Any]:
    """Tell the staff of rows that nothing looks at."""
    told = watching.tell_of_forgotten()
    return {"stuck": told} if told else {}


def check_deliveries() -> Finding:
    """For the doctor: no delivery is due without anybody looking at it."""
    forgotten = watching.count_forgotten()
    if forgotten:
        return Finding(
            "Deliveries", False, f"{forgotten} should have gone out or been looked at. Does a worker run?"
        )
    return Finding("Deliveries", True, "Nothing waits longer than it should.")


def figures() -> list[Metric]:
    """For the metrics: what nobody looks at (there should be none), how late the oldest due one is, and how many stand
    where."""
    states = GaugeMetricFamily("parley_deliveries", "Deliveries that are not at their end", labels=["state"])
    for state, count in watching.count_open().items():
        states.add_metric([state], count)
    return [
        GaugeMetricFamily(
            "parley_deliveries_forgotten",
            "Deliveries that should have gone out or been looked at five minutes ago",
            value=watching.count_forgotten(),
        ),
        GaugeMetricFamily(
            "parley_delivery_lag_seconds",
            "Seconds since the oldest delivery that may go out was due",
            value=watching.oldest_due(),
        ),
        states,
    ]


def _start(claims: Callable[[], list[Claim]], act: Callable[[OnHand], str], name: str) -> dict[str, Any]:
    """Claim and start as long as there is something due and, now and then, a place for it."""
    started, began = 0, time.monotonic()
    while not worker.is_stopping() and time.monotonic() - began < _TURN:
        finished = PLACES.finished
        taken = claims()
        if taken:
            PLACES.start(read_on_hand(taken), act)
            started += len(taken)
            PLACES.breathe(finished)
        elif not PLACES.wait_for_another(finished, _WAIT):
            break
    return {name: started} if started else {}


def _claim(state: str) -> list[Claim]:
    return claim_due(state, PLACES.free, but_accounts=PLACES.full_accounts, room_at=PLACES.room_at)


JOBS: list[Job] = [
    Job("send_due_deliveries", send_due, every=0.5, finish=PLACES.wait_for_all),
    Job("look_after_abandoned_deliveries", look_after_abandoned, every=5),
    Job("look_up_unsure_deliveries", look_up_unsure, every=5),
    Job("grant_delivery_wishes", grant_wishes, every=2),
    Job("hold_due_deliveries", hold_what_is_due, every=5),
    Job("watch_deliveries", watch, every=60),
    *upkeep.JOBS,
]
CHECKS: list[Check] = [check_deliveries]
FIGURES = [figures]
