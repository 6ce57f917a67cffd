"""Many workers on one queue: racing, freezing, restarting, and with a database, a clock or a token that misbehaves."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pysqlite3.dbapi2
import pytest
from sqlalchemy import create_engine, select, text

from campaigns.deliveries import services
from campaigns.deliveries.engine.places import OF_NETWORK
from campaigns.deliveries.models import Delivery, DeliveryStep
from campaigns.deliveries.timing import AtWall
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Conflict
from tests.databases import KIND
from tests.delivery.board import Board
from tests.delivery.invariants import check, ends, settle_down
from tests.delivery.making import let_pass, look_at, make_account, make_deliveries, story
from tests.delivery.processes import Workers, until
from tests.factories import make_person, make_post
from tests.networks import running

pytestmark = pytest.mark.slow
FULL = os.environ.get("PARLEY_DELIVERY_TESTS") == "full"
# Seconds that a locked database is waited for at once; in full as the product does, thirty on SQLite, else ten.
PATIENCE = {} if FULL else {"patience": 0.3}
RETRIES = 1 if FULL and KIND == "sqlite" else 3  # while it is locked: half a minute in full
SENDS = 1000 if FULL else 400  # during restarts


def key_of(delivery_id: int, part: int = 1) -> str:
    return f"{look_at(delivery_id).key}:part:{part}"


def sent_so_far() -> int:
    return ends()["sent"]


def begun_so_far() -> int:
    """With those that a worker has, or had when it was killed: nobody looks after them before their lease ends."""
    return ends().total() - ends()["scheduled"]


def test_ten_workers_send_five_hundred_due_posts_once_each(shared: Workers, network: Board) -> None:
    post_id = make_post().id
    accounts = [make_account("board", network.url) for _ in range(25)]
    ids = make_deliveries(post_id, accounts * 20, due_at=clock.now())
    workers = [shared.start() for _ in range(10)]
    assert [shared.wait(one) for one in workers] == [0] * 10
    settle_down(shared)
    check([network])
    assert ends() == {"sent": 500}
    assert Counter(one.key for one in network.ledger) == Counter(key_of(one) for one in ids)
    assert {look_at(one).attempts for one in ids} == {1}


def test_a_worker_frozen_during_its_call_changes_nothing_when_it_wakes(
    shared: Workers, network: Board
) -> None:
    accepted, go_on = threading.Event(), threading.Event()

    def hold(key: str) -> None:
        accepted.set()
        go_on.wait(30)

    network.on_accept = hold
    one = make_deliveries(make_post().id, [make_account("board", network.url)], due_at=clock.now())[0]
    frozen = shared.start()
    assert accepted.wait(20)
    os.kill(frozen, signal.SIGSTOP)
    network.on_accept = lambda key: None
    let_pass(400)  # past its lease
    settle_down(shared)
    before = (look_at(one).lease, look_at(one).state, look_at(one).remote_id, story(one))
    assert before[1:3] == ("sent", key_of(one))
    go_on.set()
    os.kill(frozen, signal.SIGCONT)
    assert shared.wait(frozen) == 0
    assert (look_at(one).lease, look_at(one).state, look_at(one).remote_id, story(one)) == before
    check([network])


def test_a_worker_frozen_before_its_call_does_not_make_it_when_it_wakes(
    shared: Workers, network: Board
) -> None:
    """The worst moment: its intent is on disk, nothing has left, and others find that nothing arrived."""
    one = make_deliveries(make_post().id, [make_account("board", network.url)], due_at=clock.now())[0]
    frozen = shared.start(freeze_at="ask:1", seconds=0.1)
    until(lambda: story(one) == ["intended"])
    deadline = db.session.scalars(select(DeliveryStep.deadline_at)).one()
    until(lambda: clock.now() > deadline)
    assert network.requests == []
    let_pass(400)
    settle_down(shared)
    assert look_at(one).state == "sent"
    os.kill(frozen, signal.SIGCONT)
    assert shared.wait(frozen) == 0
    assert [one.method for one in network.requests] == ["GET", "POST"]  # looked, then sent, by the other
    check([network])


def test_a_worker_that_is_asked_to_stop_finishes_its_part_and_leaves_the_rest_to_others(
    shared: Workers, network: Board, tmp_path: Path
) -> None:
    accepted, go_on = threading.Event(), threading.Event()

    def hold(key: str) -> None:
        accepted.set()
        go_on.wait(30)

    network.on_accept = hold
    parts = ("one", "two", "three")
    one = make_deliveries(
        make_post().id, [make_account("board", network.url)], due_at=clock.now(), parts=parts
    )[0]
    heard = tmp_path / "heard"
    worker = shared.start("jobs", heard=str(heard), seconds=30)
    assert accepted.wait(20)
    os.kill(worker, signal.SIGTERM)
    until(heard.exists)
    network.on_accept = lambda key: None
    go_on.set()
    assert shared.wait(worker) == 0
    left = look_at(one)
    assert (left.state, left.attempts, left.lease_until) == ("scheduled", 0, None)
    assert [line.what["text"] for line in network.ledger] == ["one"]
    settle_down(shared)
    assert look_at(one).state == "sent"
    assert [line.what["text"] for line in network.ledger] == list(parts)


def test_restarting_workers_again_and_again_loses_and_doubles_nothing(
    shared: Workers, network: Board
) -> None:
    """A rolling restart: each worker in turn is asked to stop, and now and then one is killed."""
    post_id = make_post().id
    accounts = [make_account("board", network.url) for _ in range(20)]
    make_deliveries(post_id, accounts * (SENDS // 20), due_at=clock.now())
    running_ones = [shared.start("jobs") for _ in range(3)]
    killed = 0
    for turn in range(18):  # by progress, not by time: a slow machine restarts as often as a fast one
        until(lambda turn=turn: begun_so_far() >= SENDS * (turn + 1) // 20)  # type: ignore[misc]
        oldest = running_ones.pop(0)
        if turn % 3 == 1:
            os.kill(oldest, signal.SIGKILL)
            killed += 1
        else:
            os.kill(oldest, signal.SIGTERM)
        running_ones.append(shared.start("jobs"))
        assert shared.wait(oldest) in (0, -signal.SIGKILL)
    assert shared.stop(*running_ones) == [0, 0, 0]
    assert killed >= 1
    settle_down(shared)
    check([network])
    assert ends() == {"sent": SENDS}


def test_a_database_that_is_locked_for_long_delays_and_loses_nothing(
    shared: Workers, network: Board, shared_settings: dict[str, str], tmp_path: Path
) -> None:
    """It is locked while networks answer: the answers are kept until they can be written down."""
    post_id = make_post().id
    accounts = [make_account("board", network.url) for _ in range(4)]
    accepted, go_on = threading.Semaphore(0), threading.Event()

    def hold(key: str) -> None:
        accepted.release()
        go_on.wait(30)

    network.on_accept = hold
    ids = make_deliveries(post_id, accounts * 3, due_at=clock.now())
    retries = tmp_path / "retries"
    worker = shared.start("jobs", retries=str(retries), seconds=30, **PATIENCE)
    for _ in range(4):
        assert accepted.acquire(timeout=20)
    db.session.rollback()
    with locked(shared_settings["PARLEY_DATABASE_URL"]):
        network.on_accept = lambda key: None
        go_on.set()
        until(lambda: retries.exists() and retries.read_text().count("trying again") >= RETRIES)
    until(lambda: sent_so_far() == len(ids), 30)
    assert shared.stop(worker) == [0]
    check([network])
    assert {look_at(one).attempts for one in ids} == {1}
    assert all("unsure" not in story(one) for one in ids)


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Nobody else can write while the block runs."""
    if url.startswith("sqlite"):
        connection = pysqlite3.dbapi2.connect(url.removeprefix("sqlite:///"), timeout=30)
        connection.isolation_level = None
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
        connection.close()
        return
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("LOCK TABLE deliveries, delivery_steps IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()
    engine.dispose()


@pytest.mark.parametrize("ahead", [3600, -3600, -1_790_000_000])
def test_a_worker_whose_clock_jumps_repeats_and_skips_nothing(
    shared: Workers, network: Board, ahead: int
) -> None:
    account_ids = [make_account("board", network.url) for _ in range(4)]
    now = clock.now()
    due = make_deliveries(make_post().id, account_ids, due_at=now - timedelta(minutes=1))
    soon = make_deliveries(make_post().id, account_ids, due_at=now + timedelta(minutes=30))
    wrong, right = shared.start(ahead=ahead), shared.start()
    assert (shared.wait(wrong), shared.wait(right)) == (0, 0)
    assert shared.run(ahead=ahead) == 0
    assert {look_at(one).state for one in due} == {"sent"}
    assert {look_at(one).state for one in soon} == {"scheduled"}
    assert len(network.ledger) == 4
    assert all(look_at(one).lease_until is None for one in due)
    drift = [abs((look_at(one).sent_at or now) - clock.now()) for one in due]
    assert max(drift) < timedelta(minutes=1)  # written down by the clock that all share


def test_two_refreshers_make_one_refresh(shared: Workers, network: Board) -> None:
    network.asks_token, network.token = True, "token-none"
    account_id = make_account(
        "rotating", network.url, secrets={"token": "token-old", "refresh": network.refresh}
    )
    make_deliveries(make_post().id, [account_id] * 8, due_at=clock.now())
    workers = [shared.start("jobs") for _ in range(2)]
    until(lambda: sent_so_far() == 8)
    assert shared.stop(*workers) == [0, 0]
    assert (network.renewals, network.dead_refreshes) == (1, 0)
    check([network])


def test_a_row_that_ends_its_process_is_parked_while_others_go_out(shared: Workers, network: Board) -> None:
    make_person("Nadia Rahimi", "editor", handle=f"nadia{time.monotonic_ns()}")
    post_id = make_post().id
    poison = make_deliveries(post_id, [make_account("poison", network.url)], due_at=clock.now())[0]
    good = make_deliveries(
        post_id, [make_account("board", network.url) for _ in range(5)] * 20, due_at=clock.now()
    )
    ended = []
    for _ in range(40):
        ended.append(shared.run())
        if look_at(poison).state == "refused":
            break
        let_pass(130)
    settle_down(shared)
    assert ended.count(1) == 3
    assert (look_at(poison).code, look_at(poison).told_at is not None) == ("crashed", True)
    assert {look_at(one).state for one in good} == {"sent"}
    assert len(network.ledger) == 100


def test_deciding_at_the_very_second_is_wholly_before_or_wholly_after(
    shared: Workers, network: Board
) -> None:
    """Two workers send while a person cancels, and moves, the same rows."""
    who = make_person("Nadia Rahimi", "editor", handle=f"nadia{time.monotonic_ns()}")
    post_id = make_post().id
    accounts = [make_account("board", network.url) for _ in range(20)]
    ids = make_deliveries(post_id, accounts * 5, due_at=clock.now())
    let_through = threading.Semaphore(10)  # acceptances; then one for each decision
    network.on_accept = lambda key: bool(let_through.acquire(timeout=20))
    workers = [shared.start("jobs", seconds=30) for _ in range(2)]
    until(lambda: sent_so_far() >= 5)
    wanted: dict[int, str] = {}
    tomorrow = AtWall((clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"), "UTC")
    for number, one in enumerate(reversed(ids)):
        try:
            with transaction():
                if number % 2:
                    services.cancel_delivery(one, by=who, at=clock.now())
                else:
                    services.move_delivery(one, tomorrow, by=who, at=clock.now())
        except Conflict:
            wanted[one] = "sent"
        else:
            wanted[one] = "cancelled" if number % 2 else "scheduled"
        let_through.release()
    let_through.release(len(ids))
    until(lambda: sent_so_far() == list(wanted.values()).count("sent"))
    assert shared.stop(*workers) == [0, 0]
    assert {one: look_at(one).state for one in ids} == wanted
    assert {one: network.accepted(key_of(one)) for one in ids} == {
        one: int(end == "sent") for one, end in wanted.items()
    }
    assert 5 < list(wanted.values()).count("sent") < 95  # else nothing raced


def test_nothing_is_sent_once_a_hold_is_committed(shared: Workers, network: Board) -> None:
    """In the middle of a hundred sends: what is not in flight at that moment is held, and lifting sends nothing."""
    who = make_person("Tom Okafor", "manager", handle=f"tom{time.monotonic_ns()}")
    accounts = [make_account("board", network.url) for _ in range(20)]
    ids = make_deliveries(make_post().id, accounts * 10, due_at=clock.now())
    workers = [shared.start("jobs") for _ in range(2)]
    until(lambda: sent_so_far() >= 20)
    with transaction():
        hold_id = services.hold("everything", None, reason="A storm", by=who, at=clock.now())
    intended = set(db.session.scalars(text("SELECT delivery_id FROM delivery_steps")))
    until(lambda: ends()["sent"] + ends()["held"] == len(ids))
    sent = set(db.session.scalars(select(Delivery.id).where(Delivery.state == "sent")))
    assert sent == intended
    assert len(network.ledger) == len(sent) < len(ids)
    with transaction():
        services.lift_hold(hold_id, by=who, at=clock.now())
    (later,) = make_deliveries(make_post().id, [accounts[0]], due_at=clock.now())
    until(lambda: look_at(later).state == "sent")  # so they looked at what is due, after it was lifted
    assert shared.stop(*workers) == [0, 0]
    assert ends() == {"sent": len(sent) + 1, "held": len(ids) - len(sent)}
    assert len(network.ledger) == len(sent) + 1


def test_a_network_that_hangs_holds_up_no_other(shared: Workers, network: Board) -> None:
    with running(Board()) as slow:
        go_on = threading.Event()
        slow.on_accept = lambda key: bool(go_on.wait(60))
        hanging = [make_account("blind", slow.url) for _ in range(20)]
        others = [make_account("board", network.url) for _ in range(5)]
        post_id = make_post().id
        make_deliveries(post_id, hanging, due_at=clock.now() - timedelta(minutes=1))
        ids = make_deliveries(post_id, others * 4, due_at=clock.now())
        worker = shared.start("jobs", seconds=60)
        until(lambda: len(slow.ledger) == OF_NETWORK)
        until(lambda: {look_at(one).state for one in ids} == {"sent"})
        assert len(slow.ledger) == OF_NETWORK  # they overtook those, and no more of those were begun
        go_on.set()
        until(lambda: sent_so_far() == 40)
        assert shared.stop(worker) == [0]
