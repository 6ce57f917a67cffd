"""Pages as people meet them: making, joining, talking, private feeds, hours, and what is kept."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import select

from cms.calendar import services as calendar
from cms.circles import services
from cms.circles.models import Circle, CircleFeed, Membership, OfficeHour, Topic
from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from tests.cms.circles.making import join, make_circle, make_topic
from tests.factories import ivy, make_person, make_post, make_tag, nadia, rae, sign_in

pytestmark = pytest.mark.usefixtures("app")
GIVEN = {
    "name": "Night photographers",
    "purpose": "Long exposures, shared.",
    "language": "en",
    "visibility": "public",
    "join_policy": "request",
    "content_default": "members",
}


def olga() -> Person:
    return make_person("Olga Petrova", "member")


def words(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_a_circle_is_made_with_its_three_settings(client: FlaskClient) -> None:
    make_tag("5g")
    sign_in(client, olga())
    assert (
        client.post("/circles", data={**GIVEN, "tags": "5g"}).location
        == "/circles/night-photographers/inside"
    )
    made = db.session.scalars(select(Circle)).one()
    assert (made.visibility, made.join_policy, made.content_default) == ("public", "request", "members")
    assert "Your circle is there" in words(client, "/circles/night-photographers/inside")


def test_wrong_input_is_shown_again_with_what_was_typed(client: FlaskClient) -> None:
    sign_in(client, olga())
    answer = client.post("/circles", data={**GIVEN, "visibility": "everywhere", "tags": "no-such-word"})
    assert answer.status_code == 422
    assert "Please choose one of the possibilities." in answer.text
    answer = client.post("/circles", data={**GIVEN, "tags": "no-such-word"})
    assert answer.status_code == 422
    assert "The site has no topic called" in answer.text
    assert "Long exposures, shared." in answer.text


def test_the_public_page_is_kept_and_says_nothing_of_who_reads(client: FlaskClient) -> None:
    owner = olga()
    circle = make_circle(owner=owner)
    make_topic(circle, owner)
    first = client.get("/circles/night-photographers")
    assert first.headers["Cache-Control"] == "public, no-cache"
    sign_in(client, owner)
    again = client.get("/circles/night-photographers")
    assert again.data == first.data
    assert b"csrf" not in first.data
    assert "Set-Cookie" not in first.headers


def test_a_kept_page_is_gone_the_moment_its_circle_hides(client: FlaskClient) -> None:
    owner = olga()
    make_circle(owner=owner)
    assert client.get("/circles/night-photographers").status_code == 200
    assert "Night photographers" in words(client, "/circles")
    assert client.get("/circles/night-photographers/feed.xml").status_code == 200
    browser = client.application.test_client()
    sign_in(browser, owner)
    given = {**GIVEN, "visibility": "hidden", "join_policy": "open"}
    browser.post("/circles/night-photographers/settings", data=given)
    assert client.get("/circles/night-photographers").status_code == 404
    assert client.get("/circles/night-photographers/feed.xml").status_code == 404
    assert "Night photographers" not in words(client, "/circles")
    slug = db.session.scalars(select(Circle.slug)).one()
    assert "Night photographers" in words(browser, f"/circles/{slug}")


def test_joining_by_request_and_being_let_in(client: FlaskClient) -> None:
    owner, reader = olga(), rae()
    circle = make_circle(owner=owner, join_policy="request", content_default="members")
    make_topic(circle, owner, "For us")
    sign_in(client, reader)
    client.post("/circles/night-photographers/membership", data={"words": "I have a tripod"})
    assert client.get("/circles/night-photographers/inside").status_code == 403
    sign_in(client, owner)
    assert "I have a tripod" in words(client, "/circles/night-photographers/members")
    client.post(f"/circles/night-photographers/members/{reader.id}/approval")
    sign_in(client, reader)
    assert "For us" in words(client, "/circles/night-photographers/inside")
    assert "For us" not in words(client.application.test_client(), "/circles/night-photographers")


def test_a_request_is_no_way_around_the_policy(client: FlaskClient) -> None:
    make_circle(join_policy="invitation")
    sign_in(client, rae())
    answer = client.post("/circles/night-photographers/membership")
    assert answer.status_code == 409
    assert "by invitation" in answer.text


def test_a_post_is_shared_with_words_and_goes_when_readers_lose_it(client: FlaskClient) -> None:
    owner = olga()
    make_circle(owner=owner)
    post = make_post("Spring notes")
    draft = make_post("Not yet", publish=False)
    sign_in(client, owner)
    assert "Night photographers" in words(client, f"/me/circles/share?post={post.id}")
    assert client.get(f"/me/circles/share?post={draft.id}").status_code == 404
    given = {"title": "Read this", "body": "It is about **us**.", "audience": "all", "post": str(post.id)}
    answer = client.post("/circles/night-photographers/topics", data=given)
    assert answer.status_code == 303
    assert "/posts/spring-notes" in words(client.application.test_client(), answer.location)
    answer = client.post("/circles/night-photographers/topics", data={**given, "post": str(draft.id)})
    assert answer.status_code == 422


def test_a_link_lets_in_whoever_has_it_and_an_account(client: FlaskClient) -> None:
    owner, reader = olga(), rae()
    circle = make_circle(owner=owner, visibility="hidden")
    sign_in(client, owner)
    made = client.post(f"/circles/{circle.slug}/links", data={"most_uses": "1"}).text
    address = re.search(r"http://localhost(/circles/invitations/[\w-]+)", made)
    assert address is not None
    assert client.application.test_client().get(address[1]).status_code in (302, 303, 401)
    sign_in(client, reader)
    assert "Night photographers" in words(client, address[1])
    assert client.post(address[1]).status_code == 303
    assert client.get(address[1]).status_code == 409


def test_a_private_feed_is_for_one_device_and_ends_with_the_membership(client: FlaskClient) -> None:
    owner, reader = olga(), rae()
    circle = make_circle(owner=owner, visibility="hidden")
    join(circle, reader)
    make_topic(circle, owner, "For us only")
    sign_in(client, reader)
    tokens = []
    for device in ("Phone", "Desk"):
        made = client.post(f"/circles/{circle.slug}/feeds", data={"device": device}).text
        tokens.append(re.search(r"/circles/feeds/([\w-]+)/feed\.xml", made)[1])  # type: ignore[index]
    anybody = client.application.test_client()
    for file in ("feed.xml", "atom.xml", "feed.json"):
        answer = anybody.get(f"/circles/feeds/{tokens[0]}/{file}")
        assert "For us only" in answer.text
        assert tokens[0] not in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
    first = db.session.scalars(select(CircleFeed.id).order_by(CircleFeed.id)).first()
    client.post(f"/circles/{circle.slug}/feeds/{first}/revocation")
    assert anybody.get(f"/circles/feeds/{tokens[0]}/feed.xml").status_code == 404
    assert anybody.get(f"/circles/feeds/{tokens[1]}/feed.xml").status_code == 200
    client.post(f"/circles/{circle.slug}/membership/removal")
    assert anybody.get(f"/circles/feeds/{tokens[1]}/feed.xml").status_code == 404


def test_an_old_address_leads_on_and_a_closed_one_to_its_heir(client: FlaskClient) -> None:
    owner = make_person("Olga Petrova", "member", created_at=clock.now().replace(year=2025))
    old, new = make_circle(owner=owner), make_circle("Day photographers", owner=owner)
    topic = make_topic(old, owner)
    sign_in(client, owner)
    client.post(
        "/circles/night-photographers/closing", data={"into": "/circles/day-photographers", "merge": "1"}
    )
    anybody = client.application.test_client()
    assert anybody.get("/circles/night-photographers").location == "/circles/day-photographers"
    moved = anybody.get(f"/circles/night-photographers/topics/{topic.id}")
    assert moved.location == f"/circles/day-photographers/topics/{topic.id}"
    assert db.session.get_one(Topic, topic.id).circle_id == new.id


def test_nobody_merges_into_a_circle_of_somebody_else(client: FlaskClient) -> None:
    owner = olga()
    make_circle(owner=owner)
    make_circle("Day photographers", owner=rae())
    sign_in(client, owner)
    given = {"into": "/circles/day-photographers", "merge": "1"}
    assert client.post("/circles/night-photographers/closing", data=given).status_code == 409


def test_a_hidden_topic_leaves_the_kept_page_and_tells_its_writer_why(client: FlaskClient) -> None:
    owner, writer = olga(), rae()
    circle = make_circle(owner=owner)
    join(circle, writer)
    topic = make_topic(circle, writer, "Buy now")
    address = f"/circles/night-photographers/topics/{topic.id}"
    assert "Buy now" in words(client, "/circles/night-photographers")
    sign_in(client, owner)
    assert client.post(f"{address}/hiding", data={"why": ""}).status_code == 422
    client.post(f"{address}/hiding", data={"why": "An advertisement."})
    anybody = client.application.test_client()
    assert "Buy now" not in words(anybody, "/circles/night-photographers")
    assert anybody.get(address).status_code == 404
    sign_in(client, writer)
    assert "An advertisement." in words(client, address)


def test_hours_keep_their_wall_time_and_are_a_calendar(client: FlaskClient) -> None:
    editor = nadia()
    circle = make_circle(owner=olga())
    sign_in(client, editor)
    assert client.get("/circles/night-photographers/hours/new").status_code == 403  # it has no badge yet
    client.post(f"/desk/circles/{circle.id}/backing")
    given = {
        "title": "Ask about filters",
        "expert": "@nadia",
        "wall": "2026-12-01T19:00",
        "zone": "Asia/Shanghai",
        "minutes": "60",
    }
    assert client.post("/circles/night-photographers/hours", data=given).status_code == 303
    missing = {**given, "wall": "2027-03-28T02:30", "zone": "Europe/Berlin"}
    assert client.post("/circles/night-photographers/hours", data=missing).status_code == 422
    shown = words(client.application.test_client(), "/circles/night-photographers")
    assert "2026-12-01 19:00 (Asia/Shanghai)" in shown
    assert "Backed by the company" in shown
    file = words(client, "/circles/night-photographers/hours.ics")
    assert "DTSTART:20261201T110000Z" in file
    assert "Ask about filters" in words(client, "/desk/calendar?month=2026-12")


def test_a_post_leads_to_sharing_it_in_a_circle(client: FlaskClient) -> None:
    writer = rae()
    join(make_circle(), writer)
    post = make_post("Spring notes")
    link = f"/me/circles/share?post={post.id}"
    assert f'href="{link}" rel="nofollow">' in words(client, "/posts/spring-notes")
    sign_in(client, writer)
    assert f"/circles/night-photographers/topics/new?post={post.id}" in words(client, link)


def test_an_hour_moves_and_one_called_off_stays_in_calendars_as_such(client: FlaskClient) -> None:
    editor = nadia()
    circle = make_circle(owner=olga())
    sign_in(client, editor)
    client.post(f"/desk/circles/{circle.id}/backing")
    given = {"title": "Ask about filters", "expert": "@nadia", "wall": "2026-12-01T19:00", "minutes": "60"}
    client.post("/circles/night-photographers/hours", data={**given, "zone": "Asia/Shanghai"})
    hour = db.session.scalars(select(OfficeHour)).one()
    address = f"/circles/night-photographers/hours/{hour.id}"

    def event() -> Event:
        [found] = Calendar.from_ical(words(client, "/circles/night-photographers/hours.ics")).walk("VEVENT")
        return found

    first = event()
    assert (first["SEQUENCE"] > 0, "STATUS" in first) == (True, False)
    assert 'value="2026-12-01T19:00"' in words(client, f"{address}/time")
    missing = {"wall": "2027-03-28T02:30", "zone": "Europe/Berlin"}
    refused = client.post(f"{address}/time", data=missing)
    assert refused.status_code == 422
    assert 'value="2027-03-28T02:30"' in refused.text
    with clock.stopped(clock.now() + timedelta(minutes=1)):
        moved = {"wall": "2026-12-02T20:00", "zone": "Asia/Shanghai"}
        assert client.post(f"{address}/time", data=moved).status_code == 303
        second = event()
    assert (second["UID"], second.decoded("DTSTART")) == (first["UID"], datetime(2026, 12, 2, 12, tzinfo=UTC))
    with clock.stopped(clock.now() + timedelta(minutes=2)):
        client.post(f"{address}/cancelling")
        third = event()
        assert client.get(f"{address}/time").status_code == 404
        assert client.post(f"{address}/time", data=moved).status_code == 404
        assert "Ask about filters" not in words(client, "/desk/calendar?month=2026-12")
    assert (third["UID"], third["STATUS"]) == (first["UID"], "CANCELLED")
    assert first["SEQUENCE"] < second["SEQUENCE"] < third["SEQUENCE"]


def test_the_health_of_circles_is_one_page_in_a_fixed_number_of_queries(
    client: FlaskClient, count_queries: list[str]
) -> None:
    owner = olga()
    circle = make_circle(owner=owner)
    make_topic(circle, owner)
    sign_in(client, nadia())
    words(client, "/desk/circles")
    count_queries.clear()
    assert "nothing was answered" in words(client, "/desk/circles")
    one = len(count_queries)
    make_circle("Second", owner=rae())
    make_circle("Third", owner=ivy())
    count_queries.clear()
    assert "Third" in words(client, "/desk/circles")
    assert len(count_queries) == one


def test_who_was_asked_to_take_over_finds_the_button(client: FlaskClient) -> None:
    heir = rae()
    circle = make_circle()
    join(circle, heir)
    with transaction():
        db.session.get_one(Circle, circle.id).heir_id = heir.id
    sign_in(client, heir)
    assert "Take it over" in words(client, "/circles/night-photographers/membership")
    client.post("/circles/night-photographers/membership/ownership")
    assert db.session.get_one(Membership, (circle.id, heir.id)).role == "owner"


def test_circle_services_are_all_exported() -> None:
    assert sorted(services.__all__) == list(services.__all__)


def test_an_hour_called_off_stays_in_private_calendars_as_such_and_leaves_the_desk(
    client: FlaskClient,
) -> None:
    editor, circle = nadia(), make_circle(owner=olga())
    with transaction():
        services.back_circle(circle.id, backed=True, by=editor, at=clock.now())
        hour_id = services.plan_hour(
            circle.id,
            title="Ask about lenses",
            expert_id=editor.id,
            wall="2026-12-01T18:00",
            zone="UTC",
            minutes=60,
            by=editor,
            at=clock.now(),
        ).id
        token = calendar.make_feed(editor.id, by=editor, at=clock.now())
    sign_in(client, editor)
    desk = "/desk/calendar?view=month&on=2026-12-01"
    assert "Ask about lenses" in client.get(desk).text
    with transaction():
        services.cancel_hour(circle.id, hour_id, by=editor, at=clock.now())
    [event] = Calendar.from_ical(client.get(f"/calendar/{token}.ics").data).walk("VEVENT")
    assert (str(event["UID"]), str(event["STATUS"])) == (f"circle_hour:{hour_id}@localhost", "CANCELLED")
    assert "Ask about lenses" not in client.get(desk).text
