"""Calls for texts: who opens one, what is offered and until when, who reads it, and where it stands."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from cms.circles import services
from cms.circles.models import Circle, Topic
from cms.circles.queries import gate, inside
from cms.circles.services.problems import AlreadyOffered, CallOver, NotAMember
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.core.walltime import AmbiguousTime
from cms.people.models import Person
from tests.cms.circles.making import join, make_call, make_circle, make_topic, offer
from tests.factories import ivy, make_person, make_post, rae, sign_in, token_headers

pytestmark = pytest.mark.usefixtures("app")


def olga() -> Person:
    return make_person("Olga Petrova", "member")


def circle_of(owner: Person, *members: Person, **settings: object) -> Circle:
    circle = make_circle(owner=owner, **settings)
    for one in members:
        join(circle, one)
    return circle


def opening(**fields: str) -> dict[str, str]:
    given = {
        "title": "The sound of rain",
        "body": "Up to 300 words.",
        "zone": "Asia/Shanghai",
        "audience": "all",
    }
    return {**given, "wall": "2099-03-01T18:00", **fields}


def test_a_moderator_opens_one_and_members_do_not(client: FlaskClient) -> None:
    moderator, member = ivy(), rae()
    circle = circle_of(olga(), member)
    join(circle, moderator, role="moderator")
    sign_in(client, member)
    assert client.post(f"/circles/{circle.slug}/calls", data=opening()).status_code == 403
    sign_in(client, moderator)
    answer = client.post(f"/circles/{circle.slug}/calls", data=opening())
    call = db.session.query(Topic).one()
    assert (answer.status_code, answer.location) == (303, f"/circles/{circle.slug}/topics/{call.id}/inside")
    assert (call.ends_wall, call.ends_zone) == ("2099-03-01T18:00", "Asia/Shanghai")
    assert "2099-03-01 18:00 (Asia/Shanghai)" in client.get(f"/en/circles/{circle.slug}").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"wall": "2001-01-01T09:00"}, "This time is over."),
        ({"wall": "2027-03-28T02:30", "zone": "Europe/Oslo"}, "this time does not exist in Europe/Oslo"),
        ({"wall": "2027-10-31T02:30", "zone": "Europe/Oslo"}, "this time happens twice"),
        ({"zone": "CST-ish"}, "Please choose a time zone from the list."),
        ({"wall": "soon"}, "Please give a date and a time."),
    ],
)
def test_a_wrong_end_is_a_sentence(client: FlaskClient, fields: dict[str, str], sentence: str) -> None:
    owner = olga()
    circle = circle_of(owner)
    sign_in(client, owner)
    answer = client.post(f"/circles/{circle.slug}/calls", data=opening(**fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "The sound of rain" in answer.text
    assert db.session.query(Topic).count() == 0


def test_a_doubled_end_is_asked_about() -> None:
    owner = olga()
    circle = circle_of(owner)
    with pytest.raises(AmbiguousTime):
        make_call(circle, owner, wall="2027-10-31T02:30", zone="Europe/Oslo")


def test_members_offer_a_text_of_their_blog_or_write_one(client: FlaskClient) -> None:
    owner, member = olga(), rae()
    circle = circle_of(owner, member)
    call, post = make_call(circle, owner), make_post(title="Night bus in rain", bylines=[member])
    sign_in(client, member)
    address = f"/circles/{circle.slug}/topics/{call.id}/texts"
    assert "Night bus in rain" in client.get(f"{address}/new").text
    assert client.post(address, data={"post": str(post.id)}).status_code == 303
    assert client.post(address, data={"title": "Gutter", "body": "It drips."}).status_code == 303
    texts = inside.texts_of(db.session.get_one(Topic, call.id), None)
    assert [(one.title, one.post_id, one.audience) for one in texts] == [
        ("Night bus in rain", post.id, "all"), ("Gutter", None, "all"),
    ]  # fmt: skip
    page = client.get(f"/en/circles/{circle.slug}/topics/{call.id}").text
    assert "2 texts" in page
    assert "Gutter" in page
    assert "The sound of rain" in client.get(f"/en/circles/{circle.slug}/topics/{texts[1].id}").text


def test_nothing_typed_is_lost_when_an_offer_is_refused(client: FlaskClient) -> None:
    owner, member = olga(), rae()
    circle = circle_of(owner, member)
    call = make_call(circle, owner)
    sign_in(client, member)
    address = f"/circles/{circle.slug}/topics/{call.id}/texts"
    answer = client.post(address, data={"title": "", "body": "Half a page about rain"})
    assert answer.status_code == 422
    assert "Half a page about rain" in answer.text


def test_of_others_and_of_what_readers_do_not_see_nothing_is_offered() -> None:
    owner, member = olga(), rae()
    circle = circle_of(owner, member)
    call = make_call(circle, owner)
    foreign = make_post(title="Not mine", bylines=[owner])
    for post_id in (foreign.id, 999_999):
        with pytest.raises(Invalid):
            offer(call, member, post_id=post_id)
    with pytest.raises(NotAMember):
        offer(call, ivy())


def test_the_same_post_stands_there_once() -> None:
    owner, member = olga(), rae()
    call = make_call(circle_of(owner, member), owner)
    post = make_post(title="Night bus", bylines=[member])
    offer(call, member, post_id=post.id)
    with pytest.raises(AlreadyOffered):
        offer(call, member, post_id=post.id)


def test_it_ends_by_itself_and_can_open_again(client: FlaskClient) -> None:
    owner, member = olga(), rae()
    circle = circle_of(owner, member)
    call = make_call(circle, owner)
    ends = call.ends_at
    assert ends is not None
    address = f"/en/circles/{circle.slug}/topics/{call.id}"
    assert "Open call" in client.get(address).text
    with clock.stopped(ends - timedelta(seconds=1)):
        offer(call, member, "In the last second")
    with clock.stopped(ends):
        with pytest.raises(CallOver):
            offer(call, member, "Too late")
        page = client.get(address).text
        assert "Call is over" in page
        assert "In the last second" in page
        sign_in(client, member)
        assert client.get(f"/circles/{circle.slug}/topics/{call.id}/texts/new").status_code == 409
        sign_in(client, owner)
        again = {"wall": "2099-01-01T09:00", "zone": "UTC"}
        assert client.post(f"/circles/{circle.slug}/topics/{call.id}/end", data=again).status_code == 303
        offer(db.session.get_one(Topic, call.id), member, "Open again")


def test_a_moderator_ends_it_now(client: FlaskClient) -> None:
    owner = olga()
    circle = circle_of(owner)
    call = make_call(circle, owner)
    sign_in(client, owner)
    assert client.post(f"/circles/{circle.slug}/topics/{call.id}/end", data={"now": "1"}).status_code == 303
    assert db.session.get_one(Topic, call.id).is_calling(clock.now()) is False


def test_texts_of_a_call_for_members_are_for_members(client: FlaskClient) -> None:
    owner, member = olga(), rae()
    circle = circle_of(owner, member)
    call = make_call(circle, owner)
    text = offer(call, member)
    assert gate.get_topic(text.id, None).id == text.id
    ready = services.prepare_topic(title="The sound of rain", body="Closer.")
    with transaction():
        services.change_topic(call.id, ready, audience="members", by=owner, at=clock.now())
    with pytest.raises(NotFound):
        gate.get_topic(text.id, None)
    assert gate.get_topic(text.id, member).id == text.id
    assert offer(db.session.get_one(Topic, call.id), member, "Another").audience == "members"


def test_the_list_of_topics_holds_calls_and_leaves_their_texts_to_them(client: FlaskClient) -> None:
    owner = olga()
    circle = circle_of(owner)
    call, talk = make_call(circle, owner), make_topic(circle, owner)
    offer(call, owner)
    shown = [one.id for one in inside.topics(circle.id, None)]
    assert sorted(shown) == sorted([call.id, talk.id])
    page = client.get(f"/en/circles/{circle.slug}").text
    assert page.count("The sound of rain") == 1
    assert "Gutter music" not in page


def test_feed_calendar_and_api_tell_of_it(client: FlaskClient) -> None:
    owner, member = olga(), rae()
    circle = circle_of(owner, member)
    call = make_call(circle, owner, wall="2099-03-01T18:00")
    secret = make_call(circle, owner, "Only for us", audience="members")
    feed = client.get(f"/circles/{circle.slug}/feed.json").json["items"]
    assert [one["title"] for one in feed] == ["The sound of rain"]
    assert "Call for texts, until 2099-03-01 18:00 (Asia/Shanghai)." in feed[0]["content_html"]
    calendar = Calendar.from_ical(client.get(f"/circles/{circle.slug}/hours.ics").data)
    assert [(str(one["uid"]), one["dtstart"].dt.isoformat()) for one in calendar.walk("VEVENT")] == [
        (f"circle_call:{call.id}@localhost", "2099-03-01T10:00:00+00:00")
    ]
    with transaction():
        token = services.make_feed(circle.id, device="A phone", by=member, at=clock.now())
    private = Calendar.from_ical(client.get(f"/circles/feeds/{token}/hours.ics").data)
    assert {str(one["uid"]).partition("@")[0] for one in private.walk("VEVENT")} == {
        f"circle_call:{one.id}" for one in (call, secret)
    }
    headers = {**token_headers(member), "Idempotency-Key": "once"}
    address = f"/api/v1/circles/{circle.id}/topics"
    body = {"title": "Gutter music", "body": "It drips.", "call": call.id}
    made = client.post(address, json=body, headers=headers)
    assert (made.status_code, made.json["call"], made.json["call_until"]) == (201, call.id, None)
    assert (
        client.post(
            address, json={**body, "call": made.json["id"]}, headers=token_headers(member)
        ).status_code
        == 404
    )


def test_a_hidden_call_takes_nothing_and_its_name_stays_unsaid(client: FlaskClient) -> None:
    owner, member = olga(), rae()
    circle = circle_of(owner, member)
    call = make_call(circle, owner)
    text = offer(call, member)
    with transaction():
        services.hide_topic(call.id, why="Off", by=owner, at=clock.now())
    with pytest.raises(CallOver):
        offer(call, member, "Another")
    assert "The sound of rain" not in client.get(f"/circles/{circle.slug}/topics/{text.id}").text
