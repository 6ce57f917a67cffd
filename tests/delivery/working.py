"""The jobs of the room in one thread, for tests that want to know what happens when."""

from collections.abc import Callable, Sequence

from campaigns.deliveries.engine.claiming import Claim, claim_due, claim_wishes
from campaigns.deliveries.engine.holding import hold_due
from campaigns.deliveries.engine.looking import look
from campaigns.deliveries.engine.preparing import OnHand, read_on_hand
from campaigns.deliveries.engine.reaping import reap
from campaigns.deliveries.engine.sending import send
from campaigns.deliveries.engine.wishing import grant


def work_off() -> int:
    """Do everything that is due now; gives how many rows were touched."""
    touched = 0
    while True:
        done = reap() + hold_due()
        done += act_on([*claim_due("finishing", 8), *claim_due("scheduled", 8)], send)
        done += act_on(claim_due("unsure", 8), look)
        done += act_on(claim_wishes(8), grant)
        if not done:
            return touched
        touched += done


def act_on(claims: Sequence[Claim], act: Callable[[OnHand], str]) -> int:
    """One after the other; gives how many."""
    for claim in claims:
        act(read_on_hand([claim])[0])
    return len(claims)
