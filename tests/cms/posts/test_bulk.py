"""One act on many posts, and its undoing."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from cms.posts import bulk, queries, services
from cms.posts.models import BulkAct, BulkItem, Post
from tests.factories import make_person, make_post, make_section, nadia, read_again, revise, sign_in

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def editor(client: FlaskClient) -> Person:
    """Nadia, signed in."""
    person = nadia()
    sign_in(client, person)
    return person


def send(client: FlaskClient, act: str, *posts: Post, **more: str) -> int:
    """Ask for an act; gives its number."""
    ids = [str(post.id) for post in posts]
    answer = client.post("/desk/posts/bulk", data={"act": act, "post_id": ids, **more})
    assert answer.status_code == 303
    return db.session.scalars(select(BulkAct.id).order_by(BulkAct.id.desc())).first() or 0


def undo(client: FlaskClient, number: int) -> None:
    assert client.post(f"/desk/posts/bulk/{number}/removal").status_code == 303


def shown(post: Post) -> tuple[object, ...]:
    """Everything of a post that bulk acts change."""
    db.session.expire_all()
    again = queries.get_post(post.id)
    return (
        again.live_revision_id,
        again.section_id,
        [row.tag.slug for row in again.tags],
        again.trashed_at is not None,
        (again.due_wall, again.due_zone, again.due_revision_id),
    )


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("publish", {}),
        ("take_down", {}),
        ("schedule", {"wall": "2026-12-01T09:30", "zone": "Asia/Shanghai"}),
        ("unschedule", {}),
        ("section", {"section_id": "0"}),
        ("tag", {"tag": "Rain"}),
        ("untag", {"tag": "5G"}),
        ("trash", {}),
    ],
)
def test_an_act_changes_posts_and_its_undoing_changes_them_back(
    client: FlaskClient, editor: Person, act: str, more: dict[str, str]
) -> None:
    section = make_section()
    draft = make_post("Draft", publish=False, section=section, tags=["5G"])
    live = make_post("Live", section=section, tags=["5G"])
    newer = revise(make_post("Newer", section=section, tags=["5G", "Snow"]), publish=False)
    due = make_post("Due", due_at=NOON + timedelta(days=2), section=section, tags=["5G"])
    posts = {
        "publish": [draft, newer, due],
        "take_down": [live, newer],
        "schedule": [draft, newer, due],
        "unschedule": [due],
    }.get(act, [draft, live, newer, due])
    before = [shown(post) for post in posts]
    number = send(client, act, *posts, **more)
    after = [shown(post) for post in posts]
    assert all(one != was for one, was in zip(after, before, strict=True))
    undo(client, number)
    assert [shown(post) for post in posts] == before
    assert queries.bulk_counts(number) == {"undone": len(posts)}


def test_what_is_restored_goes_back_to_the_trash(client: FlaskClient, editor: Person) -> None:
    post = make_post(trashed=True)
    number = send(client, "restore", post)
    assert shown(post)[3] is False
    undo(client, number)
    assert shown(post)[3] is True


def test_one_refusal_leaves_the_others_alone_and_is_told(client: FlaskClient, editor: Person) -> None:
    published, draft = make_post("Out already"), make_post("Draft", publish=False)
    answer = client.post(
        "/desk/posts/bulk",
        data={"act": "publish", "post_id": [str(published.id), str(draft.id)], "list_status": "live"},
        follow_redirects=True,
    )
    page = html.fromstring(answer.text)
    assert read_again(Post, draft.id).is_live is True
    assert "status=live" in answer.request.query_string.decode()
    [told] = page.xpath("//section[contains(@class, 'outcome')]")
    assert "Published: 1 post." in told.text_content()
    assert told.xpath("string(.//li)") == "Out already: This text is published already."


def test_what_somebody_changed_since_is_kept_as_it_is(client: FlaskClient, editor: Person) -> None:
    changed, same = make_post("Changed", publish=False), make_post("Same", publish=False)
    number = send(client, "tag", changed, same, tag="Rain")
    revise(changed, publish=False)
    undo(client, number)
    assert [shown(post)[2] for post in (changed, same)] == [["rain"], []]
    page = client.get(f"/desk/posts/bulk/{number}").text
    assert "Somebody changed it since." in page
    assert queries.bulk_counts(number) == {"kept": 1, "undone": 1}


def test_it_cannot_be_undone_after_a_day_or_twice(client: FlaskClient, editor: Person) -> None:
    post = make_post(publish=False)
    number = send(client, "publish", post)
    with clock.stopped(NOON + timedelta(hours=25)):
        undo(client, number)
        assert "This was more than a day ago and stays as it is." in client.get("/desk/posts").text
    assert read_again(Post, post.id).is_live is True
    undo(client, number)
    undo(client, number)
    assert queries.bulk_counts(number) == {"undone": 1}


def test_everybody_does_only_what_they_may(client: FlaskClient) -> None:
    author = make_person("Ana Lima", "author")
    sign_in(client, author)
    own, other = make_post("Own", publish=False, by=author), make_post("Other", publish=False)
    number = send(client, "trash", own, other)
    assert [shown(post)[3] for post in (own, other)] == [True, False]
    assert queries.bulk_counts(number) == {"done": 1, "refused": 1}
    assert queries.bulk_counts(send(client, "publish", other)) == {"refused": 1}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"act": "explode"}, "Please choose what to do with the chosen posts."),
        ({"act": "publish", "post_id": []}, "Please choose at least one post."),
        ({"act": "publish", "post_id": "0x1"}, "Please choose at least one post."),
        ({"act": "section", "section_id": ""}, "Please choose a section."),
        ({"act": "tag", "tag": " "}, "Please name a tag."),
        ({"act": "untag", "tag": "never"}, "There is no tag “never”."),
        ({"act": "schedule", "wall": "", "zone": "UTC"}, "Please give a date and a time."),
    ],
)
def test_an_act_that_makes_no_sense_changes_nothing_and_says_so(
    client: FlaskClient, editor: Person, sent: dict[str, str], sentence: str
) -> None:
    post = make_post()
    answer = client.post("/desk/posts/bulk", data={"post_id": str(post.id), **sent}, follow_redirects=True)
    assert sentence in answer.text
    assert db.session.scalars(select(BulkAct)).all() == []


def test_a_time_that_has_passed_is_refused_post_by_post(client: FlaskClient, editor: Person) -> None:
    number = send(client, "schedule", make_post(publish=False), wall="2020-01-01T09:00", zone="UTC")
    [left] = queries.bulk_refused(number)
    assert left.sentence == "This time has passed. To publish now, use the other button."


def test_all_that_match_are_done_by_the_worker_with_progress(client: FlaskClient, editor: Person) -> None:
    posts = [make_post(f"Rain {number}", publish=False) for number in range(4)]
    make_post("Snow", publish=False)
    whole = bulk.AT_ONCE
    bulk.AT_ONCE = 3
    try:
        data = {"act": "tag", "tag": "Wet", "everything": "1", "list_q": "rain"}
        answer = client.post("/desk/posts/bulk", data=data)
    finally:
        bulk.AT_ONCE = whole
    number = int(answer.location.rpartition("/")[2])
    page = client.get(answer.location).text
    assert "0 / 4" in page
    assert "4 of 4 still to do" in page
    assert bulk.run_waiting() == {"posts": 4}
    assert bulk.run_waiting() == {}
    assert [shown(post)[2] for post in posts] == [["wet"]] * 4
    assert "Tag added: 4 posts." in client.get(f"/desk/posts/bulk/{number}").text


def test_an_item_is_only_ever_done_once(app: Flask) -> None:
    editor, post = nadia(), make_post(publish=False)
    with transaction():
        number = services.begin_bulk("publish", [post.id], detail={}, by=editor, at=NOON).id
    done = []
    for _worker in range(2):
        with transaction():
            done.append(services.do_item(number, post.id, at=NOON))
    assert done == [True, False]


def test_who_lost_the_right_meanwhile_does_nothing(app: Flask) -> None:
    editor, post = nadia(), make_post(publish=False)
    with transaction():
        number = services.begin_bulk("publish", [post.id], detail={}, by=editor, at=NOON).id
    with transaction():
        read_again(Person, editor.id).disabled_at = NOON
    bulk.work_off(number)
    assert read_again(Post, post.id).is_live is False
    assert db.session.scalars(select(BulkItem.state)).all() == ["refused"]
