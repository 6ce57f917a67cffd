"""Somebody asks for a blog, an editor opens it; what she writes there is offered to the main blog and taken over."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Instance
from tests.journeys.looking import faults
from tests.journeys.test_editor import sign_in

TITLE = "What the tide tables leave out"


@pytest.fixture
def writer(context: BrowserContext, instance: Instance) -> Page:
    """Signed in at the page that asks for a blog, with an account that has none."""
    instance.shell(
        *("user", "add", "wren@example.com", "--name", "Wren Aho", "--role", "member", "--password-stdin"),
        stdin="parley-writer",
    )
    page = context.new_page()
    page.goto("/en/sign-in?next=/en/me/blog")
    page.get_by_label("E-mail").fill("wren@example.com")
    page.get_by_label("Password").fill("parley-writer")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Title of your blog")).to_be_visible()
    return page


@pytest.fixture
def editor(browser: Browser, instance: Instance) -> Iterator[Page]:
    """An editor at the desk, in a browser of their own."""
    context = browser.new_context(base_url=instance.url, locale="en-GB")
    page = context.new_page()
    sign_in(page)
    yield page
    context.close()


def get_blog(writer: Page, editor: Page) -> None:
    """Ask, and be given one."""
    writer.get_by_label("Title of your blog").fill("Low water")
    writer.get_by_label("What it is about").fill("Tides, and who lives between them.")
    writer.get_by_label("What you would like to write").fill("I count snails for a living.")
    writer.get_by_role("button", name="Ask for a blog").click()
    expect(writer.get_by_role("button", name="Withdraw it")).to_be_visible()
    editor.goto("/en/desk/blogs")
    editor.get_by_role("link", name="Low water").click()
    expect(editor.get_by_text("I count snails for a living.")).to_be_visible()
    editor.get_by_role("button", name="Open the blog").click()
    expect(editor.get_by_role("button", name="Close the blog")).to_be_visible()


def write(writer: Page) -> str:
    """A post, published; gives its public path."""
    writer.goto("/en/me/blog")
    writer.get_by_role("link", name="Write a post").click()
    writer.get_by_label("Title", exact=True).fill(TITLE)
    writer.locator(".cm-content").wait_for()
    writer.get_by_role("textbox", name="Text", exact=True).fill("They know the moon, not the wind.")
    writer.get_by_role("button", name="Publish", exact=True).click()
    seen = writer.get_by_role("link", name="See it as readers do")
    expect(seen).to_be_visible()
    return re.sub(r"^https?://[^/]+", "", seen.get_attribute("href") or "")


def test_a_members_post_is_pitched_and_appears_on_the_main_blog_under_her_name(
    writer: Page, editor: Page
) -> None:
    get_blog(writer, editor)
    path = write(writer)
    assert faults(writer, (390, 1440)) == []
    listed = writer.locator("main").get_by_role("link", name=TITLE)
    pitching = writer.url
    writer.goto("/en/archive")
    expect(writer.get_by_role("heading", level=1)).to_be_visible()
    expect(listed).to_have_count(0)  # the blog's, not the main blog's
    writer.goto(pitching)
    writer.get_by_role("button", name="Offer it to the main blog").click()
    expect(writer.get_by_role("button", name="Withdraw it")).to_be_visible()

    editor.goto("/en/desk/blogs/pitches")
    editor.get_by_role("link", name=TITLE).click()
    expect(editor.locator("article")).to_contain_text("They know the moon, not the wind.")
    editor.get_by_role("button", name="Accept").click()
    expect(editor.get_by_role("button", name="Accept")).to_have_count(0)

    writer.goto(path)
    expect(writer.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(writer.get_by_text("First written in the blog of Wren Aho:")).to_be_visible()
    expect(writer.locator("article").get_by_role("link", name="Wren Aho").first).to_be_visible()
    writer.goto("/en/")
    expect(listed.first).to_be_visible()
