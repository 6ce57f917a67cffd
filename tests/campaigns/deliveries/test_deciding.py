"""What people decide about deliveries, and what they are told when it cannot be done any more."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.deliveries import services
from campaigns.deliveries.events import DeliveryGone, DeliverySent
from campaigns.deliveries.models import DeliveryEvent, DeliveryStep, Hold
from campaigns.deliveries.services.problems import (
    CannotThere,
    ChangedMeanwhile,
    InFlight,
    NotAsked,
    NotStoppable,
)
from campaigns.deliveries.timing import AtWall
from cms.core import clock, seams
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.people.models import AuditEntry, Person
from tests.conftest import NOW
from tests.delivery import board
from tests.delivery.making import look_at, make_account, make_deliveries, story
from tests.factories import make_post, nadia

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def known_networks() -> None:
    board.install()


@pytest.fixture
def who(app: Flask) -> Person:
    return nadia()


def make(state: str = "scheduled", *, channel: str = "board", parts: int = 1, **fields: object) -> int:
    """A delivery of a live post in a state."""
    if state == "sending":
        fields["lease_until"] = NOW + timedelta(minutes=1)
    return make_deliveries(
        make_post().id,
        [make_account(channel)],
        due_at=NOW,
        parts=("one", "two", "three")[:parts],
        state=state,
        **fields,
    )[0]


def make_step(delivery_id: int, key: str, state: str) -> None:
    with transaction():
        db.session.add(
            DeliveryStep(
                delivery_id=delivery_id,
                key=key,
                state=state,
                publishes=True,
                lease=1,
                intended_at=NOW,
                deadline_at=NOW,
                ended_at=NOW,
            )
        )


def audited() -> list[tuple[str, str]]:
    return [(one.act, one.subject) for one in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


@pytest.mark.parametrize("state", ["waiting", "scheduled", "refused", "missed", "held", "by_hand"])
def test_what_has_not_gone_out_is_cancelled_with_a_trace(who: Person, state: str) -> None:
    one = make(state)
    with transaction():
        services.cancel_delivery(one, by=who, at=clock.now())
    assert (look_at(one).state, look_at(one).version) == ("cancelled", 2)
    assert story(one) == ["cancelled"]
    assert audited() == [("delivery.cancelled", f"delivery:{one}")]


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ("sending", InFlight),
        ("finishing", InFlight),
        ("sent", NotStoppable),
        ("cancelled", NotStoppable),
        ("unsure", NotStoppable),
    ],
)
def test_what_may_be_there_is_not_cancelled(who: Person, state: str, problem: type[Exception]) -> None:
    one = make(state)
    with pytest.raises(problem), transaction():
        services.cancel_delivery(one, by=who, at=clock.now())
    assert (look_at(one).state, story(one), audited()) == (state, [], [])


def test_whoever_read_an_older_version_is_told(who: Person) -> None:
    one = make()
    with transaction():
        services.cancel_delivery(one, expected_version=1, by=who, at=clock.now())
    with pytest.raises(ChangedMeanwhile), transaction():
        services.cancel_delivery(one, expected_version=1, by=who, at=clock.now())


def test_only_what_was_refused_is_retried(who: Person) -> None:
    refused = make("refused", code="400", reason="no", attempts=7, told_at=NOW)
    others = [make(state) for state in ("sent", "unsure", "cancelled", "missed")]
    with transaction():
        assert services.retry_deliveries([refused, *others], by=who, at=clock.now()) == [refused]
    again = look_at(refused)
    assert (again.state, again.due_at, again.attempts, again.code, again.told_at) == (
        "scheduled",
        NOW,
        0,
        "",
        None,
    )
    assert (again.payload, again.payload_hash) == (None, None)
    assert [look_at(one).state for one in others] == ["sent", "unsure", "cancelled", "missed"]


def test_retrying_what_does_not_exist_is_not_found(who: Person) -> None:
    with pytest.raises(NotFound), transaction():
        services.retry_deliveries([4711], by=who, at=clock.now())


def test_settling_as_arrived_announces_it_once(who: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[DeliverySent] = []
    monkeypatch.setitem(seams._handlers, DeliverySent, [heard.append])
    one = make("unsure", look_at=NOW)
    make_step(one, "part:1", "unsure")
    with transaction():
        services.settle(one, "arrived", url="https://example.com/1", by=who, at=clock.now())
    assert (look_at(one).state, look_at(one).look_at, look_at(one).remote_url) == (
        "sent",
        None,
        "https://example.com/1",
    )
    assert [fact.delivery_id for fact in heard] == [one]
    with pytest.raises(NotAsked), transaction():
        services.settle(one, "did_not_arrive", by=who, at=clock.now())


def test_a_part_in_the_middle_that_arrived_leaves_the_rest_to_a_person(who: Person) -> None:
    one = make("unsure", parts=3)
    make_step(one, "part:1", "done")
    make_step(one, "part:2", "unsure")
    with transaction():
        services.settle(one, "arrived", url="https://example.com/2", by=who, at=clock.now())
    assert (look_at(one).state, look_at(one).code) == ("by_hand", "rest_by_hand")
    with transaction():
        services.confirm_by_hand(one, url="https://example.com/3", by=who, at=clock.now())
    assert look_at(one).state == "sent"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.com/1", "https://", "http://[", "h" * 2000])
def test_what_is_no_address_is_refused_in_a_sentence(who: Person, url: str) -> None:
    one = make("by_hand")
    with pytest.raises(Invalid) as refused, transaction():
        services.confirm_by_hand(one, url=url, by=who, at=clock.now())
    assert list(refused.value.errors) == ["url"]
    assert look_at(one).state == "by_hand"


def test_an_address_is_asked_for(who: Person) -> None:
    one = make("by_hand")
    with pytest.raises(Invalid), transaction():
        services.confirm_by_hand(one, url="  ", by=who, at=clock.now())


@pytest.mark.parametrize("state", ["missed", "held"])
def test_missed_and_held_are_sent_now_at_another_time_or_not(who: Person, state: str) -> None:
    now, later, never = (make(state, code=state, told_at=NOW) for _ in range(3))
    with transaction():
        services.decide(now, "send", None, by=who, at=clock.now())
        services.decide(later, "send", AtWall("2026-11-22T09:30", "Asia/Shanghai"), by=who, at=clock.now())
        services.decide(never, "drop", None, by=who, at=clock.now())
    assert (look_at(now).state, look_at(now).due_at, look_at(now).told_at) == ("scheduled", NOW, None)
    moved = look_at(later)
    assert (moved.state, moved.wall, moved.zone) == ("scheduled", "2026-11-22T09:30", "Asia/Shanghai")
    assert moved.due_at == NOW.replace(day=22, hour=1, minute=30)
    assert look_at(never).state == "cancelled"


def test_a_time_that_is_over_is_refused_and_nothing_changes(who: Person) -> None:
    one = make("missed", code="late")
    with pytest.raises(Invalid), transaction():
        services.decide(one, "send", AtWall("2026-11-20T09:30", "UTC"), by=who, at=clock.now())
    assert (look_at(one).state, look_at(one).code, look_at(one).version) == ("missed", "late", 1)


def test_what_does_not_ask_is_not_decided_on(who: Person) -> None:
    one = make("scheduled")
    with pytest.raises(NotAsked), transaction():
        services.decide(one, "drop", None, by=who, at=clock.now())
    assert look_at(one).state == "scheduled"


def test_a_hold_stands_once_and_is_lifted_once(who: Person) -> None:
    with transaction():
        first = services.hold("everything", None, reason="A storm", by=who, at=clock.now())
    with transaction():
        assert services.hold("everything", None, reason="Still", by=who, at=clock.now()) == first
    for _ in range(2):
        with transaction():
            services.lift_hold(first, by=who, at=clock.now())
    hold = db.session.get_one(Hold, first)
    assert (hold.reason, hold.lifted_at, hold.lifted_by_id) == ("A storm", NOW, who.id)
    assert [act for act, _subject in audited()] == ["delivery.hold", "delivery.hold_lifted"]


def test_a_hold_needs_a_reason_and_something_to_hold(who: Person) -> None:
    with pytest.raises(Invalid), transaction():
        services.hold("everything", None, reason="  ", by=who, at=clock.now())
    with pytest.raises(NotFound), transaction():
        services.hold("account", 4711, reason="A storm", by=who, at=clock.now())
    with pytest.raises(Invalid), transaction():
        services.hold("everything", 1, reason="A storm", by=who, at=clock.now())


def test_what_is_gone_there_keeps_a_tombstone(who: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[DeliveryGone] = []
    monkeypatch.setitem(seams._handlers, DeliveryGone, [heard.append])
    one = make("sent", sent_at=NOW, remote_id="9")
    with transaction():
        services.mark_gone(one, by=who, at=clock.now())
    gone = look_at(one)
    assert (gone.state, gone.deleted_at, gone.remote_id) == ("sent", NOW, "9")
    assert [fact.delivery_id for fact in heard] == [one]
    for act in (services.mark_gone, services.edit_sent, services.delete_sent):
        with pytest.raises(NotAsked), transaction():
            act(one, by=who, at=clock.now())


def test_a_network_that_cannot_delete_says_so(who: Person) -> None:
    one = make("sent", channel="slack", sent_at=NOW)
    with pytest.raises(CannotThere), transaction():
        services.delete_sent(one, by=who, at=clock.now())
    assert look_at(one).wish == ""


def test_the_later_wish_counts(who: Person) -> None:
    one = make("sent", sent_at=NOW, lease=4, lease_until=NOW)
    for act in (services.edit_sent, services.delete_sent):
        with transaction():
            act(one, by=who, at=clock.now())
    wished = look_at(one)
    assert (wished.wish, wished.wish_at, wished.lease, wished.lease_until) == ("delete", NOW, 6, None)


def test_a_story_only_grows(who: Person) -> None:
    one = make("refused")
    with transaction():
        services.retry_deliveries([one], by=who, at=clock.now())
    with transaction():
        services.cancel_delivery(one, by=who, at=clock.now())
    lines = db.session.scalars(
        select(DeliveryEvent).where(DeliveryEvent.delivery_id == one).order_by(DeliveryEvent.id)
    ).all()
    assert [(line.kind, line.by_id) for line in lines] == [("retried", who.id), ("cancelled", who.id)]
