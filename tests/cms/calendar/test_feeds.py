"""The calendar in somebody's own program, and views that people keep."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from lxml import html

from cms.calendar import queries, services
from cms.calendar.models import CalendarFeed, KeptView
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.people.models import Person
from tests.cms.calendar.entries import NOON, entry, offering
from tests.factories import ivy, nadia, read_again, sign_in


def made(person: Person) -> str:
    with transaction():
        return services.make_feed(person.id, by=person, at=clock.now())


def test_the_address_is_shown_once_and_read_without_signing_in(client: FlaskClient, app: Flask) -> None:
    sign_in(client, nadia())
    page = client.post("/desk/calendar/feed")
    [address] = html.fromstring(page.text).xpath("//input[@readonly]/@value")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert address not in client.get("/desk/calendar/feed").text
    with offering(app, entry("Rain, and what it does")):
        answer = app.test_client().get(address.removeprefix("http://localhost"))
    assert answer.mimetype == "text/calendar"
    headers = ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")
    assert [answer.headers[name] for name in headers] == ["private, no-store", "noindex", "no-referrer"]
    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Publication: Rain, and what it does"
    assert (str(event["UID"]), event.decoded("DTSTART")) == ("post:1:publication@localhost", NOON)


def test_a_thing_keeps_its_name_when_it_is_moved_and_its_sequence_grows(
    client: FlaskClient, app: Flask
) -> None:
    token = made(nadia())
    read = []
    for hours in (0, 1):
        moved = entry(at=NOON + timedelta(days=hours), changed_at=NOON + timedelta(hours=hours))
        with offering(app, moved):
            [event] = Calendar.from_ical(client.get(f"/calendar/{token}.ics").data).walk("VEVENT")
        read.append((str(event["UID"]), int(event["SEQUENCE"]), event.decoded("LAST-MODIFIED")))
    assert read[0][0] == read[1][0]
    assert read[1][1] - read[0][1] == 3600
    assert read[1][2] == NOON + timedelta(hours=1)


def test_what_lasts_has_an_end_and_hostile_words_stay_words(client: FlaskClient, app: Flask) -> None:
    token = made(nadia())
    hostile = "Rain\r\nEND:VEVENT\r\nBEGIN:VALARM; , \\"
    with offering(app, entry(hostile, ends_at=NOON + timedelta(days=2))):
        calendar = Calendar.from_ical(client.get(f"/calendar/{token}.ics").data)
    [event] = calendar.walk("VEVENT")
    assert event.decoded("DTEND") == NOON + timedelta(days=2)
    assert calendar.walk("VALARM") == []


def test_an_address_ends_when_it_is_stopped_renewed_or_its_owner_may_not_enter(
    client: FlaskClient, app: Flask
) -> None:
    person = nadia()
    first = made(person)
    second = made(person)
    assert [client.get(f"/calendar/{one}.ics").status_code for one in (first, second, "guess")] == [
        404,
        200,
        404,
    ]
    with transaction():
        read_again(Person, person.id).disabled_at = clock.now()
    assert client.get(f"/calendar/{second}.ics").status_code == 404
    with transaction():
        again = read_again(Person, person.id)
        again.disabled_at, again.role = None, "member"
    assert client.get(f"/calendar/{second}.ics").status_code == 404
    with transaction():
        read_again(Person, person.id).role = "editor"
    sign_in(client, read_again(Person, person.id))
    assert client.post("/desk/calendar/feed/removal").status_code == 303
    assert client.get(f"/calendar/{second}.ics").status_code == 404


def test_the_owner_sees_when_a_program_read_it_to_the_hour(client: FlaskClient) -> None:
    person = nadia()
    token = made(person)
    noted = []
    for minutes in (0, 59, 61):
        with clock.stopped(NOON + timedelta(minutes=minutes)):
            client.get(f"/calendar/{token}.ics")
        noted.append(read_again(CalendarFeed, person.id).read_at)
    assert noted == [NOON, NOON, NOON + timedelta(minutes=61)]


def test_a_view_is_kept_shown_replaced_and_forgotten(client: FlaskClient, app: Flask) -> None:
    person = nadia()
    sign_in(client, person)
    sent = {"page": "posts", "name": "  My   drafts ", "query": "status=draft&mine=1"}
    assert client.post("/desk/views", data=sent).location == "/desk/posts?status=draft&mine=1"
    client.post("/desk/views", data={**sent, "query": "status=draft"})
    [view] = queries.kept_views(person.id, "posts")
    assert (view.name, view.query) == ("My drafts", "status=draft")
    page = html.fromstring(client.get("/desk/posts?status=draft").text)
    assert page.xpath("//nav[@aria-label='Kept views']/a[@aria-current]/text()") == ["My drafts"]
    client.post(f"/desk/views/{view.id}/removal", data={"page": "posts"})
    assert list(queries.kept_views(person.id, "posts")) == []


def test_views_are_ones_own(app: Flask) -> None:
    person, other = nadia(), ivy()
    with transaction():
        view = services.keep_view(
            person.id, page="calendar", name="Mine", query="", by=person, at=clock.now()
        )
        view_id = view.id
    assert list(queries.kept_views(other.id, "calendar")) == []
    with pytest.raises(NotFound), transaction():
        services.forget_view(view_id, person_id=other.id, by=other, at=clock.now())
    assert db.session.get(KeptView, view_id) is not None


@pytest.mark.parametrize(
    "wrong", [{"name": "  "}, {"name": "x" * 61}, {"page": "people"}, {"query": "x" * 1001}]
)
def test_a_view_needs_a_name_and_a_page(app: Flask, wrong: dict[str, str]) -> None:
    person = nadia()
    with pytest.raises(Invalid), transaction():
        services.keep_view(
            person.id, by=person, at=clock.now(), **{"page": "posts", "name": "A", "query": "", **wrong}
        )
