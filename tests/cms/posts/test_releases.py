"""Changes of several posts that go live together."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.core import clock, walltime
from cms.core.database import db, transaction
from cms.core.errors import Invalid, Problem
from cms.notices.models import Notice
from cms.people.models import AuditEntry, Person
from cms.posts import queries, services
from cms.posts.jobs import publish_due_releases
from cms.posts.models import Post, Release, ReleaseItem
from cms.posts.times import SOURCES
from tests.factories import make_media, make_post, nadia, read_again, revise, sign_in

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("app")


def make_release(*posts: Post, name: str = "Autumn fair", by: Person | None = None) -> int:
    """A release with these posts; its number."""
    with transaction():
        release_id = services.create_release(name, by=by, at=clock.now()).id
        for post in posts:
            services.add_to_release(release_id, post.id, by=by, at=clock.now())
    return release_id


def act(do: Callable[..., object], release_id: int, *args: object, **more: object) -> None:
    with transaction():
        do(release_id, *args, **{"by": None, "at": clock.now(), **more})


def plan(release_id: int, wall: str = "2026-11-21T14:00", zone: str = "UTC", **more: object) -> None:
    act(services.schedule_release, release_id, wall=wall, zone=zone, **more)


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Problem) as problem:
        do()
    return str(next(iter(problem.value.errors.values()), problem.value.message))


def live(*posts: Post) -> list[bool]:
    return [read_again(Post, one.id).is_live for one in posts]


def test_everything_goes_live_in_one_moment_and_once() -> None:
    fresh, changed, ended = make_post("Fresh", publish=False), make_post("Changed"), make_post("Ended")
    newest = revise(changed, publish=False, title="Changed", body="New.").latest_revision_id
    release_id = make_release(fresh, changed)
    act(services.add_to_release, release_id, ended.id, act="removal")
    plan(release_id)
    with clock.stopped(NOON + 2 * HOUR - timedelta(seconds=1)):
        assert publish_due_releases() == {}
    with clock.stopped(NOON + 2 * HOUR):
        assert publish_due_releases() == {"released": 1}
        assert publish_due_releases() == {}
    assert live(fresh, changed, ended) == [True, True, False]
    assert read_again(Post, changed.id).live_revision_id == newest
    assert read_again(Post, fresh.id).published_at == NOON + 2 * HOUR
    done = read_again(Release, release_id)
    assert (done.done_at, done.due_at, done.due_problem) == (NOON + 2 * HOUR, None, None)


def test_when_one_cannot_go_none_does_and_every_reason_is_listed() -> None:
    fine, trashed, embargoed = (make_post(one, publish=False) for one in ("Fine", "Trashed", "Secret"))
    picture = make_media()
    photo = make_post("Photo", kind="photo", publish=False, media=[services.Attachment(picture.id)])
    release_id = make_release(fine, trashed, embargoed, photo)
    with transaction():
        services.trash_post(trashed.id, by=None, at=NOON)
    with transaction():
        services.set_embargo(
            embargoed.id, wall="2026-12-01T09:30", zone="UTC", reason="A fair", by=None, at=NOON
        )
    sentence = (
        "Trashed: It was in the trash when its time came.\n"
        "Secret: An embargo stands until 2026-12-01 09:30 (UTC): A fair. "
        "Nobody publishes this earlier unless the embargo is lifted."
    )
    assert refused(lambda: act(services.publish_release, release_id)) == sentence
    assert refused(lambda: plan(release_id)) == sentence
    assert live(fine, trashed, embargoed, photo) == [False] * 4


def test_a_release_that_cannot_go_out_in_time_leaves_the_queue_and_whoever_planned_it_is_told() -> None:
    editor = nadia()
    post, other = make_post("A", publish=False), make_post("B", publish=False)
    release_id = make_release(post, other)
    plan(release_id, by=editor)
    with transaction():
        services.trash_post(other.id, by=None, at=NOON)
    with clock.stopped(NOON + 2 * HOUR):
        assert publish_due_releases() == {"missed": 1}
        assert publish_due_releases() == {}
    stopped = read_again(Release, release_id)
    assert stopped.due_problem == "B: It was in the trash when its time came."
    assert live(post, other) == [False, False]
    told = db.session.execute(select(Notice.kind, Notice.person_id, Notice.subject)).all()
    assert told == [("release.missed", editor.id, f"release:{release_id}")]
    act(services.take_from_release, release_id, other.id)
    act(services.publish_release, release_id)
    assert live(post, other) == [True, False]


def test_a_live_text_that_changed_since_stops_the_release_until_the_newest_is_taken() -> None:
    post = make_post("A")
    fix = revise(post, publish=False, title="A", body="Fix.").latest_revision_id
    revise(post, publish=False, title="A", body="Planned.")
    release_id = make_release(post)
    with transaction():
        services.publish_post(post.id, revision_id=fix, by=None, at=NOON)
    assert "A: The live text changed at 2026-11-21 12:00 UTC" in refused(
        lambda: act(services.publish_release, release_id)
    )
    act(services.add_to_release, release_id, post.id)
    act(services.publish_release, release_id)
    again = read_again(Post, post.id)
    assert again.live_revision_id == again.latest_revision_id != fix


def test_the_text_that_was_added_goes_out_not_a_later_one() -> None:
    post = make_post("A", publish=False)
    added = post.latest_revision_id
    release_id = make_release(post)
    revise(post, publish=False)
    act(services.publish_release, release_id)
    assert read_again(Post, post.id).live_revision_id == added


def test_what_somebody_did_by_hand_does_not_stop_the_rest() -> None:
    by_hand, other = make_post("A", publish=False), make_post("B", publish=False)
    release_id = make_release(by_hand, other)
    with transaction():
        services.publish_post(by_hand.id, by=None, at=NOON)
    act(services.publish_release, release_id)
    assert live(by_hand, other) == [True, True]


def test_a_post_goes_out_in_one_way_at_a_time() -> None:
    planned, released = make_post("A", due_at=NOON + HOUR), make_post("B", publish=False)
    release_id = make_release(released)
    second = make_release(name="Winter")
    assert refused(lambda: act(services.add_to_release, second, released.id)) == (
        "This post goes out with the release “Autumn fair”. Take it out there first."
    )
    assert refused(lambda: act(services.add_to_release, second, planned.id)) == (
        "This post is planned by itself. Call that off first."
    )
    with pytest.raises(services.InRelease), transaction():
        services.schedule_post(released.id, wall="2026-12-01T09:30", zone="UTC", by=None, at=NOON)
    act(services.publish_release, release_id)
    revise(released, publish=False)
    act(services.add_to_release, second, released.id)


def test_what_would_change_nothing_is_not_added() -> None:
    release_id, published, draft = make_release(), make_post("A"), make_post("B", publish=False)
    assert refused(lambda: act(services.add_to_release, release_id, published.id)) == (
        "This text is published already."
    )
    assert refused(lambda: act(services.add_to_release, release_id, draft.id, act="removal")) == (
        "This post is not published."
    )
    assert refused(lambda: act(services.publish_release, release_id)) == (
        "There is no post in this release yet."
    )


def test_times_of_a_release_follow_the_same_rules() -> None:
    release_id = make_release(make_post("A", publish=False))
    with pytest.raises(walltime.AmbiguousTime):
        plan(release_id, "2027-10-31T02:30", "Europe/Berlin")
    for wall, zone in (("2027-03-28T02:30", "Europe/Berlin"), ("2026-11-20T09:30", "UTC")):
        with pytest.raises(Invalid):
            plan(release_id, wall, zone)
    plan(release_id)
    act(services.cancel_release, release_id)
    assert read_again(Release, release_id).due_at is None


def test_what_went_out_stays_as_it_was() -> None:
    release_id = make_release(make_post("A", publish=False))
    act(services.publish_release, release_id)
    late = make_post("B", publish=False)
    for do in (
        lambda: act(services.add_to_release, release_id, late.id),
        lambda: act(services.publish_release, release_id),
        lambda: act(services.remove_release, release_id),
        lambda: plan(release_id),
    ):
        assert refused(do) == "This release went out already."


def test_a_release_given_up_frees_its_posts() -> None:
    post = make_post("A", publish=False)
    act(services.remove_release, make_release(post))
    assert db.session.scalars(select(ReleaseItem.post_id)).all() == []
    make_release(post)


def test_the_order_is_kept_and_changed() -> None:
    posts = [make_post(one, publish=False) for one in "ABC"]
    release_id = make_release(*posts)
    first, second, third = (one.id for one in posts)
    act(services.order_release, release_id, [third, first])
    release = queries.get_release(release_id)
    assert [(one.post_id, one.position) for one in release.items] == [(third, 0), (first, 1), (second, 2)]


@pytest.fixture
def editor(client: FlaskClient) -> Person:
    """Nadia, signed in."""
    person = nadia()
    sign_in(client, person)
    return person


def test_a_release_is_made_from_the_page_of_a_post_planned_and_published(
    client: FlaskClient, editor: Person
) -> None:
    post, other = make_post("A", publish=False), make_post("B", publish=False)
    client.post(f"/desk/posts/{post.id}/release", data={"name": "Autumn fair"})
    [release] = queries.open_releases()
    release_id = release.id
    client.post(f"/desk/posts/{other.id}/release", data={"release_id": release_id})
    assert "Autumn fair" in client.get(f"/desk/posts/{other.id}").text
    moment = {"wall": "2026-12-01T09:30", "zone": "Asia/Shanghai"}
    assert client.post(f"/desk/releases/{release_id}/schedule", data=moment).status_code == 303
    assert "2026-12-01 09:30 (Asia/Shanghai)" in client.get("/desk/releases").text
    page = client.get(f"/desk/releases/{release_id}").text
    assert "Everything goes out on 2026-12-01 09:30 (Asia/Shanghai)." in page
    client.post(f"/desk/releases/{release_id}/order", data={"up": other.id})
    assert [one.post_id for one in queries.get_release(release_id).items] == [other.id, post.id]
    client.post(f"/desk/releases/{release_id}/publication")
    assert live(post, other) == [True, True]
    assert client.get(f"/desk/releases/{release_id}").status_code == 200
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.subject == f"release:{release_id}"))
    assert list(acts) == ["release.scheduled", "release.published"]


def test_every_reason_is_said_on_the_page(client: FlaskClient, editor: Person) -> None:
    posts = [make_post(one, publish=False) for one in "AB"]
    release_id = make_release(*posts)
    for post in posts:
        with transaction():
            services.trash_post(post.id, by=None, at=NOON)
    page = client.post(f"/desk/releases/{release_id}/publication", follow_redirects=True).text
    for title in "AB":
        assert f"{title}: It was in the trash when its time came." in page


def test_the_calendar_moves_a_release(client: FlaskClient, editor: Person) -> None:
    release_id = make_release(make_post("A", publish=False))
    plan(release_id)
    [source] = [one for one in SOURCES if one.kind == "release"]
    with client.application.test_request_context():
        from cms.calendar.sources import Wanted

        [entry] = source.entries(editor, NOON, NOON + 9 * HOUR, Wanted())
    moment = {"wall": "2027-03-28T02:30", "zone": "Europe/Berlin"}
    answer = client.post(entry.move_url, data=moment, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "does not exist in Europe/Berlin" in answer.json["message"]
    moment = {"wall": "2026-12-01T09:30", "zone": "Europe/Berlin"}
    answer = client.post(entry.move_url, data=moment, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (200, {"message": "Moved."})
    assert read_again(Release, release_id).due_at == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_a_release_needs_a_name_that_fits(client: FlaskClient, editor: Person, name: str) -> None:
    page = client.post("/desk/releases", data={"name": name})
    assert page.status_code == 422
    assert f'value="{name}"' in page.text


def test_the_list_of_releases_takes_as_many_queries_for_three_as_for_one(
    client: FlaskClient, editor: Person, count_queries: list[str]
) -> None:
    def make(number: int) -> None:
        make_release(make_post(f"A{number}", publish=False), name=f"Open {number}")
        done = make_release(make_post(f"B{number}", publish=False), name=f"Done {number}")
        act(services.publish_release, done)

    def asked() -> int:
        count_queries.clear()
        assert client.get("/desk/releases").status_code == 200
        return len(count_queries)

    make(1)
    asked()
    with_one = asked()
    make(2), make(3)
    asked()
    assert asked() == with_one
