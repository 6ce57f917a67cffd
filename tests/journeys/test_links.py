"""An editor makes a link for a poster, copies it, and ends it by mistake; a reader looks where it leads and follows it."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.looking import faults
from tests.journeys.walking import sign_in


def test_a_link_for_a_poster(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, "editor@example.com", "parley-editor")
    page.goto("/en/desk/links")
    page.get_by_role("link", name="New link").first.click()
    page.get_by_label("Where it leads").fill("/sections")
    page.get_by_label("What it is called here").fill("Poster in the hall")
    page.get_by_label("Source").fill("talk show")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_label("Source")).to_have_value("talk show")
    assert faults(page) == []
    page.get_by_label("Source").fill(" Poster ")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Poster in the hall")

    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    short = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/l/[2-9b-z]{7}", short)
    assert faults(page) == []
    link = page.url

    page.goto(f"{short}+")
    expect(page.get_by_text("utm_source=poster")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Go there").click()
    expect(page).to_have_url(
        re.compile(r"/sections\?utm_source=poster$")
    )  # the click id was told, and is gone

    page.goto(link)
    page.get_by_role("button", name="End it").click()
    answer = page.context.request.get(short)
    assert (answer.status, "This link is over" in answer.text()) == (410, True)
    page.get_by_role("button", name="Undo: let it lead again").click()
    expect(page.get_by_text("It leads where it led before.")).to_be_visible()
    assert page.context.request.get(short).ok

    for path in ("/en/desk/links", "/en/desk/links/inbound", "/zh/desk/links/values"):
        page.goto(path)
        assert faults(page) == []
