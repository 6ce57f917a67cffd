"""A manager looks at what is going on: every dashboard in both languages and themes, by keyboard, and who reads now."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Instance
from tests.journeys.looking import faults
from tests.journeys.test_engagement import PHONE
from tests.journeys.walking import sign_in

PAGES = ("", "/campaigns", "/posts", "/accounts", "/links", "/authors", "/feeds")


@pytest.fixture
def readers(browser: Browser, instance: Instance) -> Iterator[list[Page]]:
    """Some people with a telephone each, so that what they read stands above what the sample's own readers do."""
    agents = [PHONE.replace("Pixel 9", f"Pixel {number}") for number in range(5, 9)]
    contexts = [browser.new_context(base_url=instance.url, locale="en-GB", user_agent=one) for one in agents]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def test_who_reads_now_appears_without_loading_again(page: Page, readers: list[Page]) -> None:
    sign_in(page, "editor@example.com", "parley-editor")
    page.goto("/en/desk/reports")
    lines = page.locator("[data-poll] li")
    read_already = set(lines.locator("a").all_inner_texts())  # the sample's readers, who leave one by one
    readers[0].goto("/en/")
    titles = readers[0].locator("main :is(h2, h3) a[href*='/posts/']")
    unread = next(title for title in reversed(titles.all_inner_texts()) if title not in read_already)
    address = titles.filter(has_text=unread).first.get_attribute("href") or ""
    for reader in readers:
        reader.goto(address)
        reader.wait_for_load_state("load")
    expect(lines.filter(has_text=unread).locator(".number")).to_have_text(
        re.compile("^[4-9]$"), timeout=25_000
    )
    assert [reader.context.cookies() for reader in readers] == [[]] * len(readers)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_charts_say_what_their_tables_say_and_keep_nobody_out(
    browser: Browser, instance: Instance, language: str, scheme: str
) -> None:
    context = browser.new_context(base_url=instance.url, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    sign_in(page, "editor@example.com", "parley-editor")
    found = {}
    for path in PAGES:
        page.goto(f"/{language}/desk/reports{path}?days=90")
        for chart in page.locator("[data-chart-of]").all():
            expect(chart.locator("svg")).to_be_visible()
            caption = page.locator(f"#{chart.get_attribute('data-chart-of')} caption")
            assert chart.get_attribute("aria-label") == (caption.text_content() or "").strip()
        if problems := faults(page):
            found[path] = problems
    assert found == {}
    assert [one for one in said if "Content Security Policy" in one] == []
    context.close()


def test_a_period_is_chosen_by_keyboard_and_one_post_is_opened(page: Page) -> None:
    sign_in(page, "editor@example.com", "parley-editor")
    page.goto("/en/desk/reports/posts")
    page.get_by_label("Period").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"days=90"))
    page.locator("#posts tbody a").first.click()
    page.get_by_role("link", name="All figures of this post").click()
    expect(page.locator("[data-chart-of=days] svg")).to_be_visible()
    assert faults(page) == []
