"""A manager plans a campaign without a script and loses nothing; a post joins it; a reader finds it."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Instance
from tests.journeys.looking import faults
from tests.journeys.walking import sign_in


def test_a_campaign_from_plan_to_reader(browser: Browser, instance: Instance, page: Page) -> None:
    context = browser.new_context(base_url=instance.url, java_script_enabled=False)
    plain = context.new_page()
    sign_in(plain, "admin@example.com", "parley-admin")
    plain.goto("/en/desk/campaigns")
    plain.get_by_role("link", name="New campaign").click()
    plain.get_by_label("Name in English").fill("Boots for the night shift")
    plain.get_by_label("Story in English").fill("Warm feet, **clear heads**.")
    plain.get_by_label("Readers have a page about it").check()
    plain.get_by_label("Time zone").fill("Asia/Shanghai")
    budget = plain.locator(".plan-lines__row--budget")
    for number, (what, amount) in enumerate((("Boots", "12,000.50"), ("Soup", "-3"))):
        budget.nth(number).get_by_label("What for").fill(what)
        budget.nth(number).get_by_label("Amount").fill(amount)
        if number == 0:
            plain.get_by_role("button", name="Another line").first.click()
    save = plain.locator(".plan-form__end").get_by_role("button", name="Save")
    save.click()
    wrong = plain.get_by_role("alert")
    expect(wrong.get_by_role("listitem")).to_have_text(
        [
            re.compile("^First day: Please say on which day it starts"),
            re.compile("^Last day: Please say on which day it ends"),
            re.compile("^Amount: An amount cannot be below zero"),
        ]
    )
    expect(budget.nth(1).get_by_label("What for")).to_have_value("Soup")
    budget.nth(1).get_by_label("Amount").fill("80")
    plain.locator("[name=starts_on]").fill("2026-11-02")
    plain.locator("[name=ends_on]").fill("2100-01-31")
    save.click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Boots for the night shift")
    expect(plain.get_by_role("row", name="All in CNY")).to_contain_text("CNY 12,080.50")
    here = plain.url
    plain.get_by_label("Words of the title, number or address of a post").fill("four screws")
    plain.get_by_role("button", name="Look for posts").click()
    plain.get_by_role("checkbox").first.check()
    plain.get_by_role("button", name="Add the chosen").click()
    expect(plain.get_by_text("1 post serves this campaign now.")).to_be_visible()
    context.close()

    sign_in(page, "editor@example.com", "parley-editor")
    for path in (here, f"{here}/plan", f"{instance.url}/zh/desk/campaigns"):
        page.goto(path)
        assert faults(page) == []
    page.goto("/en/campaigns")
    page.get_by_role("link", name="Boots for the night shift").click()
    expect(page.get_by_text("clear heads")).to_be_visible()
    page.locator("#posts").locator("xpath=ancestor::section").locator(".card__title a").first.click()
    expect(page.get_by_role("link", name="Boots for the night shift")).to_be_visible()
