"""Settings, the arrangement of the home page, and the report of what readers look for."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from PIL import Image
from sqlalchemy import select

from cms.core.database import db, transaction
from cms.core.storage import storage
from cms.people.models import AuditEntry
from cms.site.models import HomeBlock, SiteSettings
from cms.site.services.home import fingerprint
from cms.site.services.tallies import count_search
from tests import factories as make
from tests.conftest import NOW

GOOD = {
    "name_en": "Northwind",
    "name_zh": "北风通信",
    "tagline_en": "We talk.",
    "tagline_zh": "我们对话。",
    "description_en": "A company that talks.",
    "accent": "#AA3311",
    "logo_id": "0",
    "contact_email": "Press@Northwind.example",
    "languages": ["en", "zh"],
    "timezone": "Asia/Shanghai",
}
FEEDS = {
    "feed_content": "summary",
    "feed_items": "12",
    "hold_back_minutes": "0",
    "podcast_category": "Technology",
    "podcast_artwork": "0",
}


def menu(name: str, *rows: tuple[str, str, str]) -> dict[str, str]:
    """Rows of a menu as the form sends them."""
    return {
        f"{name}-{number}-{field}": value
        for number, row in enumerate(rows)
        for field, value in zip(("en", "zh", "url"), row, strict=True)
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
    assert home.xpath("//footer//a[starts-with(@href,'mailto:')]/@href") == ["mailto:press@northwind.example"]
    assert home.xpath("//meta[@name='description']/@content") == ["A company that talks."]
    assert "/theme-aa3311.css" in desk.get("/").text
    assert settings().languages == ["en", "zh"]


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
    assert page.xpath("//input[@name='accent']/@value") == ["#aa3311"]
    assert page.xpath("//input[@name='timezone']/@value") == ["Asia/Shanghai"]
    assert page.xpath("//input[@name='languages'][@checked]/@value") == ["en", "zh"]


def test_saving_one_page_of_settings_leaves_the_others(desk: FlaskClient) -> None:
    desk.post("/desk/site/feeds", data=FEEDS)
    desk.post("/desk/site", data=GOOD)
    desk.post("/desk/site/menus", data=menu("footer_links", ("About", "关于", "/about")))
    row = settings()
    assert (row.feed_items, row.feed_content, row.podcast) == (12, "summary", {"category": "Technology"})
    assert (row.name["en"], row.footer_links[0]["url"]) == ("Northwind", "/about")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_en", ""),
        ("name_en", "x" * 81),
        ("accent", "red"),
        ("accent", "#12345"),
        ("description_en", "x" * 501),
        ("contact_email", "not an address"),
        ("languages", "fr"),
        ("timezone", "Mars/Olympus"),
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


@pytest.mark.parametrize(
    ("field", "value"),
    [
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
def test_bad_settings_of_feeds_come_back_too(desk: FlaskClient, field: str, value: str) -> None:
    answer = desk.post("/desk/site/feeds", data={**FEEDS, field: value})
    assert answer.status_code == 422
    assert len(html.fromstring(answer.text).xpath("//*[contains(@class,'field__error')]")) == 1


def test_control_characters_do_not_reach_the_site(desk: FlaskClient) -> None:
    desk.post("/desk/site", data={**GOOD, "name_en": "North\x00\x1b wind\n"})
    assert settings().name["en"] == "North wind"


def test_menus_stand_on_every_page_in_their_order(desk: FlaskClient) -> None:
    sent = {
        **menu(
            "header_links",
            ("Careers", "招聘", "/posts/careers"),
            ("", "", ""),
            ("Shop", "", "https://shop.example"),
        ),
        "header_links-0-place": "2",
        "header_links-2-place": "1",
        **menu("legal_links", ("Imprint", "版权信息", "/posts/imprint")),
        **menu("social_links", ("Mastodon", "", "https://social.example/@northwind")),
    }
    assert desk.post("/desk/site/menus", data=sent).status_code == 303
    home = html.fromstring(desk.get("/zh/").text)
    more = home.xpath("//a[contains(@class,'masthead__section--more')]")
    assert [(one.text, one.get("href")) for one in more] == [
        ("Shop", "https://shop.example"),
        ("招聘", "/zh/posts/careers"),
    ]
    assert home.xpath("//footer//a[@rel='me noopener']/@href") == ["https://social.example/@northwind"]
    assert home.xpath("//footer//a[@href='/zh/posts/imprint']/text()") == ["版权信息"]
    assert (
        "https://social.example/@northwind" in home.xpath("//script[@type='application/ld+json']/text()")[0]
    )


@pytest.mark.parametrize(
    ("name", "row", "sentence"),
    [
        (
            "footer_links",
            ("About", "", "javascript:alert(1)"),
            "Please give an address that begins with https://, or",
        ),
        (
            "footer_links",
            ("About", "", "//evil.example"),
            "Please give an address that begins with https://, or",
        ),
        ("footer_links", ("", "", "/about"), "Please give it words in at least one language."),
        ("social_links", ("Us", "", "/about"), "Please give an address that begins with https://."),
    ],
)
def test_a_bad_link_comes_back_with_a_sentence_and_what_was_typed(
    desk: FlaskClient, name: str, row: tuple[str, str, str], sentence: str
) -> None:
    answer = desk.post("/desk/site/menus", data=menu(name, row))
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert [
        one.text_content().strip()[: len(sentence)] for one in page.xpath("//p[@class='field__error']")
    ] == [sentence]
    assert page.xpath(f"//input[@name='{name}-0-url']/@value") == [row[2]]
    assert db.session.get(SiteSettings, 1) is None


def test_a_menu_has_an_end(desk: FlaskClient) -> None:
    answer = desk.post("/desk/site/menus", data=menu("header_links", *[("A", "", "/a")] * 7))
    assert (answer.status_code, "At most 6 links." in answer.text) == (422, True)


def test_a_site_in_one_language_offers_only_that(desk: FlaskClient) -> None:
    make.make_post("Hello")
    desk.post("/desk/site", data={**GOOD, "languages": ["zh"]})
    moved = desk.get("/en/posts/hello")
    assert (moved.status_code, moved.location) == (302, "/posts/hello")
    home = html.fromstring(desk.get("/", headers={"Accept-Language": "en"}).text)
    assert home.get("lang") == "zh-Hans"
    assert home.xpath("//a[@hreflang]") == []
    assert home.xpath("//link[@hreflang]/@hreflang") == ["zh-Hans", "x-default"]
    assert desk.get("/en/desk/site").status_code == 200
    assert "/en/" not in desk.get("/sitemaps/lists.xml").text


def test_dates_on_public_pages_are_in_the_zone_of_the_site(desk: FlaskClient) -> None:
    make.make_post("Late", published_at=NOW.replace(day=20, hour=23))
    assert "20 Nov" in html.fromstring(desk.get("/en/posts/late").text).text_content()
    desk.post("/desk/site", data=GOOD)
    assert "21 Nov" in html.fromstring(desk.get("/en/posts/late").text).text_content()


def test_icons_are_made_from_the_logo(desk: FlaskClient, app: Flask) -> None:
    before = desk.get("/icon-180.png").data
    file = io.BytesIO()
    Image.new("RGBA", (400, 100), (200, 0, 0, 255)).save(file, "WEBP", lossless=True)
    storage().put("logo.webp", file.getvalue())
    media = make.make_media(file="logo.webp", width=400, height=100)
    desk.post("/desk/site", data={**GOOD, "logo_id": str(media.id)})
    icon = Image.open(io.BytesIO(desk.get("/icon-180.png").data))
    assert desk.get("/icon-180.png").data != before
    assert (icon.size, icon.mode) == ((180, 180), "RGB")
    assert (icon.getpixel((90, 90)), icon.getpixel((90, 10))) == ((200, 0, 0), (255, 255, 255))
    home = html.fromstring(desk.get("/").text)
    assert home.xpath("//img[@class='masthead__logo']/@src") == ["/media/logo.webp"]
    assert desk.get("/favicon.ico").status_code == 200
    assert desk.get("/icon-77.png").status_code == 404


def test_a_logo_must_be_a_picture_of_ours(desk: FlaskClient) -> None:
    assert desk.post("/desk/site", data={**GOOD, "logo_id": "99"}).status_code == 422


def test_a_colour_shows_what_pages_make_of_it_and_how_it_can_be_read(desk: FlaskClient) -> None:
    shown = html.fromstring(desk.get("/desk/site/colours?accent=%23ffee00").text)
    ratios = [float(one.text.split(" : ")[0]) for one in shown.xpath("//span[@class='quiet']")]
    assert len(ratios) == 4
    assert min(ratios) >= 4.5
    assert desk.get("/desk/site/colours?accent=red").status_code == 404


def test_all_settings_lists_what_one_may_set(client: FlaskClient) -> None:
    make.sign_in(client, make.make_person("Ana", "author"))
    mine = html.fromstring(client.get("/desk/settings").text).xpath("//a[@class='ways__name']/@href")
    assert mine == ["/me", "/me/notices", "/me/security"]


# The home page --------------------------------------------------------------------------------------------------


def kinds() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(HomeBlock.kind).order_by(HomeBlock.position)))


def form(*blocks: dict[str, str], base: str | None = None) -> dict[str, Any]:
    """An arrangement as the page sends it; each block has a key, a kind and whatever else."""
    sent: dict[str, Any] = {
        "base": fingerprint() if base is None else base,
        "block": [one["key"] for one in blocks],
    }
    for one in blocks:
        defaults = {"count": "4", "is_shown": "y"}
        for name, value in {**defaults, **one}.items():
            sent[f"{one['key']}-{name}"] = value
    return sent


def arrange(desk: FlaskClient, *blocks: dict[str, str]) -> int:
    return desk.post("/desk/home", data=form(*blocks)).status_code


def test_editors_begin_with_what_readers_see(desk: FlaskClient) -> None:
    make.make_section()
    page = html.fromstring(desk.get("/desk/home").text)
    assert "Nobody has arranged the home page yet" in page.text_content()
    shown = page.xpath("//input[contains(@name,'-kind')]/@value")
    assert shown == ["lead", "newest", "winners", "section", "blogs", "hot_words", "notes", "comments"]
    assert kinds() == []


def test_blocks_are_added_ordered_and_removed_in_one_act(desk: FlaskClient) -> None:
    new = [{"key": f"n{number}", "kind": kind} for number, kind in enumerate(("newest", "notes", "lead"))]
    assert arrange(desk, *new) == 303
    ids = {one.kind: f"b{one.id}" for one in db.session.scalars(select(HomeBlock))}
    again = [
        {"key": ids["newest"], "kind": "newest", "place": "2"},
        {"key": ids["notes"], "kind": "notes", "place": "3", "is_gone": "y"},
        {"key": ids["lead"], "kind": "lead", "place": "1"},
    ]
    assert arrange(desk, *again) == 303
    assert kinds() == ["lead", "newest"]
    assert acts() == ["home.arranged", "home.arranged"]


def test_a_block_can_be_added_to_the_form_and_is_not_saved_by_that(desk: FlaskClient) -> None:
    sent = {**form({"key": "n1", "kind": "lead", "title_en": "On top"}), "act": "add", "new-kind": "notes"}
    page = html.fromstring(desk.post("/desk/home", data=sent).text)
    assert page.xpath("//input[contains(@name,'-kind')]/@value") == ["lead", "notes"]
    assert page.xpath("//input[@name='n1-title_en']/@value") == ["On top"]
    assert kinds() == []


def test_the_preview_is_the_real_page_in_an_arrangement_nobody_else_sees(desk: FlaskClient) -> None:
    make.make_post("Only one")
    before = desk.get("/en/").data
    sent = form({"key": "n1", "kind": "newest", "title_en": "Fresh from the desk"})
    shown = desk.post("/en/desk/home/preview", data=sent)
    assert "Fresh from the desk" in shown.text
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert (shown.headers["Cache-Control"], shown.headers["X-Robots-Tag"]) == (
        "private, no-store",
        "noindex, nofollow",
    )
    assert (desk.get("/en/").data, kinds()) == (before, [])


def test_who_saves_over_somebody_elses_arrangement_is_asked_first(desk: FlaskClient) -> None:
    begun = fingerprint()
    arrange(desk, {"key": "n1", "kind": "notes"})
    mine = form({"key": "n1", "kind": "newest", "title_en": "Mine"}, base=begun)
    answer = desk.post("/desk/home", data=mine)
    page = html.fromstring(answer.text)
    assert (answer.status_code, kinds()) == (409, ["notes"])
    assert "Somebody else arranged the home page in the meantime." in page.text_content()
    assert page.xpath("//input[@name='n1-title_en']/@value") == ["Mine"]
    desk.post("/desk/home", data={**mine, "base": page.xpath("//input[@name='base']/@value")[0]})
    assert kinds() == ["newest"]


def test_a_block_is_named_filled_and_hidden(desk: FlaskClient) -> None:
    make.make_post("Old but chosen", published_at=NOW.replace(year=2020))
    make.make_post("Newest")
    block = {
        "key": "n1",
        "kind": "lead",
        "title_zh": "头条",
        "count": "1",
        "lead": "https://site.example/zh/posts/old-but-chosen?x=1",
    }
    assert arrange(desk, block) == 303
    shown = desk.get("/en/").text
    assert "Old but chosen" in shown
    assert "Newest" not in html.fromstring(shown).xpath("//main")[0].text_content()
    assert "old-but-chosen" in desk.get("/desk/home").text
    hidden = form(block)
    del hidden["n1-is_shown"]
    desk.post("/desk/home", data=hidden)
    assert "Old but chosen" not in desk.get("/en/").text


def test_a_lead_must_be_something_readers_may_see(desk: FlaskClient) -> None:
    make.make_post("Hidden", publish=False)
    answer = desk.post("/desk/home", data=form({"key": "n1", "kind": "lead", "lead": "/posts/hidden"}))
    assert answer.status_code == 422
    assert "No published post has this address." in answer.text
    assert 'value="/posts/hidden"' in answer.text


def test_a_section_block_needs_a_section(desk: FlaskClient) -> None:
    answer = desk.post("/desk/home", data=form({"key": "n1", "kind": "section"}))
    assert (answer.status_code, kinds()) == (422, [])
    assert "Please choose a section." in answer.text


def test_there_is_an_end_to_blocks(desk: FlaskClient) -> None:
    assert arrange(desk, *[{"key": f"n{number}", "kind": "newest"} for number in range(31)]) == 422
    assert kinds() == []


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
