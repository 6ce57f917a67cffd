"""Appealing a ban: once, from one's own pages, also against a circle that is out of sight; moderators answer."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.circles import services
from cms.circles.models import Circle, Membership
from cms.core import clock
from cms.core.database import db, transaction
from cms.notices import queries as notices
from cms.notices.kinds import known_kinds
from cms.people.models import AuditEntry, Person
from tests.cms.circles.making import join, make_circle
from tests.factories import ivy, make_person, rae, read_again, sign_in

pytestmark = pytest.mark.usefixtures("app")


def banned(circle: Circle, owner: Person, who: Person) -> None:
    join(circle, who)
    with transaction():
        services.ban(circle.id, who.id, why="Shouting", by=owner, at=clock.now())


def told(person: Person) -> set[str]:
    person = read_again(Person, person.id)
    seen = notices.visible_to(person, notices.notices(person))
    return {str(known_kinds()[one.kind].sentence(one.detail)) for one in seen}


def test_an_appeal_is_written_once_and_refused_with_a_reason(client: FlaskClient) -> None:
    owner, reader = make_person("Olga Petrova", "member"), ivy()
    circle = make_circle(owner=owner)
    banned(circle, owner, reader)
    assert told(reader) == {"You were shut out of the circle “Night photographers”."}
    browser, address = client.application.test_client(), f"/en/me/circles/bans/{circle.id}/appeal"
    sign_in(browser, reader)
    assert "/me/circles/bans" in browser.get(f"/en/circles/{circle.slug}/membership").text
    assert browser.post(address, data={"words": " "}).status_code == 422
    long = browser.post(address, data={"words": "long " * 120})
    assert (long.status_code, "long long" in long.text) == (422, True)
    assert browser.post(address, data={"words": "It was my cat."}).status_code == 303
    assert browser.post(address, data={"words": "And my dog."}).status_code == 409
    assert "Somebody who was shut out of the circle “Night photographers” appeals." in told(owner)
    sign_in(client, read_again(Person, owner.id))
    members = f"/en/circles/{circle.slug}/members"
    assert "It was my cat." in client.get(members).text
    answer = f"{members}/{reader.id}/appeal/refusal"
    assert client.post(answer, data={"why": ""}).status_code == 422
    assert client.post(answer, data={"why": "No cat can do that."}).status_code == 303
    assert client.post(answer, data={"why": "Again."}).status_code == 409
    assert "No cat can do that." in browser.get("/en/me/circles/bans").text
    assert "It was looked at again: you stay shut out of the circle “Night photographers”." in told(reader)
    acts = list(db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("circle.%"))))
    assert "circle.appeal_refused" in acts


def test_an_appeal_that_was_right_ends_the_ban_and_is_told(client: FlaskClient) -> None:
    owner, reader = make_person("Olga Petrova", "member"), ivy()
    circle = make_circle(owner=owner)
    banned(circle, owner, reader)
    with transaction():
        services.appeal(circle.id, words="It was my cat.", by=reader, at=clock.now())
    with transaction():
        services.lift_ban(circle.id, reader.id, by=owner, at=clock.now())
    assert db.session.get(Membership, (circle.id, reader.id)) is None
    assert "You are not shut out of the circle “Night photographers” any more." in told(reader)
    sign_in(client, read_again(Person, reader.id))
    assert client.post(f"/me/circles/bans/{circle.id}/appeal", data={"words": "x"}).status_code == 404


def test_a_hidden_circle_is_appealed_without_saying_its_name(client: FlaskClient) -> None:
    owner, reader, stranger = make_person("Olga Petrova", "member"), ivy(), rae()
    circle = make_circle(owner=owner, visibility="hidden")
    banned(circle, owner, reader)
    with transaction():
        services.ban(circle.id, stranger.id, by=owner, at=clock.now())
    assert told(reader) == {"You were shut out of the circle that is hidden."}
    assert told(stranger) == set()  # never knew of it
    sign_in(client, read_again(Person, reader.id))
    assert "/me/circles/bans" in client.get("/en/me/circles").text
    page = client.get("/en/me/circles/bans").text
    assert ("Shouting" in page, "A hidden circle" in page) == (True, True)
    assert (circle.name in page, circle.slug in page) == (False, False)
    done = client.post(f"/en/me/circles/bans/{circle.id}/appeal", data={"words": "It was my cat."})
    assert done.status_code == 303
    assert "It was my cat." in client.get("/en/me/circles/bans").text
