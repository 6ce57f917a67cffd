"""Workers that are killed, at two hundred points of a send's life. Afterwards every ledger has at most one acceptance
of each part, nothing is lost, and nothing is in a state that nobody looks at.

A point is chosen by its seed: an edge inside the worker (a transaction begins, is about to commit, has committed; a
request is about to leave, was answered), or a moment inside the network (the request was read, or accepted, and not
answered). Every tenth worker finds that time has passed, and so works on what others left behind: it may be killed
while it looks that up.
"""

import os
import random
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.deliveries.engine.watching import count_forgotten
from campaigns.deliveries.models import Delivery, DeliveryStep
from cms.core import clock
from cms.core.database import db
from tests.delivery.board import Board
from tests.delivery.invariants import check, ends, settle_down
from tests.delivery.making import let_pass, look_at, make_account, make_deliveries
from tests.delivery.processes import KILLED, Workers
from tests.factories import make_post
from tests.networks import Request, running

HALVES = (range(100), range(100, 200))  # of the seeds: two processes share them
WAYS = ("work_off", "burst")  # in one thread; in several, which write together
CHANNELS = ("board", "blind", "keyed")
IN_NETWORK = 0.3  # of the points


class Killer:
    """Kills a worker from inside its network, at the nth request or acceptance."""

    def __init__(self, network: Board) -> None:
        self.left = 0
        self.of = ""
        self.pid: int | None = None
        self.known = threading.Event()
        network.on_request = lambda request: self._meet("request", request)
        network.on_accept = lambda key: self._meet("accept", key)

    def arm(self, of: str, after: int) -> None:
        """Before the worker starts; `aim` says which it is."""
        self.of, self.left = of, after
        self.known.clear()

    def aim(self, pid: int) -> None:
        self.pid = pid
        self.known.set()

    def _meet(self, of: str, what: Request | str) -> None:
        if of != self.of or not self.left:
            return
        self.left -= 1
        if not self.left:
            assert self.known.wait(10)
            assert self.pid is not None
            os.kill(self.pid, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", HALVES, ids=["first", "second"])
def test_no_kill_makes_a_second_post_or_loses_one(shared: Workers, tmp_path: Path, seeds: range) -> None:
    with running(Board()) as network, running(Board()) as keyed:
        keyed.leaves_out = True
        post_id = make_post().id
        accounts = [make_account(one, (keyed if one == "keyed" else network).url) for one in CHANNELS]
        killer, made, killed = Killer(network), 0, Counter[str]()

        def queue() -> None:
            nonlocal made
            for account_id, parts, upload in zip(
                accounts,
                (("one", "two"), ("one",), ("one",)),
                (True, False, False),
                strict=True,
            ):
                make_deliveries(
                    post_id, [account_id], due_at=clock.now(), parts=parts, upload=upload, first=made + 1
                )
                made += 1

        queue()
        shared.warm()
        edges = {}
        for do in WAYS:
            queue()
            assert shared.run(do, report=str(tmp_path / do)) == 0
            edges[do] = int((tmp_path / do).read_text())
        for seed in seeds:
            dice, do = random.Random(seed), WAYS[seed % 2]
            queue()
            if seed % 10 == 9:
                let_pass(400)
            if dice.random() < IN_NETWORK:
                of = dice.choice(("request", "accept"))
                killer.arm(of, dice.randint(1, 5))
                pid = shared.start(do)
                killer.aim(pid)
            else:
                of = "edge"
                pid = shared.start(do, kill_at=dice.randint(1, edges[do]))
            killed[of] += shared.wait(pid) == KILLED
            killer.arm("", 0)
        settle_down(shared)
        check([network, keyed])
        assert count_forgotten() == 0
        found = ends()
        print(f"\nkilled {dict(killed)} of {len(seeds)} workers; {made} deliveries ended as {dict(found)}")
        assert killed.total() >= 0.9 * len(seeds)
        assert min(killed["request"], killed["accept"]) >= 7
        assert found["sent"] > 0.8 * made
        assert db.session.connection().dialect.name in ("sqlite", "postgresql")


def test_a_worker_killed_between_the_intents_of_many_and_their_calls(shared: Workers) -> None:
    """What was never called is there once in the end; where nobody can look, a person is asked, and nothing is sent."""
    with running(Board()) as network:
        channels = ("board", "blind", "keyed") * 4
        accounts = [make_account(one, network.url) for one in channels]
        ids = make_deliveries(make_post().id, accounts, due_at=clock.now())
        assert shared.run("burst", kill_at="ask:1", moment=60) == KILLED
        intended = select(DeliveryStep.delivery_id).where(DeliveryStep.state == "intended")
        assert set(db.session.scalars(intended)) == set(ids)
        assert network.ledger == []
        let_pass(400)
        settle_down(shared)
        check([network])
        expected = {"board": ("sent", 2), "keyed": ("sent", 2), "blind": ("unsure", 1)}
        left = [look_at(one) for one in ids]
        assert [(one.state, one.attempts) for one in left] == [expected[one] for one in channels]
        assert len(network.ledger) == channels.count("board") + channels.count("keyed")
        assert db.session.scalar(select(Delivery.id).where(Delivery.lease_until.is_not(None))) is None
