import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.people import audit, services
from cms.people.commands import check_admin
from cms.people.models import AuditEntry, Person
from cms.people.services import LastAdmin
from tests.conftest import NOW
from tests.factories import ivy, make_person, nadia, read_again, sign_in, tom


@pytest.fixture
def boss(app: Flask) -> Person:
    return make_person("Bo Boss", "admin", handle="bo")


@pytest.fixture
def admin(app: Flask, boss: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(client, boss)
    return client


def acts() -> list[tuple[str, str, int | None]]:
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    return [(one.act, one.subject, one.by_id) for one in rows]


def test_a_new_role_counts_from_the_next_request(app: Flask, admin: FlaskClient, boss: Person) -> None:
    who = ivy()
    client = app.test_client()
    sign_in(client, who)
    assert client.get("/desk/people").status_code == 404
    assert admin.post(f"/desk/people/{who.id}/role", data={"role": "editor"}).status_code == 303
    assert client.get("/desk/people").status_code == 200
    assert acts() == [("role.changed", f"person:{who.id}", boss.id)]


@pytest.mark.parametrize("role", ["guest", "emperor", ""])
def test_a_role_that_no_account_has_is_refused(admin: FlaskClient, role: str) -> None:
    who = ivy()
    assert admin.post(f"/desk/people/{who.id}/role", data={"role": role}).status_code == 422
    assert read_again(Person, who.id).role == "member"


def test_a_guest_gets_no_role_by_the_back_door(admin: FlaskClient) -> None:
    guest = make_person("Gus Guest", "guest")
    admin.post(f"/desk/people/{guest.id}/role", data={"role": "admin"})
    assert read_again(Person, guest.id).role == "guest"


def test_the_last_admin_cannot_leave(admin: FlaskClient, boss: Person) -> None:
    make_person("Cleo Closed", "admin", disabled_at=NOW)
    admin.post(f"/desk/people/{boss.id}/role", data={"role": "editor"})
    admin.post(f"/desk/people/{boss.id}/closure")
    kept = read_again(Person, boss.id)
    assert (kept.role, kept.disabled_at) == ("admin", None)
    assert "This is the last admin." in admin.get(f"/desk/people/{boss.id}").text
    assert acts() == []


def test_one_of_two_admins_can_leave(app: Flask, boss: Person) -> None:
    other = make_person("Dee Deputy", "admin")
    with transaction():
        services.change_role(boss.id, role="editor", by=other, at=clock.now())
    with pytest.raises(LastAdmin), transaction():
        services.disable_account(other.id, by=other, at=clock.now())


def test_closing_and_reopening_are_noted_once(admin: FlaskClient, boss: Person) -> None:
    who = ivy()
    for rest in ("closure", "closure", "reopening", "reopening"):
        admin.post(f"/desk/people/{who.id}/{rest}")
    assert acts() == [
        ("account.disabled", f"person:{who.id}", boss.id),
        ("account.enabled", f"person:{who.id}", boss.id),
    ]
    assert read_again(Person, who.id).disabled_at is None


def test_people_are_listed_by_role_and_page_by_page(admin: FlaskClient) -> None:
    for number in range(60):
        make_person(f"Member {number}", "member", handle=f"member-{number}")
    nadia()
    first = admin.get("/desk/people?role=member")
    assert first.text.count("@member-") == 50
    assert "@nadia" not in first.text
    following = re.search(r'href="([^"]+)" rel="next"', first.text)
    assert following is not None
    second = admin.get(following[1].replace("&amp;", "&"))
    assert second.text.count("@member-") == 10
    assert 'rel="next"' not in second.text


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "before=" + "9" * 40, "role=<script>", "before=0"]
)
def test_a_strange_address_is_a_plain_list(admin: FlaskClient, query: str) -> None:
    answer = admin.get(f"/desk/people?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_an_unknown_person_is_404(admin: FlaskClient) -> None:
    assert admin.get("/desk/people/999999").status_code == 404
    assert [admin.get("/desk/people/" + "9" * n).status_code for n in (10, 30, 5000)] == [404] * 3
    assert admin.post("/desk/people/999999/closure").status_code == 404


def test_lists_make_as_many_queries_for_three_as_for_one(
    admin: FlaskClient, count_queries: list[str]
) -> None:
    counts: dict[str, list[int]] = {"/desk/people": [], "/desk/audit": [], "/desk/mail": []}
    for path in counts:
        admin.get(path)
    for make in (ivy, nadia, tom):
        who = make()
        with transaction():
            services.disable_account(who.id, by=who, at=NOW)
            services.request_reset("bo@example.com", locale="en", at=NOW)
        for path, seen in counts.items():
            db.session.remove()
            count_queries.clear()
            assert admin.get(path).status_code == 200
            seen.append(len(count_queries))
    assert {path: len(set(seen)) for path, seen in counts.items()} == dict.fromkeys(counts, 1)


def test_the_rail_says_where_one_is(app: Flask, admin: FlaskClient) -> None:
    assert 'aria-current="page"' in admin.get("/desk/people").text


# The log --------------------------------------------------------------------------------------------------------


def three_entries() -> list[AuditEntry]:
    who = ivy()
    with transaction():
        return [
            audit.record(act, f"person:{who.id}", by=who, at=NOW, detail={"名": ["x", 1, None]})
            for act in ("one.done", "two.done", "three.done")
        ]


def test_the_log_is_whole_and_says_who_did_what(app: Flask, admin: FlaskClient) -> None:
    three_entries()
    db.session.expire_all()
    assert audit.first_break() is None
    page = admin.get("/desk/audit?check=1").text
    assert "The log is whole." in page
    page = page[page.index("<tbody>") :]
    assert page.index("three.done") < page.index("one.done")
    assert "Ivy Lindqvist" in page


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET act = 'x'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_or_remove_an_entry(app: Flask, statement: str) -> None:
    three_entries()
    connection = db.engines[None]
    point = connection.begin_nested()
    with pytest.raises(Exception, match="the audit log only grows"):
        connection.exec_driver_sql(statement)
    point.rollback()


def test_a_forged_entry_shows(app: Flask, admin: FlaskClient) -> None:
    last = three_entries()[-1]
    forged = AuditEntry(at=NOW, act="x", subject="y", detail={}, previous_hash=last.hash, hash="0" * 64)
    with transaction():
        db.session.add(forged)
    assert audit.first_break() == forged.id
    assert "does not fit the one before it" in admin.get("/desk/audit?check=1").text


def test_an_act_that_fails_leaves_no_entry(app: Flask) -> None:
    who = ivy()

    def change_and_fail() -> None:
        with transaction():
            services.change_role(who.id, role="editor", by=None, at=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert acts() == []
    assert read_again(Person, who.id).role == "member"


def test_the_doctor_looks_at_the_log_and_for_an_admin(app: Flask) -> None:
    assert audit.check_log().is_well
    assert check_admin().words.startswith("Nobody yet")
    last = three_entries()[-1]
    make_person("Bo Boss", "admin", handle="bo")
    with transaction():
        db.session.add(
            AuditEntry(at=NOW, act="x", subject="y", detail={}, previous_hash=last.hash, hash="0" * 64)
        )
    assert not audit.check_log().is_well
    assert check_admin().words == "There is somebody who looks after accounts."


def test_the_queue_of_mail_shows_no_secrets(admin: FlaskClient) -> None:
    ivy()
    with transaction():
        services.request_reset("ivy@example.com", locale="en", at=NOW)
    page = admin.get("/desk/mail").text
    assert "ivy@example.com" in page
    assert "/password/" not in page
