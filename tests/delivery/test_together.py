"""What several threads write at the same time goes into one transaction, and one that cannot be written spoils no other."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from campaigns.deliveries.engine import together
from campaigns.deliveries.engine.claiming import Claim, claim_due
from campaigns.deliveries.engine.rows import Rows
from cms.core import clock
from tests.delivery.making import look_at, make_account, make_deliveries
from tests.delivery.processes import Workers
from tests.factories import make_post


class Bad(Exception):
    """Of one of them."""


def name(claim: Claim, worker: str) -> Callable[[Rows], str]:
    """Write down who has it; the second of them fails."""

    def act(rows: Rows) -> str:
        assert rows.mine(claim) is not None
        if worker == "two":
            raise Bad
        rows.change(claim, worker=worker)
        return worker

    return act


@pytest.mark.parametrize(
    ("workers", "commits"), [(("one", "three", "four"), 1), (("one", "two", "three"), 2)]
)
def test_words_that_come_together_are_one_transaction_and_a_bad_one_is_alone(
    shared: Workers,
    shared_app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    workers: tuple[str, ...],
    commits: int,
) -> None:
    ids = make_deliveries(make_post().id, [make_account() for _ in workers], due_at=clock.now())
    claims = claim_due("scheduled", 3)
    monkeypatch.setattr(together, "_MOMENT", 60)  # all who are expected are waited for, however slow we are
    said: dict[str, object] = {}
    committed: list[object] = []
    count = committed.append

    def speak(claim: Claim, worker: str) -> None:
        with shared_app.app_context():
            try:
                said[worker] = together.write_together(claim, name(claim, worker))
            except Bad:
                said[worker] = Bad

    threads = [threading.Thread(target=speak, args=each) for each in zip(claims, workers, strict=True)]
    together.expect(len(threads))
    event.listen(Engine, "commit", count)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    event.remove(Engine, "commit", count)
    together.expect(-len(threads))
    assert said == {one: Bad if one == "two" else one for one in workers}
    assert len(committed) == commits
    assert {look_at(one).worker for one in ids} >= set(workers) - {"two"}


def test_who_does_not_come_is_not_waited_for(shared: Workers) -> None:
    [id] = make_deliveries(make_post().id, [make_account()], due_at=clock.now())
    [claim] = claim_due("scheduled", 1)
    together.expect(2)
    assert together.write_together(claim, name(claim, "one")) == "one"
    together.expect(-2)
    assert look_at(id).worker == "one"
