"""An editor arranges the home page beside the real one, with the keyboard, and readers see it when it is saved."""

import re

from playwright.sync_api import Page, expect


def test_the_home_page_is_arranged_by_keyboard_beside_the_real_one(page: Page) -> None:
    page.goto("/en/sign-in?next=/en/desk/home")
    page.get_by_label("E-mail").fill("editor@example.com")
    page.get_by_label("Password").fill("parley-editor")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home page")

    shown = page.frame_locator("iframe[name=home-preview]")
    notes = page.locator("[data-order-row]").filter(has=page.locator(".arranging__name", has_text="Notes"))
    notes.locator("summary").press("Enter")
    notes.get_by_label("Heading in English").fill("Overheard today")
    expect(shown.get_by_role("heading", name="Overheard today")).to_be_visible()

    before = page.locator(".arranging__name").all_inner_texts()
    place = next(number for number, name in enumerate(before) if name.startswith("Notes"))
    notes.get_by_role("button", name=re.compile("^Move up")).press("Enter")
    after = page.locator(".arranging__name").all_inner_texts()
    assert after[place - 1] == before[place]

    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.get_by_text("Saved. Readers see it now.")).to_be_visible()
    expect(page.locator(".arranging__name").nth(place - 1)).to_contain_text("Notes")
    page.goto("/en/")
    expect(page.get_by_role("heading", name="Overheard today")).to_be_visible()
