"""What a reader does: follow a feed to a post, change the language, search, read without script or colour."""

import re
import urllib.request

import feedparser
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Instance


def test_a_reader_opens_a_post_from_a_feed(page: Page, instance: Instance) -> None:
    with urllib.request.urlopen(f"{instance.url}/en/feed.xml") as answer:
        feed = feedparser.parse(answer.read())
    entry = next(one for one in feed.entries if "/posts/" in one.link)
    assert entry.link.startswith(instance.url)
    page.goto(entry.link)
    expect(page.get_by_role("heading", level=1)).to_have_text(entry.title)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_browser_finds_the_feeds_of_a_page_and_each_can_be_read(page: Page, instance: Instance) -> None:
    page.goto("/en/tags/energy")
    links = page.locator("link[rel=alternate][type*='xml'], link[rel=alternate][type*='json']")
    addresses = [link.get_attribute("href") or "" for link in links.all()]
    assert len(addresses) >= 3
    for address in addresses:
        url = address if address.startswith("http") else instance.url + address
        with urllib.request.urlopen(url) as answer:
            assert answer.status == 200


def test_a_visitor_switches_the_language_and_keeps_the_page(page: Page) -> None:
    page.goto("/sections/hot-focus")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("header").get_by_role("link", name="简体中文").click()
    expect(page).to_have_url(re.compile(r"/zh/sections/hot-focus$"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("heading", level=1)).to_have_text("热点")
    page.locator("main article a").first.click()
    expect(page).to_have_url(re.compile(r"/zh/(posts|notes)/"))
    assert page.context.cookies() == []


def test_the_first_page_speaks_the_browsers_language(browser: Browser, instance: Instance) -> None:
    context = browser.new_context(base_url=instance.url, locale="zh-CN")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("heading", level=1)).to_have_text("维岭志")
    context.close()


@pytest.mark.parametrize(
    ("edition", "words", "found"),
    [
        ("zh", "铁塔", "会睡觉的铁塔"),
        ("en", "veterinarian", "The mast that learned to sleep"),
        ("en", "兽医", "会睡觉的铁塔"),
    ],
)
def test_a_reader_finds_a_post_by_chinese_and_by_latin_words(
    page: Page, edition: str, words: str, found: str
) -> None:
    page.goto(f"/{edition}/search")
    page.get_by_role("searchbox").first.fill(words)
    page.keyboard.press("Enter")
    expect(page.locator("main").get_by_role("link", name=found).first).to_be_visible()


def test_everything_can_be_read_without_script(browser: Browser, instance: Instance) -> None:
    context = browser.new_context(base_url=instance.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    page.locator("main article a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/search?q=river")
    expect(page.locator("main article").first).to_be_visible()
    context.close()


def test_the_keyboard_reaches_the_content_first_and_every_link_after(page: Page) -> None:
    page.goto("/en/posts/the-mast-that-learned-to-sleep")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Skip to the content")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_chosen_theme_stays_and_does_not_flash(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/en/")
    switch = page.locator("header [data-theme-switch]")
    switch.click()
    switch.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/en/archive", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_pictures_keep_their_place_so_that_nothing_moves(page: Page) -> None:
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shift += "
        "one.hadRecentInput ? 0 : one.value }).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto("/en/", wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") < 0.02
