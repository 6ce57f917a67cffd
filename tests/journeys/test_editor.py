"""An editor signs in, writes, publishes, corrects and takes down; a reader sees each step."""

import re
import urllib.error
import urllib.request

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Instance


def sign_in(page: Page) -> None:
    page.goto("/sign-in?next=/desk/posts")
    page.get_by_label("E-mail").fill("editor@example.com")
    page.get_by_label("Password").fill("parley-editor")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/desk/posts$"))


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def publish(page: Page, title: str) -> str:
    """Write and publish an article; gives its path."""
    page.goto("/desk/posts/new")
    page.get_by_label(re.compile("^Title")).fill(title)
    page.get_by_label(re.compile("^Summary")).fill("What the ice said, in two sentences.")
    page.get_by_label(re.compile("^Text")).fill(
        "## First crack\n\nThe **ice** spoke at *noon*.\n\n<script>alert(1)</script>"
    )
    page.get_by_role("button", name="Save and publish").click()
    expect(page).to_have_url(re.compile(r"/desk/posts/\d+"))
    return page.get_by_role("link", name="Open", exact=True).get_attribute("href") or ""


def test_an_editor_publishes_and_a_reader_sees_it_at_once(
    context: BrowserContext, page: Page, instance: Instance
) -> None:
    sign_in(page)
    path = publish(page, "Ice notes from the harbour")
    reader = context.browser.new_context(base_url=instance.url).new_page()  # type: ignore[union-attr]
    reader.goto(path)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Ice notes from the harbour")
    expect(reader.locator("article strong")).to_have_text("ice")
    assert "alert(1)" not in reader.content()
    reader.goto("/en/")
    expect(reader.get_by_role("link", name="Ice notes from the harbour").first).to_be_visible()
    with urllib.request.urlopen(f"{instance.url}/feed.xml") as feed:
        assert "Ice notes from the harbour" in feed.read().decode()
    page.get_by_role("button", name="Take down").click()
    assert status(instance.url + path) == 404
    reader.context.close()


def test_nothing_typed_is_lost_when_something_is_wrong(page: Page) -> None:
    sign_in(page)
    page.goto("/desk/posts/new")
    page.get_by_label(re.compile("^Summary")).fill("A summary that took a while.")
    page.get_by_label(re.compile("^Text")).fill("A text that took longer.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=body]")).to_have_value("A text that took longer.")
    expect(page.get_by_label(re.compile("^Summary"))).to_have_value("A summary that took a while.")


def test_the_desk_works_without_script(browser: Browser, instance: Instance) -> None:
    context = browser.new_context(base_url=instance.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    sign_in(page)
    path = publish(page, "Written without script")
    assert status(instance.url + path) == 200
    context.close()
