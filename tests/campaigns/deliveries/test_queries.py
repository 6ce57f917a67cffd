"""One delivery, one post, what is in flight; and when own deliveries did best, with the number that rests on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from campaigns.deliveries import queries, services
from campaigns.deliveries.models import Delivery
from campaigns.deliveries.queries.advice import LEAST, Advice, advise
from campaigns.deliveries.timing import AtWall
from cms.core.database import db, transaction
from cms.core.errors import NotFound
from cms.posts.models import Post
from tests.campaigns.deliveries.making import make_account, plan
from tests.conftest import NOW
from tests.factories import make_post, nadia, read_again

pytestmark = pytest.mark.usefixtures("app")
LATER = AtWall("2026-11-22T02:00", "UTC")


def put_into(delivery_id: int, **fields: object) -> None:
    with transaction():
        db.session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**fields))
    db.session.expire_all()


def test_in_flight_is_what_workers_have_in_hand() -> None:
    account = make_account()
    _idle, sending = (plan(make_post(str(one)), account) for one in range(2))
    put_into(sending.id, state="sending", lease_until=NOW)
    assert [one.id for one in queries.in_flight()] == [sending.id]


def test_one_delivery_tells_its_story_with_who_did_what() -> None:
    made, by = plan(make_post(), make_account(), AtWall("2026-11-22T01:00", "UTC")), nadia()
    delivery_id, by_id = made.id, by.id
    with transaction():
        services.move_delivery(delivery_id, LATER, by=by, at=NOW)
    lines = [(one.kind, one.by.id if one.by else None) for one in queries.timeline(delivery_id)]
    assert lines == [("planned", None), ("moved", by_id)]
    found = queries.get_delivery(delivery_id)
    assert (found.post is not None, found.account.name, found.campaign, found.revision) == (
        True, "Our hook", None, None,
    )  # fmt: skip
    with pytest.raises(NotFound):
        queries.get_delivery(999)


def test_the_deliveries_of_a_post_are_one_query_and_paged(count_queries: list[str]) -> None:
    post_id, counts = make_post().id, []
    for name in ("One", "Two", "Three"):
        plan(read_again(Post, post_id), make_account(name), LATER)
        db.session.expunge_all()
        count_queries.clear()
        found = queries.deliveries_of_post(post_id)
        assert [one.account.name for one in found][-1] == "One"
        counts.append(len(count_queries))
    assert counts == [1, 1, 1]
    page = queries.deliveries_of_post(post_id, limit=2)
    assert [one.account.name for one in page] == ["Three", "Two"]
    assert [one.account.name for one in queries.deliveries_of_post(post_id, before=page[-1].id)] == ["One"]


def test_below_so_many_deliveries_nothing_is_advised() -> None:
    samples = [(datetime(2026, 11, 23, 9, tzinfo=UTC), 10.0)] * (LEAST - 1)
    found = advise(samples)
    assert (found.is_enough, found.missing, found.median, found.best) == (False, 1, 10.0, ())
    assert advise([]) == Advice(0, None, ())


def test_the_best_hours_are_named_with_what_they_rest_on_and_thin_ones_are_not() -> None:
    monday, sunday = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)
    samples = [(monday + timedelta(hours=9 + one % 3), 20.0 + one) for one in range(6)]
    samples += [(monday + timedelta(hours=15), 1.0)] * 25
    samples += [(sunday + timedelta(hours=20), 500.0)] * 4  # four are no ground for advice
    found = advise(samples)
    assert [
        (one.is_weekend, one.from_hour, one.until_hour, one.deliveries, one.median) for one in found.best
    ] == [(False, 9, 12, 6, 22.5)]
    assert (found.deliveries, found.median) == (35, 1.0)


def test_advice_rests_on_own_sent_deliveries_with_a_figure_by_the_clock_of_the_account() -> None:
    account = make_account(zone="Asia/Shanghai")
    sent = [plan(make_post(f"Post {one}"), account).id for one in range(3)]
    for number in sent:
        put_into(number, state="sent", sent_at=NOW - timedelta(days=1))
    other = plan(make_post("Other"), make_account("Another")).id
    found = queries.best_times(account.id, {sent[0]: 4.0, sent[1]: 6.0, other: 900.0}, at=NOW)
    assert (found.deliveries, found.median) == (2, 5.0)
    assert queries.best_times(account.id, {sent[0]: 4.0}, at=NOW + timedelta(days=400)).deliveries == 0
