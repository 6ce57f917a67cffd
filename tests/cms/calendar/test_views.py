"""The calendar, by its answers."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests.cms.calendar.entries import NOON, entry, offering
from tests.factories import make_person, make_section, sign_in


@pytest.fixture
def editor(client: FlaskClient) -> None:
    """Somebody in Shanghai, signed in."""
    sign_in(client, make_person("Wei Chen", "editor", timezone="Asia/Shanghai"))


def titles(page: str) -> dict[str, list[str]]:
    """What stands on each day."""
    cells = html.fromstring(page).xpath("//td[@data-on][.//li[@data-key]]")
    return {
        cell.get("data-on"): [one.text_content() for one in cell.xpath(".//*[@class='entry__title']")]
        for cell in cells
    }


@pytest.mark.usefixtures("editor")
def test_a_month_shows_entries_on_the_readers_days(client: FlaskClient, app: Flask) -> None:
    late = entry("Late", at=datetime(2026, 11, 20, 16, 30, tzinfo=UTC), number=2)
    with offering(app, late, entry("Noon")):
        page = client.get("/desk/calendar").text
    assert titles(page) == {"2026-11-21": ["Late", "Noon"]}
    assert "Times in Asia/Shanghai" in page
    assert next(one.text for one in html.fromstring(page).xpath("//thead//th")) == "Mon"


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize("view", ["month", "week", "list", "day", "nonsense"])
@pytest.mark.parametrize("on", ["", "2026-11-21", "2026-02-30", "0001-01-01", "9999-12-31", "x"])
def test_every_view_of_any_day_answers(client: FlaskClient, app: Flask, view: str, on: str) -> None:
    with offering(app, entry(), entry(number=2, ends_at=NOON + timedelta(days=9))):
        assert (
            client.get(f"/desk/calendar?view={view}&on={on}&kind=x&section=999999999999").status_code == 200
        )


@pytest.mark.usefixtures("editor")
def test_it_is_narrowed_by_kind_and_section_and_says_when_that_leaves_nothing(
    client: FlaskClient, app: Flask
) -> None:
    section = make_section()
    entries = (entry("Rain", section_id=section.id), entry("Review", kind="review", number=2))
    with offering(app, *entries):
        assert titles(client.get("/desk/calendar?kind=review").text) == {"2026-11-21": ["Review"]}
        assert titles(client.get(f"/desk/calendar?section={section.id}").text) == {"2026-11-21": ["Rain"]}
        nothing = client.get(f"/desk/calendar?section={section.id}&kind=review").text
    assert "Nothing here is like that" in nothing


@pytest.mark.usefixtures("editor")
def test_a_day_lists_everything_with_a_form_to_move_it(client: FlaskClient, app: Flask) -> None:
    many = [entry(f"Post {n}", number=n, at=NOON + timedelta(minutes=n)) for n in range(8)]
    movable = entry("Movable", number=9, zone="Europe/Berlin", move_url="/desk/posts/9/schedule")
    with offering(app, *many, movable):
        month = client.get("/desk/calendar").text
        page = html.fromstring(client.get("/desk/calendar?view=day&on=2026-11-21").text)
    assert "+6 more" in month
    assert len(page.xpath("//li[@data-key]")) == 9
    [form] = page.xpath("//form[@action='/desk/posts/9/schedule']")
    sent = dict(form.form_values())
    assert (sent["wall"], sent["zone"]) == ("2026-11-21T13:00", "Europe/Berlin")


@pytest.mark.usefixtures("editor")
def test_its_own_time_is_said_where_clocks_differ(client: FlaskClient, app: Flask) -> None:
    with offering(app, entry(zone="Europe/Berlin")):
        page = html.fromstring(client.get("/desk/calendar").text)
    assert page.xpath("string(//*[@class='entry__time'])") == "20:00"
    assert page.xpath("string(//*[@class='entry__elsewhere'])") == "13:00 Berlin"


@pytest.mark.usefixtures("editor")
def test_clashes_are_said_with_what_to_do(client: FlaskClient, app: Flask) -> None:
    with offering(app, entry(), entry(kind="removal", at=NOON - timedelta(hours=1))):
        page = client.get("/desk/calendar").text
    assert "1 thing wants another look" in page
    assert "It would be taken down before it goes out. Move one of the two." in page


@pytest.mark.usefixtures("editor")
def test_hostile_titles_stay_words(client: FlaskClient, app: Flask) -> None:
    hostile = '"><script>alert(1)</script>'
    lasting = entry(hostile, number=2, ends_at=NOON + timedelta(days=3))
    with offering(app, entry(hostile, note=hostile, section=hostile), lasting):
        for view in ("month", "week", "list", "day"):
            assert "<script>alert" not in client.get(f"/desk/calendar?view={view}").text
