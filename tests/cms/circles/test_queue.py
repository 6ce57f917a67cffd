"""The queue of one circle: its moderators decide there on what waits or was reported in it, and on nothing else."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.circles import services
from cms.circles.models import Circle
from cms.comments import services as comments
from cms.comments.models import Comment
from cms.core import clock
from cms.core.database import db, transaction
from cms.notices.models import Notice
from cms.people.models import Person
from tests.cms.circles.making import join, make_circle, make_topic
from tests.factories import ivy, make_person, rae, sign_in

pytestmark = pytest.mark.usefixtures("app")


def answer(circle: Circle, by: Person, words: str, *, reported_by: Person | None = None) -> int:
    topic = make_topic(circle, by)
    ready = comments.prepare(words, own_language="en")
    with transaction():
        number = comments.post_comment("topic", topic.id, ready, by=by, at=clock.now()).id
    with transaction():
        if reported_by is None:
            db.session.get_one(Comment, number).state = "waiting"
        else:
            db.session.get_one(Comment, number).state = "visible"
    if reported_by is not None:
        with transaction():
            comments.flag_comment(number, reason="spam", note="", by=reported_by, at=clock.now())
    return number


def test_a_moderator_sees_what_is_to_be_decided_in_this_circle_only(client: FlaskClient) -> None:
    owner, moderator, reader = make_person("Olga Petrova", "member"), ivy(), rae()
    circle, other = make_circle(owner=owner), make_circle("Elsewhere", owner=reader)
    join(circle, moderator, role="moderator")
    for one in (circle, other):
        join(one, owner)
    waiting = answer(circle, owner, "Waits here")
    answer(circle, owner, "Reported here", reported_by=moderator)
    answer(other, owner, "Waits elsewhere")
    hidden = make_topic(circle, owner, "Gone from sight")
    with transaction():
        services.hide_topic(hidden.id, why="Off", by=owner, at=clock.now())
    sign_in(client, moderator)
    base = f"/en/circles/{circle.slug}"
    assert "To decide (2)" in client.get(f"{base}/inside").text
    pages = {
        tab: client.get(f"{base}/queue?show={tab}").text
        for tab in ("waiting", "reported", "appeals", "hidden", "nonsense")
    }
    found = {
        words: [tab for tab, text in pages.items() if words in text]
        for words in ("Waits here", "Reported here", "Gone from sight", "Waits elsewhere")
    }
    assert found == {
        "Waits here": ["waiting", "nonsense"],
        "Reported here": ["reported"],
        "Gone from sight": ["hidden"],
        "Waits elsewhere": [],
    }
    assert "/desk/" not in pages["waiting"]  # they have no desk
    done = client.post(f"/comments/{waiting}/approval", data={"back": f"{base}/queue"})
    assert (done.status_code, done.location) == (303, f"{base}/queue")
    assert "Waits here" not in client.get(f"{base}/queue").text


@pytest.mark.parametrize(("visibility", "status"), [("public", 403), ("members", 403), ("hidden", 404)])
def test_an_outsider_gets_what_the_gate_says(client: FlaskClient, visibility: str, status: int) -> None:
    circle = make_circle(visibility=visibility)
    sign_in(client, ivy())
    assert client.get(f"/circles/{circle.slug}/queue").status_code == status


def test_a_member_who_moderates_nothing_decides_nothing(client: FlaskClient) -> None:
    circle, member = make_circle(), rae()
    join(circle, member)
    sign_in(client, member)
    assert client.get(f"/circles/{circle.slug}/queue").status_code == 403
    assert "To decide" not in client.get(f"/en/circles/{circle.slug}/inside").text


def test_a_moderator_is_told_and_led_to_the_queue_of_the_circle(client: FlaskClient) -> None:
    owner, writer = ivy(), rae()
    circle = make_circle(owner=owner)
    join(circle, writer)
    topic = make_topic(circle, owner)
    ready = comments.prepare(
        "See https://a.example and https://b.example and https://c.example", own_language="en"
    )
    with transaction():
        said = comments.post_comment("topic", topic.id, ready, by=writer, at=clock.now())
    assert said.state == "waiting"
    notice = db.session.scalars(select(Notice).where(Notice.kind == "comment.waiting")).one()
    assert (notice.person_id, notice.subject) == (owner.id, f"queue:circle:{circle.id}")
    sign_in(client, owner)
    led_to = client.get(f"/notices/{notice.id}").headers["Location"]
    assert led_to.endswith(f"/circles/{circle.slug}/queue")
