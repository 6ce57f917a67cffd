"""Ends of publication, embargoes, updates that stop to ask, and what the worker does when a time has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cms.core import clock, walltime
from cms.core.database import db, transaction
from cms.core.errors import Conflict, Invalid, Problem
from cms.core.seams import Finding, _checks, check
from cms.people.models import AuditEntry, Person
from cms.posts import services
from cms.posts.jobs import publish_due_posts, realign_planned_times, take_down_ended_posts
from cms.posts.models import Post
from tests.factories import make_person, make_post, nadia, read_again, revise, tom

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("app")


def schedule(post: Post, wall: str, zone: str = "UTC", *, by: Person | None = None, **more: int) -> datetime:
    with transaction():
        return services.schedule_post(post.id, wall=wall, zone=zone, by=by, at=clock.now(), **more)


def end(post: Post, wall: str, zone: str = "UTC", which: int | None = None) -> datetime:
    with transaction():
        return services.plan_removal(post.id, wall=wall, zone=zone, which=which, by=None, at=clock.now())


def embargo(post: Post, wall: str, zone: str = "UTC", reason: str = "The fair opens then") -> datetime:
    with transaction():
        return services.set_embargo(post.id, wall=wall, zone=zone, reason=reason, by=None, at=clock.now())


def publish(post: Post, *, by: Person | None = None, **more: int) -> None:
    with transaction():
        services.publish_post(post.id, by=by, at=clock.now(), **more)


def refused(act: Callable[[], object]) -> str:
    """The sentence with which an act is refused."""
    with pytest.raises(Problem) as problem:
        act()
    return str(next(iter(problem.value.errors.values()), problem.value.message))


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


# Scheduled updates ----------------------------------------------------------------------------------------------


def test_an_update_planned_on_top_of_what_is_not_live_any_more_is_missed_and_never_published() -> None:
    post, editor = make_post(), nadia()
    revise(post, publish=False, by=editor, body="A quick fix.")
    fix = read_again(Post, post.id).latest_revision_id
    revise(post, publish=False, body="The planned text.")
    schedule(post, "2026-11-21T14:00", by=editor)
    with clock.stopped(NOON + HOUR):
        publish(post, revision_id=fix or 0, by=editor)
    with clock.stopped(NOON + 2 * HOUR):
        assert publish_due_posts() == {"missed": 1}
        assert publish_due_posts() == {}
    again = read_again(Post, post.id)
    assert again.live_revision_id == fix
    assert again.due_problem == (
        "The live text changed at 2026-11-21 13:00 UTC, after this was planned; it is by Nadia Rahimi."
    )


def test_an_update_planned_before_a_newer_live_edit_stops_to_ask_too() -> None:
    post, editor = make_post(), nadia()
    planned = revise(post, publish=False, body="The planned text.").latest_revision_id
    schedule(post, "2026-11-21T14:00", by=editor)
    with clock.stopped(NOON + HOUR):
        urgent = revise(post, body="Urgent.", by=editor).live_revision_id
    assert read_again(Post, post.id).due_revision_id == planned
    with clock.stopped(NOON + 2 * HOUR):
        assert publish_due_posts() == {"missed": 1}
    again = read_again(Post, post.id)
    assert again.live_revision_id == urgent
    assert again.due_problem == (
        "The live text changed at 2026-11-21 13:00 UTC, after this was planned; it is by Nadia Rahimi."
    )


def test_a_stopped_update_is_published_anyway_or_planned_again_on_top() -> None:
    for decide in ("anyway", "again"):
        post = make_post(decide)
        fix = revise(post, publish=False, body="A fix.").latest_revision_id
        planned = revise(post, publish=False, body="The planned text.").latest_revision_id
        schedule(post, "2026-11-21T14:00")
        publish(post, revision_id=fix or 0)
        with clock.stopped(NOON + 2 * HOUR):
            assert publish_due_posts() == {"missed": 1}
            assert refused(lambda: _move(post, "2026-11-21T15:00")) == (  # noqa: B023
                "The live text changed after this was planned. Please look at both texts and decide again."
            )
            if decide == "anyway":
                publish(post, revision_id=planned or 0)
            else:
                schedule(post, "2026-11-21T15:00", revision_id=planned or 0)
        with clock.stopped(NOON + 3 * HOUR):
            publish_due_posts()
        again = read_again(Post, post.id)
        assert (again.live_revision_id, again.due_at, again.due_problem) == (planned, None, None)


def _move(post: Post, wall: str, zone: str = "UTC") -> datetime:
    with transaction():
        return services.move_schedule(post.id, wall=wall, zone=zone, by=None, at=clock.now())


def test_a_moved_plan_keeps_its_text_and_what_it_stands_on() -> None:
    post = make_post()
    planned = revise(post, publish=False, body="Planned.").latest_revision_id
    schedule(post, "2026-11-21T14:00")
    revise(post, publish=False, body="Newer.")
    _move(post, "2026-11-22T09:00", "Asia/Shanghai")
    again = read_again(Post, post.id)
    assert (again.due_revision_id, again.due_base_revision_id) == (planned, post.live_revision_id)
    assert (again.due_at, again.due_zone) == (datetime(2026, 11, 22, 1, tzinfo=UTC), "Asia/Shanghai")
    assert refused(lambda: _move(make_post("Nothing planned"), "2026-11-22T09:00")) == (
        "This post is not scheduled."
    )


def test_an_update_of_a_post_that_was_taken_down_meanwhile_is_missed() -> None:
    post = make_post()
    revise(post, publish=False)
    schedule(post, "2026-11-21T14:00")
    with transaction():
        services.take_down_post(post.id, by=None, at=NOON)
    with clock.stopped(NOON + 2 * HOUR):
        assert publish_due_posts() == {"missed": 1}
    assert read_again(Post, post.id).due_problem == "It was taken down after this was planned."


def test_what_is_in_the_trash_when_its_time_comes_is_missed_and_seen() -> None:
    post = make_post(publish=False)
    due = schedule(post, "2026-11-21T14:00")
    with transaction():
        services.trash_post(post.id, by=None, at=NOON)
    with clock.stopped(due):
        assert publish_due_posts() == {"missed": 1}
    again = read_again(Post, post.id)
    assert (again.is_live, again.due_problem) == (False, "It was in the trash when its time came.")
    with transaction():
        services.cancel_schedule(post.id, by=None, at=due)
    assert read_again(Post, post.id).due_at is None


def test_what_comes_back_from_the_trash_does_not_go_out_by_itself() -> None:
    post = make_post(publish=False)
    due = schedule(post, "2026-11-21T14:00")
    with transaction():
        services.trash_post(post.id, by=None, at=NOON)
    with transaction():
        services.restore_post(post.id, by=None, at=NOON)
    with clock.stopped(due):
        assert publish_due_posts() == {}
    assert read_again(Post, post.id).due_problem == (
        "It was in the trash. Plan it again if this is still wanted."
    )


# Who planned it -------------------------------------------------------------------------------------------------


def test_a_text_by_somebody_who_may_not_publish_goes_out_when_an_approver_planned_it() -> None:
    author, editor = make_person("Mei", "author"), nadia()
    post = make_post(publish=False, by=author, bylines=[author])
    due = schedule(post, "2026-11-21T14:00", by=editor)
    with clock.stopped(due):
        assert publish_due_posts() == {"published": 1}
    assert read_again(Post, post.id).published_at == due


@pytest.mark.parametrize("change", [{"role": "author"}, {"disabled_at": NOON}])
def test_a_plan_of_somebody_who_lost_the_right_stops_to_ask(change: dict[str, object]) -> None:
    editor, post = nadia(), make_post(publish=False)
    due = schedule(post, "2026-11-21T14:00", by=editor)
    with transaction():
        person = db.session.get(Person, editor.id)
        for name, value in change.items():
            setattr(person, name, value)
    with clock.stopped(due):
        assert publish_due_posts() == {"missed": 1}
    assert read_again(Post, post.id).due_problem == (
        "Nadia Rahimi planned this, but may not publish any more. Please decide again."
    )


@contextmanager
def blocked() -> Iterator[None]:
    """A room below forbids every publication."""

    def find(**asked: object) -> list[Finding]:
        return [Finding("test.blocked", "The legal check is open.", is_blocking=True)]

    check("publication", find)
    try:
        yield
    finally:
        _checks["publication"].remove(find)


def test_what_stands_in_the_way_is_asked_again_when_the_time_comes() -> None:
    post = make_post(publish=False)
    due = schedule(post, "2026-11-21T14:00")
    with clock.stopped(due), blocked():
        assert publish_due_posts() == {"missed": 1}
    assert read_again(Post, post.id).due_problem == "The legal check is open."


# Ends -----------------------------------------------------------------------------------------------------------


def test_a_live_post_is_taken_down_at_its_end_once() -> None:
    post = make_post()
    ends = end(post, "2026-11-21T22:00", "Asia/Shanghai")
    with clock.stopped(ends - timedelta(seconds=1)):
        assert take_down_ended_posts() == {}
    with clock.stopped(ends):
        assert take_down_ended_posts() == {"taken_down": 1}
        assert take_down_ended_posts() == {}
    again = read_again(Post, post.id)
    assert (again.is_live, again.removal_at, again.removal_wall) == (False, None, None)
    assert (again.published_at, ends) == (NOON, NOON + 2 * HOUR)


def test_an_end_before_the_publication_is_refused_in_a_sentence() -> None:
    post = make_post(publish=False)
    assert refused(lambda: end(post, "2026-11-21T22:00")) == (
        "This post is not published and nothing is planned, so there is nothing to take down."
    )
    schedule(post, "2026-11-21T14:00")
    sentence = "It only goes out on 2026-11-21 14:00 (UTC). Its end must come after that."
    for wall in ("2026-11-21T13:59", "2026-11-21T14:00"):
        assert refused(lambda: end(post, wall)) == sentence  # noqa: B023
    assert end(post, "2026-11-21T14:01") == NOON + 2 * HOUR + timedelta(minutes=1)


def test_a_publication_after_the_end_is_refused() -> None:
    post = make_post()
    revise(post, publish=False)
    end(post, "2026-11-21T14:00")
    assert refused(lambda: schedule(post, "2026-11-21T14:00")) == (
        "It is to be taken down on 2026-11-21 14:00 (UTC), before that. Move its end first."
    )


@pytest.mark.parametrize(
    ("wall", "zone"), [("2026-11-21T11:59", "UTC"), ("2027-03-28T02:30", "Europe/Berlin"), ("soon", "UTC")]
)
def test_an_end_that_is_past_or_does_not_exist_is_refused(wall: str, zone: str) -> None:
    post = make_post()
    with pytest.raises(Invalid) as problem:
        end(post, wall, zone)
    assert list(problem.value.errors) == ["wall"]


def test_an_end_that_comes_twice_is_asked_about() -> None:
    post = make_post()
    with pytest.raises(walltime.AmbiguousTime):
        end(post, "2027-10-31T02:30", "Europe/Berlin")
    assert end(post, "2027-10-31T02:30", "Europe/Berlin", which=0) == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )


def test_an_end_is_called_off_and_taking_down_by_hand_is_its_end_too() -> None:
    post, other = make_post(), make_post("Other")
    ends = end(post, "2026-11-21T14:00")
    end(other, "2026-11-21T14:00")
    with transaction():
        services.cancel_removal(post.id, by=None, at=NOON)
    with transaction():
        services.take_down_post(other.id, by=None, at=NOON)
    with clock.stopped(ends):
        assert take_down_ended_posts() == {}
    assert read_again(Post, post.id).is_live
    with pytest.raises(Conflict), transaction():
        services.cancel_removal(post.id, by=None, at=NOON)


def test_an_end_of_what_never_went_out_is_seen() -> None:
    post = make_post(publish=False)
    due = schedule(post, "2026-11-21T14:00")
    ends = end(post, "2026-11-21T15:00")
    with clock.stopped(due), blocked():
        publish_due_posts()
    with clock.stopped(ends):
        assert take_down_ended_posts() == {"missed": 1}
        assert take_down_ended_posts() == {}
    assert read_again(Post, post.id).removal_problem == "It was not published when its end came."


# Embargoes ------------------------------------------------------------------------------------------------------


STANDS = (
    "An embargo stands until 2026-11-21 18:00 (UTC): The fair opens then. "
    "Nobody publishes this earlier unless the embargo is lifted."
)


@pytest.mark.parametrize("role", ["editor", "manager", "admin"])
def test_nobody_publishes_while_an_embargo_stands(role: str) -> None:
    post, person = make_post(publish=False), make_person("Ada", role)
    embargo(post, "2026-11-21T18:00")
    assert refused(lambda: publish(post, by=person)) == STANDS
    with clock.stopped(NOON + 6 * HOUR - timedelta(seconds=1)):
        assert refused(lambda: publish(post, by=person)) == STANDS
    assert not read_again(Post, post.id).is_live


def test_an_embargo_lapses_by_itself_and_publishes_nothing() -> None:
    post = make_post(publish=False)
    until = embargo(post, "2026-11-21T18:00")
    with clock.stopped(until):
        assert publish_due_posts() == {}
        assert not read_again(Post, post.id).is_live
        publish(post)
    assert read_again(Post, post.id).is_live


def test_a_plan_before_the_end_of_an_embargo_is_refused_and_one_at_its_end_is_not() -> None:
    post = make_post(publish=False)
    until = embargo(post, "2026-11-21T18:00")
    assert refused(lambda: schedule(post, "2026-11-21T17:59")) == STANDS
    assert schedule(post, "2026-11-22T02:00", "Asia/Shanghai") == until
    with clock.stopped(until):
        assert publish_due_posts() == {"published": 1}


def test_an_embargo_survives_newer_texts() -> None:
    post = make_post(publish=False)
    until = embargo(post, "2026-11-21T18:00")
    revise(post, publish=False)
    assert refused(lambda: publish(post)) == STANDS
    assert read_again(Post, post.id).embargo_until == until


def test_an_embargo_over_an_earlier_plan_is_refused() -> None:
    post = make_post(publish=False)
    schedule(post, "2026-11-21T14:00")
    assert refused(lambda: embargo(post, "2026-11-21T18:00")) == (
        "It is planned to go out on 2026-11-21 14:00 (UTC), before that. Move or call that off first."
    )
    assert embargo(post, "2026-11-21T14:00") == NOON + 2 * HOUR


def test_an_embargo_on_a_live_post_asks_to_take_it_down_first() -> None:
    assert refused(lambda: embargo(make_post(), "2026-11-21T18:00")) == (
        "Readers see this post already. Take it down first, then set the embargo."
    )


def test_an_embargo_needs_a_reason_and_a_time_to_come() -> None:
    post = make_post(publish=False)
    assert refused(lambda: embargo(post, "2026-11-21T18:00", reason="  ")) == (
        "Please say why, for those who meet the embargo."
    )
    assert "has passed" in refused(lambda: embargo(post, "2026-11-21T11:00"))


def test_lifting_an_embargo_is_an_act_of_its_own_in_the_log() -> None:
    post, manager = make_post(publish=False), tom()
    embargo(post, "2026-11-21T18:00")
    with transaction():
        services.lift_embargo(post.id, by=manager, at=NOON)
    publish(post, by=manager)
    assert read_again(Post, post.id).is_live
    assert acts() == ["post.embargoed", "post.embargo_lifted", "post.published"]
    with pytest.raises(Conflict), transaction():
        services.lift_embargo(post.id, by=manager, at=NOON)


# The queue ------------------------------------------------------------------------------------------------------


def test_a_poison_post_is_tried_a_few_times_and_leaves_with_a_reason_while_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poison, fine = make_post("Poison", publish=False), make_post("Fine", publish=False)
    due = schedule(poison, "2026-11-21T14:00")
    schedule(fine, "2026-11-21T14:00")

    def find(*, post: Post, **asked: object) -> list[Finding]:
        return [] if post.id == fine.id else [1 / 0]  # type: ignore[list-item]

    check("publication", find)
    try:
        ran = []
        for seconds in (0, 1, 2, 3, 10, 60, 299, 300, 301, 9999):
            with clock.stopped(due + timedelta(seconds=seconds)):
                ran.append(publish_due_posts())
    finally:
        _checks["publication"].remove(find)
    assert ran == [
        {"published": 1, "failed": 1},
        {},
        {"failed": 1},
        {},
        {"failed": 1},
        {"failed": 1},
        {},
        {"failed": 1},
        {},
        {},
    ]
    again = read_again(Post, poison.id)
    assert again.due_problem == "Something unexpected stopped it 5 times. The log says more."
    _move(poison, "2026-11-21T16:00")
    assert read_again(Post, poison.id).due_tries == 0


def test_a_worker_that_was_away_does_what_it_missed_at_once() -> None:
    post = make_post(publish=False)
    due = schedule(post, "2026-11-21T14:00")
    with clock.stopped(due + timedelta(days=2)):
        assert publish_due_posts() == {"published": 1}
    assert read_again(Post, post.id).published_at == due + timedelta(days=2)


def test_planned_instants_follow_the_clocks_of_their_zone() -> None:
    """As after new rules for a zone: the stored instant was right under the old ones."""
    moved, kept, gone = (make_post(f"P{number}", publish=False) for number in range(3))
    due = [
        schedule(moved, "2027-06-01T09:30", "Europe/Berlin"),
        schedule(kept, "2027-10-31T02:30", "Europe/Berlin", which=1),
        schedule(gone, "2027-06-01T09:30", "Europe/Berlin"),
    ]
    with transaction():
        changed = db.session.get(Post, moved.id)
        assert changed is not None
        changed.due_at = due[0] + HOUR
        lost = db.session.get(Post, gone.id)
        assert lost is not None
        lost.due_wall = "2027-03-28T02:30"
    assert realign_planned_times() == {"moved": 1}
    assert realign_planned_times() == {}
    assert [read_again(Post, one.id).due_at for one in (moved, kept, gone)] == due
