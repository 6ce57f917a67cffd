"""Rows that nothing looks at: found by the doctor and the metrics, and told once."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.deliveries import jobs
from campaigns.deliveries.engine import watching
from campaigns.deliveries.models import Delivery
from cms.core import clock
from cms.core.database import db, transaction
from cms.notices.models import Notice
from tests.conftest import NOW
from tests.delivery.making import make_account, make_deliveries
from tests.factories import make_post, nadia

pytestmark = pytest.mark.usefixtures("app")


def make(state: str = "scheduled", due_at: datetime = NOW, **fields: object) -> int:
    return make_deliveries(make_post().id, [make_account()], due_at=due_at, state=state, **fields)[0]


LATE = NOW - timedelta(minutes=5)


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("scheduled", {"due_at": LATE}),
        ("finishing", {"due_at": LATE}),
        ("sending", {"lease_until": LATE}),
        ("unsure", {"look_at": LATE}),
        ("unsure", {}),
        ("sent", {"wish": "delete", "wish_at": LATE}),
        ("refused", {}),
        ("missed", {}),
        ("by_hand", {}),
    ],
)
def test_whatever_nothing_looks_at_is_found_and_told_once(state: str, fields: dict[str, object]) -> None:
    nadia()
    assert jobs.check_deliveries().is_well
    make(state, **fields)  # type: ignore[arg-type]
    found = jobs.check_deliveries()
    assert (found.is_well, found.words[:2]) == (False, "1 ")
    assert watching.tell_of_forgotten() == 1
    watching.tell_of_forgotten()
    assert [(one.kind, one.times) for one in db.session.scalars(select(Notice))] == [("delivery.stuck", 1)]


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("scheduled", {"due_at": LATE + timedelta(seconds=1)}),
        ("waiting", {"due_at": LATE}),
        ("sending", {"due_at": LATE, "lease_until": NOW + timedelta(minutes=1)}),
        ("unsure", {"look_at": NOW}),
        ("unsure", {"told_at": LATE}),
        ("refused", {"told_at": LATE}),
        ("held", {"due_at": LATE}),
        ("sent", {}),
        ("cancelled", {"due_at": LATE}),
    ],
)
def test_what_somebody_looks_at_is_left_alone(state: str, fields: dict[str, object]) -> None:
    make(state, **fields)  # type: ignore[arg-type]
    assert watching.count_forgotten() == 0


def test_what_waits_at_a_paused_account_is_known_about() -> None:
    one = make(due_at=LATE)
    with transaction():
        db.session.get_one(Account, db.session.get_one(Delivery, one).account_id).state = "paused"
    assert watching.count_forgotten() == 0
    assert watching.oldest_due() == 0


def test_the_metrics_say_how_late_the_oldest_is(client: FlaskClient) -> None:
    make(due_at=NOW - timedelta(seconds=400))
    make("held")
    said = client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).text
    assert "parley_deliveries_forgotten 1.0\n" in said
    assert "parley_delivery_lag_seconds 400.0\n" in said
    assert 'parley_deliveries{state="held"} 1.0\n' in said
    assert clock.now() == NOW
