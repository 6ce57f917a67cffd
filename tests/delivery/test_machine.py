"""A model of everything that can happen to deliveries, in any order, against the real engine, database and network:
planning, moving, cancelling, holding, deciding, networks that fail, workers that die at any edge or wake up late.

After every act: no part was accepted twice, and every row that is not at its end is somebody's. At the end, with a
healthy network and workers, everything that is sent is there once.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, register_random, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from campaigns.channels.http import Http
from campaigns.channels.messages import Message
from campaigns.channels.services import resume_account
from campaigns.deliveries import services
from campaigns.deliveries.engine import guarding, recording, wishing
from campaigns.deliveries.engine.claiming import Claim, claim_due
from campaigns.deliveries.engine.sending import send
from campaigns.deliveries.models import ASKS_A_PERSON, Delivery, DeliveryStep, Hold
from campaigns.deliveries.timing import AtWall
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Problem
from cms.people.models import Person
from tests.conftest import NOW
from tests.delivery.board import Board
from tests.delivery.making import make_account, make_deliveries
from tests.delivery.working import act_on, work_off
from tests.factories import make_post, nadia
from tests.networks import running

FULL = os.environ.get("PARLEY_DELIVERY_TESTS") == "full"
NETWORKS = ("board", "blind", "keyed")
FAULTS = (
    "cut",
    "cut_before",
    "500",
    "500_after",
    "400",
    "401",
    "503",
    ("429", {"Retry-After": "90"}),
    ("202", {}, {"after": 30}),
)
for dice in (recording._dice, wishing._dice):
    register_random(dice)  # an example that is run again waits as long as before


class Death(BaseException):
    """A worker is gone: like SIGKILL, nothing after it runs."""


@pytest.mark.slow
@pytest.mark.parametrize("half", [1, 2])  # of the examples: two processes share them
def test_whatever_happens_nothing_arrives_twice_and_nothing_is_forgotten(
    reaching: Flask, monkeypatch: pytest.MonkeyPatch, saying: list[str], half: int
) -> None:
    who, post_id, asked = nadia().id, make_post().id, Http.ask
    countdown, ends = {"left": 0}, Counter[str]()

    def edge() -> None:
        countdown["left"] -= 1
        if countdown["left"] == 0:
            raise Death

    def ask(http: Http, *arguments: Any, **options: Any) -> Any:
        edge()
        answer = asked(http, *arguments, **options)
        edge()
        return answer

    monkeypatch.setattr(Http, "ask", ask)

    class Deliveries(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            db.session.remove()
            (reaching.config["PARLEY"].data / guarding.FILE).unlink(missing_ok=True)
            # Taken back in the end: of what runs in one transaction PostgreSQL keeps, and walks, every version.
            self.before = db.engine.begin_nested()
            self.now, self.made, self.zombies = NOW, 0, list[Claim]()
            self.stage = [running(Board()), running(Board())]
            self.plain, self.keyed = (one.__enter__() for one in self.stage)
            self.keyed.leaves_out = True
            self.go_on(0)
            urls = {"keyed": self.keyed.url}
            self.accounts = [make_account(one, urls.get(one, self.plain.url)) for one in NETWORKS]

        def go_on(self, seconds: int) -> None:
            self.now += timedelta(seconds=seconds)
            clock._fixed = self.now

        def rows(self, *states: str) -> list[Delivery]:
            db.session.rollback()
            query = select(Delivery).order_by(Delivery.id)
            return list(db.session.scalars(query.where(Delivery.state.in_(states)) if states else query))

        def decided(self, act: Callable[[Person], object]) -> None:
            """A person does it; that it cannot be done any more is an answer too."""
            try:
                with transaction():
                    act(db.session.get_one(Person, who))
            except Problem:
                pass

        @initialize()
        def begin(self) -> None:
            self.plan(2, 0)

        @rule(parts=st.integers(1, 3), ahead=st.sampled_from((0, 50)))
        def plan_some(self, parts: int, ahead: int) -> None:
            self.plan(parts, ahead)

        def plan(self, parts: int, ahead: int) -> None:
            """One for each network."""
            texts = ["one", "two", "three"][:parts]
            due_at = self.now + timedelta(seconds=ahead)
            make_deliveries(post_id, self.accounts, due_at=due_at, parts=texts, first=self.made + 1)
            self.made += len(self.accounts)
            saying[:] = texts

        @rule(seconds=st.sampled_from((1, 15, 130, 400, 4000)))
        def time_passes(self, seconds: int) -> None:
            self.go_on(seconds)

        @rule()
        def workers_work(self) -> None:
            work_off()

        @rule(edges=st.integers(1, 6), seconds=st.sampled_from((0, 130, 400)))
        def a_worker_dies(self, edges: int, seconds: int) -> None:
            countdown["left"] = edges
            try:
                work_off()
            except Death:
                db.session.rollback()
            countdown["left"] = 0
            self.go_on(seconds)

        @rule()
        def a_worker_freezes(self) -> None:
            self.zombies += claim_due("scheduled", 1)

        @precondition(lambda self: self.zombies)
        @rule()
        def a_frozen_worker_wakes(self) -> None:
            act_on([self.zombies.pop(0)], send)

        @rule(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3))
        def the_network_fails(self, faults: list[Any]) -> None:
            self.plain.script(*faults)

        @precondition(lambda self: self.rows("scheduled", "refused", "held", "missed", "waiting"))
        @rule(pick=st.integers(0, 99), cancels=st.booleans())
        def a_person_cancels_or_moves(self, pick: int, cancels: bool) -> None:
            rows = self.rows("scheduled", "refused", "held", "missed", "waiting")
            one = rows[pick % len(rows)].id  # of as many as there are, which the clock of a call may change
            when = AtWall((self.now + timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M"), "UTC")
            if cancels:
                self.decided(lambda by: services.cancel_delivery(one, by=by, at=self.now))
            else:
                self.decided(lambda by: services.move_delivery(one, when, by=by, at=self.now))

        @precondition(lambda self: self.rows("unsure", "refused", "held", "missed"))
        @rule()
        def a_person_clears_up(self) -> None:
            for row in self.rows(*ASKS_A_PERSON):
                self.clear_up(row.id, row.state, row.key)

        def clear_up(self, id: int, state: str, key: str) -> None:
            if state == "refused":
                self.decided(lambda by: services.retry_deliveries([id], by=by, at=self.now))
            elif state in ("held", "missed"):
                self.decided(lambda by: services.decide(id, "send", None, by=by, at=self.now))
            elif state == "unsure" and db.session.get_one(Delivery, id).look_at is None:
                verdict = "arrived" if self.is_there(id, key) else "did_not_arrive"
                self.decided(lambda by: services.settle(id, verdict, by=by, at=self.now))  # type: ignore[arg-type]

        def is_there(self, id: int, key: str) -> bool:
            """The person looks at the network for the part that is in doubt."""
            step = db.session.scalar(
                select(DeliveryStep.key).where(DeliveryStep.delivery_id == id, DeliveryStep.state == "unsure")
            )
            return any(one.accepted(f"{key}:{step}") for one in (self.plain, self.keyed))

        @rule(place=st.sampled_from(("everything", "account")))
        def a_person_holds(self, place: Any) -> None:
            number = self.accounts[0] if place == "account" else None
            self.decided(lambda by: services.hold(place, number, reason="A storm", by=by, at=self.now))

        @rule()
        def a_person_lifts_and_resumes(self) -> None:
            for hold in db.session.scalars(select(Hold.id).where(Hold.lifted_at.is_(None))).all():
                self.decided(lambda by, hold=hold: services.lift_hold(hold, by=by, at=self.now))  # type: ignore[misc]
            for account_id in self.accounts:
                self.decided(lambda by, one=account_id: resume_account(one, by=by, at=self.now))  # type: ignore[misc]

        @invariant()
        def nothing_arrived_twice(self) -> None:
            accepted = Counter(line.key for one in (self.plain, self.keyed) for line in one.ledger)
            assert all(times == 1 for times in accepted.values()), accepted

        @invariant()
        def every_row_is_somebodys(self) -> None:
            for row in self.rows():
                is_told = row.told_at is not None
                reachable = {
                    "waiting": True,
                    "scheduled": row.due_at is not None and row.lease_until is None,
                    "finishing": row.due_at is not None,
                    "sending": row.lease_until is not None,
                    "unsure": row.look_at is not None or row.lease_until is not None or is_told,
                    "refused": is_told,
                    "missed": is_told,
                    "held": True,  # listed with the hold; the person who held decides
                    "by_hand": is_told,
                    "sent": True,
                    "cancelled": True,
                }
                assert reachable[row.state], (row.state, row.code, row.lease_until)

        def teardown(self) -> None:
            try:
                self.come_to_rest()
            finally:
                for one in self.stage:
                    one.__exit__(None, None, None)
                db.session.remove()
                self.before.rollback()

        def come_to_rest(self) -> None:
            with self.plain.lock:
                self.plain._script.clear()
            for zombie in self.zombies:
                act_on([zombie], send)
            for _ in range(40):
                self.a_person_lifts_and_resumes()
                work_off()
                self.nothing_arrived_twice()
                self.a_person_clears_up()
                if {one.state for one in self.rows()} <= {"sent", "cancelled", "by_hand"}:
                    break
                self.go_on(400)
            else:
                raise AssertionError([(one.state, one.code) for one in self.rows()])
            self.everything_sent_is_there()
            ends.update(one.state for one in self.rows())

        def everything_sent_is_there(self) -> None:
            accepted = {line.key for one in (self.plain, self.keyed) for line in one.ledger}
            for row in self.rows("sent"):
                assert row.payload is not None
                parts = len(Message.from_json(row.payload).parts)
                assert {f"{row.key}:part:{n}" for n in range(1, parts + 1)} <= accepted, row.id

    run_state_machine_as_test(
        Deliveries if FULL else seed(half)(Deliveries),
        settings=settings(
            max_examples=150 if FULL else 15,
            stateful_step_count=30,
            deadline=None,
            derandomize=not FULL,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert ends["sent"] > 50
