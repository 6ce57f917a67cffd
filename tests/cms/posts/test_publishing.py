"""Putting posts before readers, taking them away, planning ahead, the trash."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from cms.core import clock, walltime
from cms.core.database import db, transaction
from cms.core.errors import Conflict, Invalid
from cms.core.models import PageChange
from cms.core.seams import _handlers, on
from cms.people.models import AuditEntry
from cms.posts import queries, services
from cms.posts.events import LivePostChanged, PostPublished, PostTakenDown
from cms.posts.models import Byline, Post, PostSlug, PostTag, Revision
from cms.site.queries.listing import Listing, Scope, page_of
from tests.factories import make_media, make_post, make_section, make_tag, nadia, read_again, revise, tom

pytestmark = pytest.mark.usefixtures("app")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def facts() -> list[object]:
    """What is announced while the test runs."""
    heard: list[object] = []
    kinds = (PostPublished, LivePostChanged, PostTakenDown)
    for kind in kinds:
        on(kind, heard.append)
    yield heard
    for kind in kinds:
        _handlers[kind].remove(heard.append)


def touched() -> set[str]:
    """The names of changed things since the last look."""
    tags = set(db.session.scalars(select(PageChange.tag)))
    with transaction():
        db.session.query(PageChange).delete()
    return tags


def test_publishing_makes_the_latest_text_live(facts: list[object]) -> None:
    post = make_post(publish=False)
    with transaction():
        services.publish_post(post.id, by=None, at=NOON)
    again = read_again(Post, post.id)
    assert again.live_revision_id == again.latest_revision_id
    assert (again.first_published_at, again.published_at, again.updated_at) == (NOON, NOON, NOON)
    assert facts == [PostPublished(post_id=post.id, at=NOON, is_first=True)]


def test_publishing_twice_is_refused(facts: list[object]) -> None:
    post = make_post()
    with pytest.raises(services.AlreadyPublished), transaction():
        services.publish_post(post.id, by=None, at=clock.now())
    assert len(facts) == 1


def test_a_newer_text_moves_updated_but_not_published(facts: list[object]) -> None:
    post = make_post()
    later = NOON + timedelta(hours=2)
    with clock.stopped(later):
        again = revise(post)
    assert (again.published_at, again.first_published_at, again.updated_at) == (NOON, NOON, later)
    assert facts[1:] == [LivePostChanged(post_id=post.id, at=later)]


def test_any_revision_can_be_published() -> None:
    post = make_post()
    first = post.live_revision_id
    revise(post)
    with transaction():
        services.publish_post(post.id, revision_id=first, by=None, at=clock.now())
    assert read_again(Post, post.id).live_revision_id == first


def test_a_revision_of_another_post_is_not_found() -> None:
    post, other = make_post(publish=False), make_post("Other")
    with pytest.raises(Exception, match="nothing at this address"), transaction():
        services.publish_post(post.id, revision_id=other.live_revision_id, by=None, at=clock.now())


def test_an_import_keeps_its_own_times() -> None:
    post = make_post(publish=False)
    then, changed = datetime(2014, 5, 1, tzinfo=UTC), datetime(2015, 1, 1, tzinfo=UTC)
    with transaction():
        services.publish_post(post.id, by=None, at=NOON, published_at=then, updated_at=changed)
    again = read_again(Post, post.id)
    assert (again.first_published_at, again.published_at, again.updated_at) == (then, then, changed)


def test_a_time_of_publication_in_the_future_is_refused() -> None:
    post = make_post(publish=False)
    with pytest.raises(Invalid) as problem, transaction():
        services.publish_post(post.id, by=None, at=NOON, published_at=NOON + timedelta(minutes=1))
    assert list(problem.value.errors) == ["published_at"]


def test_back_dating_keeps_the_first_time_and_moves_the_lists() -> None:
    post = make_post(bylines=[nadia()], tags=["5g"])
    earlier = NOON - timedelta(days=3)
    with transaction():
        services.set_details(post.id, published_at=earlier, by=None, at=NOON)
    again = read_again(Post, post.id)
    assert (again.published_at, again.first_published_at) == (earlier, NOON)
    assert db.session.scalars(select(Byline.live_at)).all() == [earlier]
    assert db.session.scalars(select(PostTag.live_at)).all() == [earlier]


def test_taking_down_hides_and_keeps_the_times(facts: list[object]) -> None:
    post = make_post(bylines=[nadia()], tags=["5g"])
    with transaction():
        services.take_down_post(post.id, by=None, at=NOON)
    again = read_again(Post, post.id)
    assert (again.is_live, again.published_at, again.first_published_at) == (False, NOON, NOON)
    assert db.session.scalars(select(Byline.live_at)).all() == [None]
    assert db.session.scalars(select(PostTag.live_at)).all() == [None]
    assert facts[1:] == [PostTakenDown(post_id=post.id, at=NOON)]
    with pytest.raises(services.NotLive), transaction():
        services.take_down_post(post.id, by=None, at=NOON)


def test_coming_back_is_not_a_first_time(facts: list[object]) -> None:
    post = make_post()
    later = NOON + timedelta(days=1)
    with transaction():
        services.take_down_post(post.id, by=None, at=NOON)
    with transaction():
        services.publish_post(post.id, by=None, at=later)
    again = read_again(Post, post.id)
    assert (again.published_at, again.updated_at) == (NOON, later)
    assert facts[-1] == PostPublished(post_id=post.id, at=later, is_first=False)


def test_details_of_a_live_post_are_announced_and_those_of_a_draft_are_not(facts: list[object]) -> None:
    live, draft, section = make_post(), make_post("Draft", publish=False), make_section()
    facts.clear()
    later = NOON + timedelta(hours=1)
    for post in (live, draft):
        with transaction():
            services.set_details(post.id, section_id=section.id, by=None, at=later)
    assert facts == [LivePostChanged(post_id=live.id, at=later)]
    assert read_again(Post, live.id).updated_at == later


def test_every_page_that_shows_a_change_is_named() -> None:
    old, new, tag, other = make_section(), make_section("fresh"), make_tag("5g"), make_tag("grid")
    first, second = nadia(), tom()
    before, post = make_post("Before"), make_post(section=old, tags=[tag], bylines=[first])
    chinese = make_post("春天", language="zh", translation_of=post)
    touched()
    with transaction():
        services.set_details(
            post.id, section_id=new.id, tags=[other.id], bylines=[(second.id, "author")], by=None, at=NOON
        )
    assert touched() == {
        "posts",
        *(f"post:{one.id}" for one in (before, post, chinese)),
        *(f"section:{one.id}" for one in (old, new)),
        *(f"tag:{one.id}" for one in (tag, other)),
        *(f"person:{one.id}" for one in (first, second)),
    }


def test_saving_a_draft_touches_no_page() -> None:
    post = make_post()
    touched()
    revise(post, publish=False)
    assert touched() == set()


def test_photo_audio_and_video_need_their_file() -> None:
    for kind, media_kind in (("photo", "image"), ("audio", "audio"), ("video", "video")):
        with pytest.raises(services.NotReady):
            make_post(kind, kind=kind)
        assert make_post(kind, kind=kind, media=[services.Attachment(make_media(media_kind).id)]).is_live


# Planning ahead -------------------------------------------------------------------------------------------------


def schedule(
    post: Post, wall: str = "2026-12-01T09:30", zone: str = "Asia/Shanghai", which: int | None = None
) -> datetime:
    with transaction():
        return services.schedule_post(post.id, wall=wall, zone=zone, which=which, by=None, at=clock.now())


def fire(post: Post, at: datetime) -> bool:
    with transaction():
        return services.publish_if_due(post.id, at=at)


def test_a_schedule_keeps_instant_wall_time_and_zone() -> None:
    post = make_post(publish=False)
    due = schedule(post)
    again = read_again(Post, post.id)
    assert due == again.due_at == datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
    assert (again.due_wall, again.due_zone) == ("2026-12-01T09:30", "Asia/Shanghai")
    assert again.due_revision_id == again.latest_revision_id
    assert not again.is_live


def test_a_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Invalid) as problem:
        schedule(make_post(publish=False), "2027-03-28T02:30", "Europe/Berlin")
    assert "does not exist in Europe/Berlin" in problem.value.errors["wall"]


def test_a_time_that_comes_twice_is_asked_about() -> None:
    post = make_post(publish=False)
    with pytest.raises(walltime.AmbiguousTime) as question:
        schedule(post, "2027-10-31T02:30", "Europe/Berlin")
    summer, winter = question.value.choices
    assert winter - summer == timedelta(hours=1)
    assert schedule(post, "2027-10-31T02:30", "Europe/Berlin", which=1) == winter


@pytest.mark.parametrize(
    ("wall", "zone", "field"),
    [("2026-11-21T11:00", "UTC", "wall"), ("soon", "UTC", "wall"), ("2026-12-01T09:30", "Mars/Base", "zone")],
)
def test_times_that_make_no_sense_are_refused(wall: str, zone: str, field: str) -> None:
    with pytest.raises(Invalid) as problem:
        schedule(make_post(publish=False), wall, zone)
    assert list(problem.value.errors) == [field]


def test_a_due_post_is_published_once(facts: list[object]) -> None:
    post = make_post(publish=False)
    due = schedule(post)
    assert not fire(post, due - timedelta(seconds=1))
    assert fire(post, due)
    assert not fire(post, due)
    again = read_again(Post, post.id)
    assert (again.is_live, again.published_at, again.due_at, again.due_wall) == (True, due, None, None)
    assert facts == [PostPublished(post_id=post.id, at=due, is_first=True)]


def test_the_scheduled_text_goes_out_not_a_later_one() -> None:
    post = make_post(publish=False)
    due = schedule(post)
    planned = read_again(Post, post.id).due_revision_id
    revise(post, publish=False)
    fire(post, due)
    again = read_again(Post, post.id)
    assert again.live_revision_id == planned != again.latest_revision_id


def test_scheduling_an_update_keeps_the_live_page() -> None:
    post = make_post()
    revise(post, publish=False)
    live = read_again(Post, post.id).live_revision_id
    due = schedule(post)
    assert read_again(Post, post.id).live_revision_id == live
    fire(post, due)
    again = read_again(Post, post.id)
    assert again.live_revision_id == again.latest_revision_id
    assert again.published_at == NOON


def test_publishing_a_newer_text_by_hand_ends_the_schedule() -> None:
    post = make_post(publish=False)
    schedule(post)
    again = revise(post)
    assert (again.is_live, again.due_at, again.due_revision_id) == (True, None, None)


def test_a_schedule_can_be_called_off() -> None:
    post = make_post(publish=False)
    due = schedule(post)
    with transaction():
        services.cancel_schedule(post.id, by=None, at=NOON)
    assert not fire(post, due)
    with pytest.raises(Conflict), transaction():
        services.cancel_schedule(post.id, by=None, at=NOON)


def test_a_missed_post_leaves_the_queue_and_says_why() -> None:
    post = make_post(publish=False)
    due = schedule(post)
    with transaction():
        services.note_missed(post.id, why="The recording is gone.", at=due)
    assert queries.posts_due(due) == []
    assert [one.due_problem for one in queries.missed_posts(person=nadia(), late_since=NOON)] == [
        "The recording is gone."
    ]
    schedule(post, "2026-12-02T09:30")
    assert read_again(Post, post.id).due_problem is None


# The trash ------------------------------------------------------------------------------------------------------


def test_trash_hides_everywhere_and_keeps_everything(client: FlaskClient, facts: list[object]) -> None:
    tag, person, section = make_tag(), nadia(), make_section()
    post = make_post(tags=[tag], bylines=[person], section=section)
    lists = [Listing(), Listing(tag_id=tag.id), Listing(person_id=person.id), Listing(section_id=section.id)]
    assert [len(page_of(one, Scope())[0]) for one in lists] == [1, 1, 1, 1]
    with transaction():
        services.trash_post(post.id, by=person, at=NOON)
    assert [page_of(one, Scope())[0] for one in lists] == [[], [], [], []]
    assert client.get("/posts/spring-notes").status_code == 404
    assert [one.id for one in queries.trashed_posts()] == [post.id]
    assert queries.desk_posts(queries.DeskFilter(), person=person) == []
    assert facts[1:] == [PostTakenDown(post_id=post.id, at=NOON)]
    kept = queries.get_post(post.id)
    assert (len(kept.tags), len(kept.bylines), kept.slug) == (1, 1, "spring-notes")


def test_nothing_in_the_trash_can_be_changed_until_it_is_restored() -> None:
    post = make_post(trashed=True)
    with pytest.raises(Conflict), transaction():
        services.publish_post(post.id, by=None, at=NOON)
    with transaction():
        services.restore_post(post.id, by=None, at=NOON)
    again = read_again(Post, post.id)
    assert (again.trashed_at, again.is_live) == (None, False)
    with transaction():
        services.publish_post(post.id, by=None, at=NOON)


def test_purging_removes_a_post_with_all_its_rows() -> None:
    post, kept = (
        make_post(tags=["5g"], bylines=[nadia()], media=[services.Attachment(make_media().id)]),
        make_post("Kept"),
    )
    with pytest.raises(Conflict), transaction():
        services.purge_post(post.id, by=None, at=NOON)
    with transaction():
        services.trash_post(post.id, by=None, at=NOON)
    with transaction():
        services.purge_post(post.id, by=None, at=NOON)
    db.session.expire_all()
    assert db.session.scalars(select(Post.id)).all() == [kept.id]
    for model in (Revision, PostSlug):
        assert db.session.scalar(select(func.count()).select_from(model)) == 1
    for empty in (PostTag, Byline):
        assert db.session.scalar(select(func.count()).select_from(empty)) == 0


def test_what_is_done_before_everybodys_eyes_is_in_the_audit_log() -> None:
    editor, post = nadia(), make_post(publish=False)
    post_id = post.id
    for act in (services.publish_post, services.take_down_post, services.trash_post, services.purge_post):
        with transaction():
            act(post_id, by=editor, at=NOON)
    make_post("By an import")
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.act, one.subject, one.by_id, one.detail) for one in entries] == [
        ("post.published", f"post:{post_id}", editor.id, {"revision": 1}),
        ("post.taken_down", f"post:{post_id}", editor.id, {}),
        ("post.trashed", f"post:{post_id}", editor.id, {}),
        ("post.purged", f"post:{post_id}", editor.id, {}),
    ]
