"""A manager compares three campaigns of the sample site, by age, opens a figure down to its rows, takes the figures
away as files, and gives them out by a link that stays as it is until it is revoked."""

import csv
import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Instance
from tests.journeys.looking import faults
from tests.journeys.walking import sign_in


def test_three_campaigns_side_by_side(browser: Browser, instance: Instance, page: Page) -> None:
    sign_in(page, "admin@example.com", "parley-admin")
    page.goto("/en/desk/campaigns")
    page.get_by_role("link", name="Masts that sleep").first.click()
    page.get_by_role("link", name="Compare by date").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Campaigns compared")
    names = page.locator(".compare-table thead th a")
    expect(names).to_have_count(3)
    expect(names.first).to_have_text("Masts that sleep")
    expect(page.locator(".chart").first).to_have_attribute("role", "img")
    assert faults(page) == []

    page.get_by_role("link", name="By days since launch", exact=True).click()
    expect(page.get_by_role("heading", name="Engaged views by days since launch")).to_be_visible()
    page.get_by_text("The numbers of the chart").click()
    first = page.locator("#by-day tbody tr").first
    expect(first.get_by_role("rowheader")).to_have_text("Day 0")
    assert faults(page) == []

    views = page.locator(".compare-table tr", has=page.get_by_role("rowheader", name="Views", exact=True))
    figure = views.first.get_by_role("cell").first
    said = figure.inner_text().strip()
    figure.get_by_role("link").click()
    expect(page.locator(".opened__value")).to_contain_text(said)
    expect(page.get_by_text("How it is worked out")).to_be_visible()
    page.get_by_role("link", name="Posts", exact=True).last.click()
    rows = page.locator(".opened__rows tbody .number")
    added = sum(int(re.sub(r"\D", "", one)) for one in rows.all_inner_texts())
    assert added == int(re.sub(r"\D", "", said))
    assert faults(page) == []
    page.get_by_role("link", name="Back to the comparison").click()
    expect(page.get_by_role("heading", name="Engaged views by days since launch")).to_be_visible()

    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV", exact=True).click()
    figures = list(csv.reader(taken.value.path().read_text(encoding="utf-8").splitlines()))
    name = names.first.inner_text()
    value = next(row[3] for row in figures if row[:3] == [name, "In all", "Views"])
    assert value == re.sub(r"\D", "", said)

    page.get_by_role("link", name="Keep or share").click()
    page.get_by_label("Title").fill("For the board")
    page.get_by_role("button", name="Make the link").click()
    link = page.locator(".shared__link").inner_text()
    outsider = browser.new_context(base_url=instance.url).new_page()  # without an account
    outsider.goto(link)
    expect(outsider.get_by_role("heading", level=1)).to_have_text("For the board")
    expect(outsider.locator(".compare-table thead th")).to_have_count(4)
    shown = outsider.locator(
        ".compare-table tr", has=outsider.get_by_role("rowheader", name="Views", exact=True)
    )
    expect(shown.first.get_by_role("cell").first).to_have_text(said)
    expect(outsider.locator(".compare-table a")).to_have_count(0)  # nothing leads to the desk
    expect(outsider.locator(".chart").first).to_have_attribute("role", "img")
    assert faults(outsider) == []
    page.goto("/en/desk/reports/kept")
    row = page.get_by_role("row").filter(has_text="For the board")
    row.get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("Revoked")
    answer = outsider.goto(link)
    assert answer is not None
    assert answer.status == 404
    outsider.context.close()


def test_a_comparison_is_asked_for_and_read_without_script(browser: Browser, instance: Instance) -> None:
    context = browser.new_context(base_url=instance.url, java_script_enabled=False)
    plain = context.new_page()
    sign_in(plain, "admin@example.com", "parley-admin")
    plain.goto("/en/desk/reports/comparison")
    plain.get_by_text("What is compared").click()
    plain.get_by_label("One campaign more").select_option(index=1)
    plain.get_by_label("First day").fill("2026-12-31")
    plain.get_by_label("Last day").fill("2026-01-01")
    plain.get_by_role("button", name="Compare").click()
    expect(plain.get_by_role("alert")).to_contain_text("The last day is before the first one.")
    plain.get_by_label("First day").fill("2026-01-01")
    plain.get_by_label("Last day").fill("2026-12-31")
    plain.get_by_role("button", name="Compare").click()
    expect(plain.locator(".compare-table thead th a")).to_have_count(4)
    context.close()
