"""A database that was restored or copied sends nothing until a person says so."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, text

from campaigns.deliveries import services
from campaigns.deliveries.commands import deliveries
from campaigns.deliveries.engine import guarding
from campaigns.deliveries.models import Delivery, Hold, SendingMark
from cms.core import clock
from cms.core.database import db, transaction
from cms.notices.models import Notice
from cms.people.models import AuditEntry
from cms.transfer.events import DatabaseRestored
from tests.conftest import NOW
from tests.delivery.board import Board
from tests.delivery.making import look_at, make_account, make_deliveries
from tests.delivery.working import work_off
from tests.factories import make_post, nadia

pytestmark = pytest.mark.usefixtures("reaching")


@pytest.fixture
def folder(app: Flask) -> Path:
    """What the data folder knows."""
    return Path(app.config["PARLEY"].data / guarding.FILE)


@pytest.fixture
def sending(network: Board) -> Callable[[], int]:
    """Plan one and do what is due; gives its number."""
    account_id, post_id, occurrence = make_account("board", network.url), make_post().id, 0

    def send_one() -> int:
        nonlocal occurrence
        occurrence += 1
        (one,) = make_deliveries(post_id, [account_id], due_at=NOW, first=occurrence)
        work_off()
        return one

    return send_one


def release() -> Result:
    """As a person does in the shell of this machine."""
    return CliRunner().invoke(deliveries, ["release"])


def holds() -> list[Hold]:
    db.session.rollback()
    return list(db.session.scalars(select(Hold).where(Hold.lifted_at.is_(None))))


def set_back(number: int) -> None:
    """The database is as it was when so many intents were written."""
    with transaction():
        db.session.execute(text("UPDATE sending_marks SET number = :number"), {"number": number})


def test_each_call_is_preceded_by_a_mark_in_the_database_and_in_the_folder(
    network: Board, sending: Callable[[], int], folder: Path
) -> None:
    known: list[int] = []
    network.on_request = lambda request: known.append(json.loads(folder.read_text())["number"])
    for _ in range(3):
        sending()
    (mark,) = db.session.scalars(select(SendingMark))
    assert known == [2, 3, 4]
    assert json.loads(folder.read_text()) == {"folder": mark.folder, "number": 4}
    assert (mark.number, holds()) == (4, [])


def test_a_database_that_went_back_sends_nothing_and_tells_once(
    network: Board, sending: Callable[[], int]
) -> None:
    nadia()
    sending()
    sending()
    set_back(2)
    late = [sending(), sending()]
    assert {look_at(one).state for one in late} == {"held"}
    assert len(network.ledger) == 2
    (hold,) = holds()
    assert (hold.scope, hold.held_by_id) == ("everything", None)
    assert hold.reason == "This database went back to an earlier day: it was restored, or copied."
    (told,) = db.session.scalars(select(Notice))
    assert (told.kind, told.subject) == ("delivery.guarded", f"hold:{hold.id}")
    assert db.session.scalar(select(AuditEntry.act).order_by(AuditEntry.id.desc())) == "delivery.hold"


def test_lifting_it_sends_what_comes_and_leaves_what_was_due_to_a_person(
    network: Board, sending: Callable[[], int]
) -> None:
    who = nadia()
    sending()
    sending()
    set_back(1)
    held = sending()
    with transaction():
        services.lift_hold(holds()[0].id, by=who, at=clock.now())
    new = sending()
    assert (look_at(held).state, look_at(new).state, holds()) == ("held", "sent", [])


def test_a_copy_on_another_machine_sends_nothing_until_it_is_released(
    network: Board, sending: Callable[[], int], folder: Path
) -> None:
    sending()
    folder.unlink()
    held = sending()
    assert (look_at(held).state, len(network.ledger)) == ("held", 1)
    assert holds()[0].reason.startswith("This machine never sent from this database")
    assert "The pause is lifted" in release().output
    assert holds() == []
    new = sending()
    assert (look_at(held).state, look_at(new).state) == ("held", "sent")


def test_a_new_machine_that_was_released_first_holds_nothing(
    sending: Callable[[], int], folder: Path
) -> None:
    sending()
    folder.unlink()
    assert release().exit_code == 0
    assert look_at(sending()).state == "sent"
    assert holds() == []
    assert len(list(db.session.scalars(select(SendingMark)))) == 2


def test_a_restore_holds_everything_once(network: Board, sending: Callable[[], int]) -> None:
    who = nadia()
    sending()
    set_back(1)
    with transaction():
        guarding.follow_restored(DatabaseRestored(at=NOW))
    (hold,) = holds()
    assert hold.reason == "This database was restored."
    held = sending()
    assert look_at(held).state == "held"
    with transaction():
        services.lift_hold(hold.id, by=who, at=NOW)
    assert look_at(sending()).state == "sent"  # the folder and the database agree again
    assert holds() == []
    assert db.session.scalar(select(Delivery.id).where(Delivery.state == "scheduled")) is None
