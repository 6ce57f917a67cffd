"""Reading the audit log: in words, narrowed, and as a file."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from cms.core import clock
from cms.core.database import transaction
from cms.people import acts, audit
from cms.people.models import Person
from tests.factories import make_person, nadia, sign_in, tom

ROOMS = Path(__file__).parents[3] / "cms"


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_person("Bo Boss", "admin", handle="bo", timezone="Asia/Shanghai"))
    return client


def note(act: str, subject: str, by: Person | None = None, *, days: float = 0, **detail: object) -> None:
    with transaction():
        audit.record(act, subject, by=by, at=clock.now() + timedelta(days=days), detail=detail)


def shown(admin: FlaskClient, query: str = "") -> list[str]:
    page = html.fromstring(admin.get(f"/en/desk/audit?{query}").text)
    return [" ".join(row.text_content().split()) for row in page.xpath("//tbody/tr/td[1]")]


def test_an_entry_is_a_sentence_with_the_way_to_what_it_is_about(admin: FlaskClient) -> None:
    editor = nadia()
    note("role.changed", f"person:{editor.id}", editor, **{"from": "author", "to": "editor"})
    page = html.fromstring(admin.get("/en/desk/audit").text)
    assert shown(admin) == ["Nadia Rahimi changed the role"]
    assert page.xpath("//tbody//a/@href") == [f"/en/desk/people/{editor.id}"]
    assert page.xpath("//tbody//a/text()") == [f"Person {editor.id}"]
    assert " ".join(page.xpath("//tbody/tr/td[3]")[0].text_content().split()) == "before: Author, now: Editor"
    assert "修改了角色" in admin.get("/zh/desk/audit").text


def test_every_act_that_a_room_records_is_worded() -> None:
    recorded = {
        act
        for path in ROOMS.rglob("*.py")
        for act in re.findall(r"(?:record|_note|do|done)\(\s*\"([a-z_]+\.[a-z_]+)\"", path.read_text("utf-8"))
    }
    assert "role.changed" in recorded
    assert sorted(recorded - acts.ACTS.keys()) == []


def test_an_act_nobody_worded_is_shown_by_its_name(admin: FlaskClient) -> None:
    note("contest.opened", "contest:3")
    assert shown(admin) == ["The shell contest.opened"]


def test_the_log_is_narrowed_by_who_what_and_about_whom(admin: FlaskClient) -> None:
    editor, manager = nadia(), tom()
    (
        note("tag.merged", "tag:1", editor),
        note("site.changed", "site", manager),
        note("tag.deleted", "tag:1", manager),
    )
    assert shown(admin, f"by={manager.id}") == [
        "Tom Okafor removed the tag",
        "Tom Okafor changed the settings of the site",
    ]
    assert shown(admin, "act=tag.merged") == ["Nadia Rahimi merged the tag into another"]
    assert len(shown(admin, "subject=tag:1")) == 2
    assert "Nothing like that was done" in admin.get("/en/desk/audit?act=nothing.known").text


def test_days_begin_and_end_on_the_clock_of_the_reader(admin: FlaskClient) -> None:
    # Noon in UTC is eight in the evening in Shanghai; four hours later the next day begins there.
    note("site.changed", "site", days=3.9 / 24)
    note("home.arranged", "home", days=4.1 / 24)
    assert shown(admin, "from=2026-11-21&to=2026-11-21") == ["The shell changed the settings of the site"]
    assert shown(admin, "from=2026-11-22") == ["The shell arranged the home page"]


@pytest.mark.parametrize("query", ["from=yesterday", "to=9999-12-31", "from=0001-01-01", "by=x", "before=x"])
def test_a_condition_that_is_none_narrows_nothing(admin: FlaskClient, query: str) -> None:
    note("site.changed", "site")
    assert shown(admin, query) == ["The shell changed the settings of the site"]


def test_the_file_holds_every_entry_and_no_formula(admin: FlaskClient) -> None:
    wicked = make_person('=HYPERLINK("evil")', "author", handle="wicked")
    note("site.changed", "site", wicked, changed=["name"])
    for number in range(3):
        note("tag.merged", f"tag:{number}")
    answer = admin.get("/en/desk/audit.csv")
    assert answer.text.startswith("\ufeffnumber,at,by,act,subject,said,detail")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["subject"] for row in rows] == ["tag:2", "tag:1", "tag:0", "site"]
    assert (rows[-1]["by"], rows[-1]["at"]) == ('\'=HYPERLINK("evil") (@wicked)', "2026-11-21T12:00:00Z")
    assert rows[-1]["detail"] == '{"changed": ["name"]}'
    assert len(admin.get("/en/desk/audit.csv?act=site.changed").text.splitlines()) == 2


def test_pages_of_a_narrowed_log_keep_what_it_was_narrowed_to(admin: FlaskClient, app: Flask) -> None:
    editor = nadia()
    for _number in range(52):
        note("site.changed", "site", editor)
    page = html.fromstring(admin.get(f"/en/desk/audit?by={editor.id}&act=site.changed").text)
    [following] = page.xpath("//a[@rel='next']/@href")
    assert len(html.fromstring(admin.get(following).text).xpath("//tbody/tr")) == 2
