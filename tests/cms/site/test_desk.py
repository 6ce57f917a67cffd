"""Settings, the arrangement of the home page, and the report of what readers look for."""

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from cms.core.database import db, transaction
from cms.people.models import AuditEntry
from cms.site.models import HomeBlock, SiteSettings
from cms.site.services.tallies import count_search
from tests import factories as make
from tests.conftest import NOW

GOOD = {
    "name_en": "Northwind",
    "name_zh": "北风通信",
    "tagline_en": "We talk.",
    "tagline_zh": "我们对话。",
    "accent": "#AA3311",
    "footer_links": "About | 关于 | https://northwind.example/about\nImprint | | /posts/imprint",
    "feed_content": "summary",
    "feed_items": "12",
    "hold_back_minutes": "0",
    "podcast_category": "Technology",
    "podcast_artwork": "0",
}


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    make.sign_in(client, make.nadia())
    return client


def acts() -> list[str]:
    return list(
        db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("%.%")).order_by(AuditEntry.id))
    )


def settings() -> SiteSettings:
    db.session.expire_all()
    return db.session.get_one(SiteSettings, 1)


def test_the_settings_reach_readers_at_once(desk: FlaskClient) -> None:
    assert "Parley" in desk.get("/").text
    answer = desk.post("/desk/site", data=GOOD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/site")
    home = html.fromstring(desk.get("/zh/").text)
    assert "北风通信" in home.text_content()
    assert home.xpath("//footer//a[contains(@href,'northwind')]/text()") == ["关于"]
    assert "/theme-aa3311.css" in desk.get("/").text
    assert settings().footer_links == [
        {"label": {"en": "About", "zh": "关于"}, "url": "https://northwind.example/about"},
        {"label": {"en": "Imprint"}, "url": "/posts/imprint"},
    ]
    assert settings().podcast == {"category": "Technology"}


def test_a_change_of_settings_is_on_record_once(desk: FlaskClient) -> None:
    desk.post("/desk/site", data=GOOD)
    desk.post("/desk/site", data=GOOD)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "site.changed")).one()
    assert "accent" in entry.detail["changed"]
    assert "Northwind" not in str(entry.detail)


def test_the_form_shows_what_is_set(desk: FlaskClient) -> None:
    desk.post("/desk/site", data=GOOD)
    page = html.fromstring(desk.get("/desk/site").text)
    assert page.xpath("//input[@name='name_zh']/@value") == ["北风通信"]
    assert page.xpath("//textarea[@name='footer_links']")[0].text.strip() == (
        "About | 关于 | https://northwind.example/about\nImprint |  | /posts/imprint"
    )
    assert page.xpath("//input[@name='accent']/@value") == ["#aa3311"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_en", ""),
        ("name_en", "x" * 81),
        ("accent", "red"),
        ("accent", "#12345"),
        ("footer_links", "About | javascript:alert(1)"),
        ("footer_links", "About | //evil.example"),
        ("footer_links", "just words"),
        ("footer_links", "\n".join(["A | /a"] * 13)),
        ("feed_items", "4"),
        ("feed_items", "x"),
        ("hold_back_minutes", "-1"),
        ("feed_content", "nothing"),
        ("podcast_email", "not an address"),
        ("podcast_guid", "123"),
        ("podcast_category", "Nonsense"),
        ("podcast_artwork", "999"),
    ],
)
def test_bad_settings_come_back_with_a_sentence_and_what_was_typed(
    desk: FlaskClient, field: str, value: str
) -> None:
    answer = desk.post("/desk/site", data={**GOOD, field: value})
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert len(page.xpath("//*[contains(@class,'field__error')]")) == 1
    assert page.xpath("//input[@name='tagline_zh']/@value") == ["我们对话。"]
    assert db.session.get(SiteSettings, 1) is None


def test_control_characters_do_not_reach_the_site(desk: FlaskClient) -> None:
    desk.post("/desk/site", data={**GOOD, "name_en": "North\x00\x1b wind\n"})
    assert settings().name["en"] == "North wind"


# The home page --------------------------------------------------------------------------------------------------


def kinds() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(HomeBlock.kind).order_by(HomeBlock.position)))


def test_editors_begin_with_what_readers_see(desk: FlaskClient) -> None:
    make.make_section()
    assert "Arrange it differently" in desk.get("/desk/home").text
    assert desk.post("/desk/home").status_code == 303
    desk.post("/desk/home")
    assert kinds() == ["lead", "newest", "section", "hot_words", "notes"]


def test_blocks_are_added_moved_and_removed(desk: FlaskClient) -> None:
    for kind in ("newest", "notes", "lead"):
        assert desk.post("/desk/home/blocks", data={"new-kind": kind}).status_code == 303
    ids = {one.kind: one.id for one in db.session.scalars(select(HomeBlock))}
    desk.post(f"/desk/home/blocks/{ids['lead']}/place", data={"to": "up"})
    desk.post(f"/desk/home/blocks/{ids['newest']}/place", data={"to": "up"})
    assert kinds() == ["newest", "lead", "notes"]
    desk.post(f"/desk/home/blocks/{ids['newest']}/place", data={"to": "down"})
    assert kinds() == ["lead", "newest", "notes"]
    desk.post(f"/desk/home/blocks/{ids['notes']}/removal")
    assert kinds() == ["lead", "newest"]
    assert "home.block_removed" in acts()
    assert desk.post("/desk/home/blocks/999/place", data={"to": "up"}).status_code == 404


def test_a_block_is_named_filled_and_hidden(desk: FlaskClient) -> None:
    make.make_post("Old but chosen", published_at=NOW.replace(year=2020))
    make.make_post("Newest")
    desk.post("/desk/home/blocks", data={"new-kind": "lead"})
    block_id = db.session.scalars(select(HomeBlock.id)).one()
    name = f"b{block_id}-"
    data = {
        f"{name}title_zh": "头条",
        f"{name}count": "1",
        f"{name}lead": "https://site.example/zh/posts/old-but-chosen?x=1",
        f"{name}is_shown": "y",
    }
    assert desk.post(f"/desk/home/blocks/{block_id}", data=data).status_code == 303
    shown = desk.get("/en/").text
    assert "Old but chosen" in shown
    assert "Newest" not in html.fromstring(shown).xpath("//main")[0].text_content()
    del data[f"{name}is_shown"]
    desk.post(f"/desk/home/blocks/{block_id}", data=data)
    assert "Old but chosen" not in desk.get("/en/").text


def test_a_lead_must_be_something_readers_may_see(desk: FlaskClient) -> None:
    make.make_post("Hidden", publish=False)
    desk.post("/desk/home/blocks", data={"new-kind": "lead"})
    block_id = db.session.scalars(select(HomeBlock.id)).one()
    data = {f"b{block_id}-count": "1", f"b{block_id}-lead": "/posts/hidden"}
    answer = desk.post(f"/desk/home/blocks/{block_id}", data=data)
    assert answer.status_code == 422
    assert "No published post has this address." in answer.text
    assert 'value="/posts/hidden"' in answer.text


def test_a_section_block_needs_a_section(desk: FlaskClient) -> None:
    desk.post("/desk/home/blocks", data={"new-kind": "newest"})
    answer = desk.post("/desk/home/blocks", data={"new-kind": "section"})
    assert (answer.status_code, kinds()) == (422, ["newest"])
    assert "Please choose a section." in answer.text


def test_there_is_an_end_to_blocks(desk: FlaskClient) -> None:
    for _number in range(30):
        desk.post("/desk/home/blocks", data={"new-kind": "newest"})
    answer = desk.post("/desk/home/blocks", data={"new-kind": "newest"})
    assert (answer.status_code, len(kinds())) == (422, 30)


# What readers look for ------------------------------------------------------------------------------------------


def test_the_report_begins_with_what_was_looked_for_in_vain(desk: FlaskClient) -> None:
    make.make_post("Fibre")
    for words, found in (("fibre", 1), ("warp drive", 0), ("warp drive", 0), ("fibre", 1), ("fibre", 1)):
        with transaction():
            count_search(words, locale="en", found=found, at=NOW)
    page = html.fromstring(desk.get("/desk/search").text)
    in_vain, most = [
        [[cell.text_content().strip() for cell in row.xpath("td")] for row in table.xpath(".//tbody/tr")]
        for table in page.xpath("//table")
    ]
    assert in_vain == [["warp drive", "English", "2", "2026-11-21"]]
    assert most == [
        ["fibre", "English", "3", "1", "2026-11-21"],
        ["warp drive", "English", "2", "0", "2026-11-21"],
    ]


def test_a_readers_search_reaches_the_report(desk: FlaskClient, client: FlaskClient) -> None:
    client.get("/en/search?q=Warp++drive").close()
    client.get("/en/search?q=Warp++drive&page=2").close()
    client.get("/en/search?q=ada@example.com").close()
    page = html.fromstring(desk.get("/desk/search").text)
    assert [one.text_content() for one in page.xpath("//table[1]//tbody/tr/td[1]")][:1] == ["warp drive"]
    assert "ada@example.com" not in page.text_content()


def test_many_searches_from_one_place_are_asked_to_wait(client: FlaskClient) -> None:
    answers = [client.get("/search?q=fibre") for _number in range(32)]
    assert [one.status_code for one in answers[:30]] == [200] * 30
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
