import ipaddress
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from cms.core import clock
from cms.core.database import transaction
from cms.media.queries import get_media
from cms.posts.cards import fetching, keeping
from cms.posts.cards.pages import PageFacts, read_page
from tests.cms.media import samples
from tests.conftest import NOW
from tests.fakes import web_site

HEAD = b"""<!doctype html><html><head><meta charset="utf-8"><title>Plain &amp; simple</title>
<meta name="description" content="In the head."></head><body>Words</body></html>"""
RICH = """<html><head><title>no</title><meta property="og:title" content=" Towers  that sleep ">
<meta property="og:site_name" content="Mast Weekly"><meta property="og:description" content="How a tower saves power.">
<meta property="og:image" content="/towers.jpg"></head></html>"""


@pytest.fixture
def reaches_here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator allows requests to this machine."""
    here = (ipaddress.ip_network("127.0.0.0/8"),)
    monkeypatch.setitem(app.config, "PARLEY", replace(app.config["PARLEY"], outbound_allow=here))


def ask(url: str) -> int:
    with transaction():
        return keeping.ask_for_card(url, at=clock.now()).id


def read(
    body: bytes, content_type: str = "text/html", url: str = "https://www.example.com/a/b"
) -> PageFacts | None:
    return read_page(body, content_type=content_type, url=url)


def test_a_page_says_its_title_and_its_site_is_its_host() -> None:
    assert read(HEAD) == PageFacts("Plain & simple", "In the head.", "example.com", None)


def test_what_a_page_says_for_cards_goes_before_its_title() -> None:
    assert read(RICH.encode()) == PageFacts(
        "Towers that sleep", "How a tower saves power.", "Mast Weekly", "https://www.example.com/towers.jpg"
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<meta charset=gb2312><title>睡着的铁塔</title>".encode("gb18030"), "text/html"),
        ("<title>睡着的铁塔</title>".encode("gbk"), "text/html; charset=GBK"),
        ("<title>睡着的铁塔</title>".encode(), "text/html; charset=no-such"),
        (
            "<?xml version='1.0' encoding='utf-8'?><html><title>睡着的铁塔</title></html>".encode(),
            "application/xhtml+xml",
        ),
    ],
)
def test_chinese_pages_are_read_in_their_own_encoding(body: bytes, kind: str) -> None:
    facts = read(body, kind)
    assert facts is not None
    assert facts.title == "睡着的铁塔"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "text/html"),
        (b"<p>words</p>", "text/html"),
        (HEAD, "image/png"),
        (b"\x00\xff" * 500, "text/html"),
    ],
)
def test_what_is_no_page_has_no_card(body: bytes, kind: str) -> None:
    assert read(body, kind) is None


def test_a_picture_at_a_strange_address_is_left_out() -> None:
    page = b'<title>x</title><meta property="og:image" content="javascript:alert(1)">'
    facts = read(page)
    assert facts is not None
    assert facts.picture is None


@pytest.mark.usefixtures("reaches_here")
def test_the_worker_fetches_a_card_and_keeps_its_picture_here() -> None:
    pages = {"/a": ("text/html", RICH.encode()), "/towers.jpg": ("image/jpeg", samples.picture())}
    with web_site(pages) as site:
        card_id = ask(f"{site}/a")
        assert fetching.fetch_cards() == {"ready": 1}
    card = keeping.get_card(card_id)

    assert (card.state, card.title, card.site_name) == ("ready", "Towers that sleep", "Mast Weekly")
    assert card.picture_id is not None
    assert get_media(card.picture_id).src.startswith("/media/")
    assert fetching.fetch_cards() == {}


@pytest.mark.usefixtures("reaches_here")
@pytest.mark.parametrize("picture", [b"<svg/>", samples.picture(image=samples.drawing(40, 40)), None])
def test_a_picture_that_cannot_be_used_is_left_out(picture: bytes | None) -> None:
    pages = {"/a": ("text/html", RICH.encode())} | (
        {"/towers.jpg": ("image/jpeg", picture)} if picture else {}
    )
    with web_site(pages) as site:
        card_id = ask(f"{site}/a")
        assert fetching.fetch_cards() == {"ready": 1}
    assert (keeping.get_card(card_id).state, keeping.get_card(card_id).picture_id) == ("ready", None)


@pytest.mark.usefixtures("reaches_here")
def test_a_page_that_is_not_there_has_no_card() -> None:
    with web_site({}) as site:
        card_id = ask(f"{site}/gone")
        assert fetching.fetch_cards() == {"without": 1}
    assert keeping.get_card(card_id).state == "failed"


def test_an_address_inside_the_house_is_never_asked(app: Flask) -> None:
    with web_site({"/a": ("text/html", RICH.encode())}) as site:
        card_id = ask(f"{site}/a")
        assert fetching.fetch_cards() == {"without": 1}
    assert (keeping.get_card(card_id).state, keeping.get_card(card_id).title) == ("failed", "")


@pytest.mark.usefixtures("reaches_here")
def test_a_site_that_does_not_answer_is_asked_three_times() -> None:
    with web_site({}) as site:
        nobody = site
    card_id = ask(f"{nobody}/a")
    assert fetching.fetch_cards() == {"later": 1}
    assert fetching.fetch_cards() == {}
    for minutes in (2, 20):
        with clock.stopped(NOW + timedelta(minutes=minutes)):
            assert fetching.fetch_cards() == {"later": 1}
    assert keeping.get_card(card_id).state == "failed"


def test_one_card_is_claimed_by_one_worker_and_again_when_it_died(app: Flask) -> None:
    ask("https://example.com/a")
    with transaction():
        first = keeping.claim_card(at=NOW)
        assert first is not None
        assert keeping.claim_card(at=NOW) is None
        second = keeping.claim_card(at=NOW + keeping.LEASE)
        assert second is not None
    with transaction():
        keeping.fill_card(first, PageFacts("Too late", "", "", None))
    assert keeping.get_card(first.card_id).state == "waiting"
    with transaction():
        keeping.fill_card(second, PageFacts("In time", "", "", None))
    assert keeping.get_card(first.card_id).title == "In time"
