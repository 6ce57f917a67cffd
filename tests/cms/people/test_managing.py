"""What editors and admins do to other people's accounts: find them, edit profiles, sign out, invite again."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from cms.core import clock
from cms.core.database import db
from cms.core.models import OutgoingMail
from cms.people import queries
from cms.people.models import AuditEntry, Invitation, Person, SignIn
from cms.people.services.invitations import LASTS_FOR
from tests.conftest import NOW
from tests.factories import make_person, nadia, read_again, sign_in, tom

PROFILE = {"name": "Gil Moreau", "handle": "gil-m", "headline_zh": "海洋学家", "bio_en": "Listens to cables."}


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_person("Bo Boss", "admin", handle="bo"))
    return client


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    client = app.test_client()
    sign_in(client, nadia())
    return client


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def found(admin: FlaskClient, query: str) -> list[str]:
    page = html.fromstring(admin.get(f"/desk/people?{query}").text)
    return list(page.xpath("//a[@class='table__title']/text()"))


def test_people_are_found_by_a_part_of_name_handle_or_mail(admin: FlaskClient) -> None:
    make_person("Wen Li 李文", "author", handle="wenli", email="wen@example.org")
    make_person("Cass Ito", "author", handle="cass", disabled_at=NOW)
    for words in ("李", "LI 李", "@wenli", "example.org"):
        assert found(admin, f"q={words}") == ["Wen Li 李文"]
    assert found(admin, "role=author") == ["Cass Ito", "Wen Li 李文"]
    assert found(admin, "closed=1") == ["Cass Ito"]
    assert "Nobody is like that" in admin.get("/desk/people?q=zzz").text
    assert found(admin, "q=%25") == []


def test_an_editor_edits_the_profile_of_a_guest_but_of_nobody_else(editor: FlaskClient) -> None:
    guest, manager = make_person("Gil", "guest", handle="gil"), tom()
    assert editor.post(f"/desk/people/{guest.id}/profile", data=PROFILE).status_code == 303
    guest = read_again(Person, guest.id)
    assert (guest.name, guest.handle, guest.headline) == ("Gil Moreau", "gil-m", {"zh": "海洋学家"})
    assert queries.find_person("gil") == guest
    assert editor.get(f"/desk/people/{manager.id}/profile").status_code == 403
    assert acts() == ["profile.changed"]


def test_a_profile_that_is_saved_as_it_was_leaves_no_trace(admin: FlaskClient) -> None:
    guest = make_person("Gil", "guest", handle="gil")
    for _twice in range(2):
        admin.post(f"/desk/people/{guest.id}/profile", data=PROFILE)
    assert acts() == ["profile.changed"]


def test_a_taken_handle_comes_back_with_what_was_typed(admin: FlaskClient) -> None:
    guest = make_person("Gil", "guest", handle="gil")
    answer = admin.post(f"/desk/people/{guest.id}/profile", data={**PROFILE, "handle": "bo"})
    assert (answer.status_code, "belongs to somebody else" in answer.text) == (422, True)
    assert "海洋学家" in answer.text
    assert read_again(Person, guest.id).name == "Gil"


def test_somebody_is_signed_out_everywhere(app: Flask, admin: FlaskClient) -> None:
    manager = tom()
    browser = app.test_client()
    sign_in(browser, manager)
    assert "In 1 browser" in admin.get(f"/desk/people/{manager.id}").text
    admin.post(f"/desk/people/{manager.id}/sign-ins/removal")
    assert (
        browser.get("/desk/people").status_code == 302 or "/sign-in" in browser.get("/desk/people").location
    )
    assert db.session.scalar(select(func.count(SignIn.id)).where(SignIn.person_id == manager.id)) == 0
    assert acts() == ["sign_ins.ended"]


def invite(editor: FlaskClient) -> tuple[int, str]:
    editor.post("/desk/invitations", data={"email": "new@example.com", "role": "author", "locale": "en"})
    return db.session.scalars(select(Invitation.id)).one(), newest_link()


def newest_link() -> str:
    text = db.session.scalars(select(OutgoingMail.text).order_by(OutgoingMail.id.desc())).first() or ""
    return re.findall(r"http://localhost(/\S+)", text)[0]


def test_an_invitation_that_is_too_old_is_sent_again_with_a_new_link(
    editor: FlaskClient, client: FlaskClient
) -> None:
    invitation_id, first = invite(editor)
    with clock.stopped(NOW + LASTS_FOR):
        sign_in(editor, make_person("Nora", "editor", handle="nora"))
        assert "too old" in editor.get("/desk/invitations").text
        assert client.get(first).status_code == 404
        editor.post(f"/desk/invitations/{invitation_id}/sending")
        assert newest_link() != first
        assert (client.get(first).status_code, client.get(newest_link()).status_code) == (404, 200)


def test_an_invitation_that_was_withdrawn_is_not_sent_again(editor: FlaskClient) -> None:
    invitation_id, _link = invite(editor)
    editor.post(f"/desk/invitations/{invitation_id}/revocation")
    page = editor.post(f"/desk/invitations/{invitation_id}/sending", follow_redirects=True).text
    assert "This invitation was withdrawn. Please invite them anew." in page
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 1
