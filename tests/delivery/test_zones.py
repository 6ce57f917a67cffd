"""Slots and wall times through the engine while clocks change: each goes out once, at the instant that is documented."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from campaigns.channels.models import AccountSlot
from campaigns.deliveries import services
from campaigns.deliveries.models import Delivery
from campaigns.deliveries.services import Choice
from campaigns.deliveries.timing import NextSlot
from cms.core import clock
from cms.core.database import db, transaction
from tests.delivery.board import Board
from tests.delivery.making import make_account
from tests.delivery.working import work_off
from tests.factories import make_post, nadia, save

pytestmark = pytest.mark.usefixtures("reaching")

# Zone, first week looked at, weekday and wall of a slot that the change of clocks takes away or brings twice
CHANGES = [
    ("Europe/Berlin", datetime(2027, 3, 15, tzinfo=UTC), 6, "02:30"),
    ("Europe/Berlin", datetime(2027, 10, 18, tzinfo=UTC), 6, "02:30"),
    ("America/New_York", datetime(2027, 3, 1, tzinfo=UTC), 6, "02:30"),
    ("America/New_York", datetime(2027, 10, 25, tzinfo=UTC), 6, "01:30"),
    ("Australia/Lord_Howe", datetime(2027, 9, 20, tzinfo=UTC), 6, "02:15"),
    ("Australia/Lord_Howe", datetime(2027, 3, 22, tzinfo=UTC), 6, "01:45"),
    ("America/Santiago", datetime(2027, 8, 23, tzinfo=UTC), 6, "00:00"),
    ("Asia/Kathmandu", datetime(2027, 3, 15, tzinfo=UTC), 6, "02:30"),
    ("Asia/Shanghai", datetime(2027, 3, 15, tzinfo=UTC), 6, "02:30"),
]


@pytest.mark.parametrize(("zone", "begin", "weekday", "wall"), CHANGES)
def test_a_weekly_slot_goes_out_once_a_week_while_clocks_change(
    network: Board, saying: list[str], zone: str, begin: datetime, weekday: int, wall: str
) -> None:
    who, weeks = nadia(), 4
    account_id = make_account("board", network.url, zone=zone)
    save(AccountSlot(account_id=account_id, weekday=weekday, wall=wall))
    with clock.stopped(begin):
        posts = [make_post(f"Week {number}").id for number in range(weeks)]
        for post_id in posts:
            with transaction():
                services.plan_deliveries(post_id, [Choice(account_id, NextSlot())], by=who, at=clock.now())
    planned = db.session.scalars(select(Delivery).order_by(Delivery.due_at)).all()
    due = [one.due_at for one in planned if one.due_at is not None]
    assert len(due) == weeks
    for earlier, later in pairwise(due):
        assert timedelta(days=7, hours=-1) <= later - earlier <= timedelta(days=7, hours=1)
    for instant in due:
        for at, ledger in (
            (instant - timedelta(seconds=1), 0),
            (instant, 1),
            (instant + timedelta(hours=2), 0),
        ):
            with clock.stopped(at):
                before = len(network.ledger)
                work_off()
                assert len(network.ledger) - before == ledger
    db.session.rollback()
    shown = [one.astimezone(ZoneInfo(zone)) for one in due]
    assert {one.isoweekday() % 7 for one in shown} == {(weekday + 1) % 7}
    assert len({(one.isocalendar().year, one.isocalendar().week) for one in shown}) == weeks
    assert db.session.scalars(select(Delivery.state)).all() == ["sent"] * weeks
