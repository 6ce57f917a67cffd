"""Putting deliveries into the queue, moving them, and following their post."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns.deliveries import services, upkeep
from campaigns.deliveries.models import Delivery, DeliveryStep
from campaigns.deliveries.timing import AtWall, NextSlot, Now, When, WithPost
from campaigns.links.models import Link
from cms.comments import services as comments
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.core.walltime import AmbiguousTime
from cms.notices.models import Notice
from cms.posts import services as posts
from cms.posts.models import Post
from tests.campaigns.deliveries.making import make_account, plan, story
from tests.conftest import NOW
from tests.factories import make_campaign, make_post, nadia, rae, read_again, revise, save

pytestmark = pytest.mark.usefixtures("app")
TOMORROW = AtWall("2026-11-22T09:30", "Asia/Shanghai")
TOMORROW_AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def publish(post: Post, at: datetime = NOW) -> None:
    post_id = post.id
    with transaction():
        posts.publish_post(post_id, by=None, at=at)


def move(delivery: Delivery, when: When, **fields: object) -> Delivery:
    """As Nadia does it, unless somebody else is named."""
    delivery_id, by = delivery.id, fields.pop("by", None) or nadia()
    with transaction():
        services.move_delivery(delivery_id, when, by=by, at=clock.now(), **fields)  # type: ignore[arg-type]
    return read_again(Delivery, delivery_id)


def test_a_live_post_is_scheduled_at_the_instant_its_wall_means() -> None:
    made = plan(make_post(), make_account(latest_minutes=90), TOMORROW)
    assert (made.state, made.due_at, made.planned_at) == ("scheduled", TOMORROW_AT, TOMORROW_AT)
    assert (made.wall, made.zone, made.timing, made.latest_minutes) == (
        "2026-11-22T09:30", "Asia/Shanghai", "wall", 90,
    )  # fmt: skip
    assert (made.title, made.occurrence, made.version, len(made.key)) == ("Spring notes", 1, 1, 36)
    assert story(made.id) == ["planned"]


def test_a_draft_waits_for_its_post_and_keeps_its_time() -> None:
    made = plan(make_post(publish=False), make_account(), TOMORROW)
    assert (made.state, made.due_at) == ("waiting", TOMORROW_AT)


def test_each_choice_gets_a_delivery_and_a_link_of_its_own() -> None:
    post = make_post()
    campaign = make_campaign("Clean rivers", posts=[post])
    first, second = make_account(), make_account("Letters", "email", utm_source="letter", utm_medium="mail")
    post_id, choices = post.id, [services.Choice(one.id, Now()) for one in (second, first)]
    with transaction():
        made = services.plan_deliveries(post_id, choices, by=None, at=NOW)
    rows = [read_again(Delivery, one) for one in made]
    links = [read_again(Link, one.link_id) for one in rows if one.link_id]
    assert [one.account_id for one in rows] == [second.id, first.id]
    assert [one.utm for one in links] == [
        {"source": "letter", "medium": "mail", "campaign": campaign.slug, "content": "spring-notes"},
        {"source": "webhook", "medium": "social", "campaign": campaign.slug, "content": "spring-notes"},
    ]
    assert {one.target for one in links} == {"http://localhost/posts/spring-notes"}
    assert {one.campaign_id for one in rows} == {campaign.id}
    assert len({one.key for one in rows}) == 2


def test_a_link_says_the_number_of_a_post_whose_slug_is_no_utm_value() -> None:
    made = plan(make_post(slug="a" * 81), make_account())
    assert made.link_id is not None
    assert read_again(Link, made.link_id).utm["content"] == f"article-{made.post_id}"


def test_two_editors_who_schedule_the_same_post_meet() -> None:
    post, account = make_post(), make_account("Our hook")
    first = plan(post, account, TOMORROW)
    with pytest.raises(services.AlreadyPlanned) as refused:
        plan(post, account, Now())
    assert refused.value.delivery_ids == (first.id,)
    assert refused.value.message == (
        "Our hook has this post planned already. Move or cancel what is planned there first."
    )
    with pytest.raises(services.AlreadyPlanned):
        plan(post, account, Now(), again=True)
    assert db.session.scalars(select(Delivery.id)).all() == [first.id]


def test_one_refused_choice_refuses_them_all() -> None:
    post, taken, free = make_post(), make_account(), make_account("Another")
    plan(post, taken, TOMORROW)
    post_id, choices = post.id, [services.Choice(free.id, Now()), services.Choice(taken.id, Now())]
    with pytest.raises(services.AlreadyPlanned), transaction():
        services.plan_deliveries(post_id, choices, by=None, at=NOW)
    assert len(db.session.scalars(select(Delivery.id)).all()) == 1
    assert len(db.session.scalars(select(Link.id)).all()) == 1


@pytest.mark.parametrize("state", ["refused", "missed", "unsure", "held", "by_hand"])
def test_what_is_not_done_with_is_decided_on_before_there_is_another(state: str) -> None:
    post, account = make_post(), make_account()
    first = plan(post, account)
    with transaction():
        read_again(Delivery, first.id).state = state
    with pytest.raises(services.AlreadyPlanned):
        plan(post, account)


def test_again_makes_a_new_occurrence_of_what_was_sent() -> None:
    post, account = make_post(), make_account()
    first = plan(post, account)
    with transaction():
        read_again(Delivery, first.id).state = "sent"
    with pytest.raises(services.AlreadySent):
        plan(post, account)
    second = plan(post, account, again=True)
    assert (second.occurrence, second.link_id != first.link_id) == (2, True)
    assert read_again(Delivery, first.id).state == "sent"


def test_what_was_cancelled_is_planned_anew_with_the_next_number() -> None:
    post, account = make_post(), make_account()
    first = plan(post, account)
    with transaction():
        read_again(Delivery, first.id).state = "cancelled"
    assert plan(post, account).occurrence == 2


@pytest.mark.parametrize(
    ("when", "field"),
    [
        (AtWall("2026-11-21T19:59", "Asia/Shanghai"), "wall"),  # past
        (AtWall("2027-03-28T02:30", "Europe/Berlin"), "wall"),  # does not exist
        (AtWall("2026-11-22T09:30", "Asia/Atlantis"), "zone"),
        (AtWall("tomorrow", "Asia/Shanghai"), "wall"),
        (WithPost(-1), "after"),
        (NextSlot(), "when"),  # it has none
    ],
)
def test_a_time_that_makes_no_sense_is_refused_with_its_field(when: When, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        plan(make_post(), make_account(), when)
    assert list(refused.value.errors) == [field]
    assert db.session.scalars(select(Delivery.id)).all() == []


def test_a_wall_that_comes_twice_is_asked_about_and_both_answers_hold() -> None:
    post = make_post()
    with pytest.raises(AmbiguousTime):
        plan(post, make_account(), AtWall("2027-10-31T02:30", "Europe/Berlin"))
    made = [
        plan(post, make_account(f"Hook {which}"), AtWall("2027-10-31T02:30", "Europe/Berlin", which)).due_at
        for which in (0, 1)
    ]
    assert made == [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_a_post_in_the_trash_or_nowhere_is_not_planned() -> None:
    with pytest.raises(services.PostGone):
        plan(make_post(trashed=True), make_account())
    account_id = make_account("Another").id
    with pytest.raises(NotFound), transaction():
        services.plan_deliveries(999, [services.Choice(account_id, Now())], by=None, at=NOW)


def test_a_removed_account_is_not_planned_for_and_a_paused_one_is() -> None:
    post = make_post()
    with pytest.raises(Invalid):
        plan(post, make_account(state="removed"))
    assert plan(post, make_account("Paused", state="paused")).state == "scheduled"


def test_quiet_hours_wait_unless_a_person_says_even_then() -> None:
    post = make_post()
    quiet = {"quiet_from": "19:00", "quiet_until": "07:30"}  # it is 20:00 in Shanghai
    assert plan(post, make_account(**quiet)).due_at == datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert plan(post, make_account("Loud", **quiet), ignores_quiet=True).due_at == NOW


def test_the_next_free_slot_is_taken_one_after_the_other() -> None:
    account = make_account(slots=[(0, "09:00"), (2, "09:00")])
    due = [plan(make_post(f"Post {one}"), account, NextSlot()) for one in range(3)]
    assert [(one.wall, one.timing) for one in due] == [
        ("2026-11-23T09:00", "slot"), ("2026-11-25T09:00", "slot"), ("2026-11-30T09:00", "slot"),
    ]  # fmt: skip
    with transaction():
        read_again(Delivery, due[0].id).state = "cancelled"
    assert plan(make_post("Post 4"), account, NextSlot()).wall == "2026-11-23T09:00"


def test_a_slot_of_a_post_that_is_published_later_comes_after_that() -> None:
    account = make_account(slots=[(0, "09:00")])
    draft = make_post(publish=False, due_at=NOW + timedelta(days=3))
    assert plan(draft, account, NextSlot()).wall == "2026-11-30T09:00"


# Moving ---------------------------------------------------------------------------------------------------------


def test_moving_gives_another_time_and_another_version() -> None:
    made = move(plan(make_post(), make_account(), TOMORROW), AtWall("2026-11-22T10:00", "Asia/Shanghai"))
    assert (made.wall, made.due_at, made.planned_at, made.version) == (
        "2026-11-22T10:00", TOMORROW_AT + timedelta(minutes=30), TOMORROW_AT + timedelta(minutes=30), 2,
    )  # fmt: skip
    assert story(made.id) == ["planned", "moved"]


def test_moving_what_somebody_moved_meanwhile_is_a_conflict() -> None:
    made = plan(make_post(), make_account(), TOMORROW)
    by = nadia()
    moved = move(made, Now(), expected_version=1, by=by)
    with pytest.raises(services.ChangedMeanwhile):
        move(moved, TOMORROW, expected_version=1, by=by)
    assert read_again(Delivery, made.id).due_at == NOW


@pytest.mark.parametrize("state", ["sent", "refused", "cancelled", "unsure", "by_hand"])
def test_what_is_sent_or_over_is_not_moved(state: str) -> None:
    made = plan(make_post(), make_account())
    with transaction():
        read_again(Delivery, made.id).state = state
    with pytest.raises(services.NotMovable):
        move(made, TOMORROW)


def test_a_thread_of_which_readers_see_the_beginning_is_not_moved() -> None:
    made = plan(make_post(), make_account())
    save(
        DeliveryStep(
            delivery_id=made.id,
            key="part:1",
            state="done",
            publishes=True,
            lease=1,
            intended_at=NOW,
            deadline_at=NOW,
        )
    )
    with pytest.raises(services.NotMovable):
        move(made, TOMORROW)


def test_a_slot_may_move_to_the_next_and_is_not_in_its_own_way() -> None:
    account = make_account(slots=[(0, "09:00"), (2, "09:00")])
    made = plan(make_post(), account, AtWall("2026-11-25T09:00", "Asia/Shanghai"))
    assert move(made, NextSlot()).wall == "2026-11-23T09:00"


# The post ---------------------------------------------------------------------------------------------------------


def test_publishing_schedules_what_waited_with_it() -> None:
    draft = make_post(publish=False)
    waiting = [
        plan(draft, make_account(f"Hook {number}"), when)
        for number, when in enumerate([WithPost(), WithPost(20), Now(), TOMORROW])
    ]
    assert [(one.state, one.due_at) for one in waiting] == [("waiting", None)] * 3 + [
        ("waiting", TOMORROW_AT)
    ]
    publish(draft)
    rows = [read_again(Delivery, one.id) for one in waiting]
    assert [(one.state, one.due_at) for one in rows] == [
        ("scheduled", NOW),
        ("scheduled", NOW + timedelta(minutes=20)),
        ("scheduled", NOW),
        ("scheduled", TOMORROW_AT),
    ]
    assert story(rows[0].id) == ["planned", "scheduled"]


def test_a_post_published_late_goes_out_at_once_or_is_missed() -> None:
    draft = make_post(publish=False)
    patient = plan(draft, make_account("Patient", latest_minutes=120), TOMORROW)
    strict = plan(draft, make_account("Strict", latest_minutes=30), TOMORROW)
    publish(draft, TOMORROW_AT + timedelta(hours=1))
    assert (read_again(Delivery, patient.id).state, patient.due_at) == ("scheduled", TOMORROW_AT)
    missed = read_again(Delivery, strict.id)
    assert (missed.state, missed.code) == ("missed", "post_too_late")


def test_a_slot_that_passed_while_the_post_waited_is_the_next_one() -> None:
    draft = make_post(publish=False)
    made = plan(draft, make_account(slots=[(0, "09:00")]), NextSlot())
    publish(draft, datetime(2026, 11, 24, tzinfo=UTC))
    made = read_again(Delivery, made.id)
    assert (made.state, made.wall) == ("scheduled", "2026-11-30T09:00")


def test_a_post_taken_down_holds_back_what_has_not_gone_out() -> None:
    post = make_post()
    kept, gone = plan(post, make_account(), TOMORROW), plan(post, make_account("Sent"))
    with transaction():
        read_again(Delivery, gone.id).state = "sent"
    post_id = post.id
    with transaction():
        posts.take_down_post(post_id, by=None, at=NOW)
    assert [read_again(Delivery, one.id).state for one in (kept, gone)] == ["waiting", "sent"]
    with transaction():
        posts.publish_post(post_id, by=None, at=NOW)
    kept = read_again(Delivery, kept.id)
    assert (kept.state, kept.due_at) == ("scheduled", TOMORROW_AT)
    assert story(kept.id) == ["planned", "waits", "scheduled"]


def test_a_post_put_in_the_trash_sends_nothing() -> None:
    post = make_post()
    made = plan(post, make_account(), TOMORROW)
    post_id = post.id
    with transaction():
        posts.trash_post(post_id, by=None, at=NOW)
    assert read_again(Delivery, made.id).state == "waiting"


# Upkeep -----------------------------------------------------------------------------------------------------------


def test_what_waits_longer_than_its_account_allows_is_missed() -> None:
    made = plan(make_post(publish=False), make_account(latest_minutes=60), TOMORROW)
    with clock.stopped(TOMORROW_AT + timedelta(minutes=59)):
        assert upkeep.look_after_waiting() == {}
    with clock.stopped(TOMORROW_AT + timedelta(minutes=61)):
        assert upkeep.look_after_waiting() == {"missed": 1}
        assert upkeep.look_after_waiting() == {}
    made = read_again(Delivery, made.id)
    assert (made.state, made.code) == ("missed", "post_not_live")
    assert story(made.id) == ["planned", "missed"]


def test_those_missed_while_their_posts_were_not_there_are_told_of_once_an_account() -> None:
    who, account = nadia(), make_account(latest_minutes=60)
    made = [plan(make_post(publish=False), account, TOMORROW) for _ in range(3)]
    with clock.stopped(TOMORROW_AT + timedelta(minutes=61)):
        assert upkeep.look_after_waiting() == {"missed": 3}
    assert all(read_again(Delivery, one.id).told_at is not None for one in made)
    (told,) = db.session.scalars(select(Notice).where(Notice.person_id == who.id))
    assert (told.kind, told.subject) == ("delivery.missed", f"account:{account.id}")
    assert "delivery" not in told.detail


def test_what_goes_out_with_its_post_or_in_a_slot_after_it_is_never_missed() -> None:
    account, draft = make_account(slots=[(6, "21:00")], latest_minutes=0), make_post(publish=False)
    slot, with_post = plan(draft, account, NextSlot()), plan(draft, make_account("Another"), WithPost())
    with clock.stopped(NOW + timedelta(days=30)):
        assert upkeep.look_after_waiting() == {}
        publish(draft, NOW + timedelta(days=30))
    assert [read_again(Delivery, one.id).state for one in (slot, with_post)] == ["scheduled"] * 2
    assert read_again(Delivery, slot.id).wall == "2026-12-27T21:00"


def test_what_was_to_go_out_with_a_post_that_was_taken_down_goes_out_with_it_again() -> None:
    post = make_post()
    made, post_id = plan(post, make_account(latest_minutes=10), WithPost(20)), post.id
    with transaction():
        posts.take_down_post(post_id, by=None, at=NOW)
    waiting = read_again(Delivery, made.id)
    assert (waiting.state, waiting.due_at) == ("waiting", None)
    later = NOW + timedelta(days=2)
    with transaction():
        posts.publish_post(post_id, by=None, at=later)
    assert read_again(Delivery, made.id).due_at == later + timedelta(minutes=20)


def test_what_waits_for_a_post_that_is_removed_for_good_is_cancelled() -> None:
    post = make_post()
    made = plan(post, make_account(), TOMORROW)
    post_id = post.id
    with transaction():
        posts.trash_post(post_id, by=None, at=NOW)
    with transaction():
        posts.purge_post(post_id, by=None, at=NOW)
    assert upkeep.look_after_waiting() == {"cancelled": 1}
    made = read_again(Delivery, made.id)
    assert (made.state, made.post_id, made.title) == ("cancelled", None, "Spring notes")


def test_planned_instants_follow_their_walls_when_the_rules_of_a_zone_change() -> None:
    made = plan(make_post(), make_account(), TOMORROW)
    assert upkeep.realign_deliveries() == {}
    with transaction():  # as it was computed under other rules
        row = read_again(Delivery, made.id)
        row.due_at = row.planned_at = TOMORROW_AT + timedelta(hours=1)
    assert upkeep.realign_deliveries() == {"moved": 1}
    made = read_again(Delivery, made.id)
    assert (made.due_at, made.planned_at, made.version) == (TOMORROW_AT, TOMORROW_AT, 2)
    assert story(made.id) == ["planned", "realigned"]


def test_times_of_slots_and_repeats_follow_their_walls_too_and_what_is_tried_already_stays() -> None:
    account = make_account(slots=[(0, "09:00")])
    slot, tried = plan(make_post("Slot"), account, NextSlot()), plan(make_post("Tried"), account, TOMORROW)
    right, wrong = slot.due_at, TOMORROW_AT + timedelta(hours=1)
    with transaction():
        for one in (slot, tried):
            row = read_again(Delivery, one.id)
            row.due_at = row.planned_at = wrong
        row.attempts = 1
    assert upkeep.realign_deliveries() == {"moved": 1}
    assert [read_again(Delivery, one.id).due_at for one in (slot, tried)] == [right, wrong]


def test_what_is_held_of_a_post_in_the_trash_can_be_dropped() -> None:
    post = make_post()
    made, post_id, by = plan(post, make_account(), TOMORROW).id, post.id, nadia()
    with transaction():
        posts.trash_post(post_id, by=None, at=NOW)
        read_again(Delivery, made).state = "held"
    with pytest.raises(services.PostGone), transaction():
        services.decide(made, "send", Now(), by=by, at=NOW)
    with transaction():
        services.decide(made, "drop", None, by=by, at=NOW)
    assert read_again(Delivery, made).state == "cancelled"


def test_nothing_goes_out_that_nobody_planned_whatever_becomes_of_a_post() -> None:
    account, post, reader = make_account(), make_post(), rae()
    revise(post, body="Fifteen years later, mended.")
    with transaction():
        posts.take_down_post(post.id, by=None, at=NOW)
    publish(post)
    with transaction():
        said = comments.prepare("A reader says this.", own_language="en")
        comments.post_comment("post", post.id, said, by=reader, at=NOW)
    assert db.session.scalars(select(Delivery.id)).all() == []
    sent = plan(post, account)
    with transaction():
        db.session.get_one(Delivery, sent.id).state = "sent"
    revise(post, body="Mended once more.")
    with transaction():
        posts.take_down_post(post.id, by=None, at=NOW)
    publish(post, NOW + timedelta(minutes=1))
    assert [(one.id, one.state) for one in db.session.scalars(select(Delivery))] == [(sent.id, "sent")]
