"""Two keystrokes anywhere on the desk and a note is out; without script the same form is a page."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Instance
from tests.journeys.test_editor import sign_in


def test_a_note_is_written_from_anywhere_by_keyboard_alone(page: Page) -> None:
    sign_in(page)
    page.goto("/desk/media")
    page.keyboard.press("n")
    words = page.get_by_role("dialog").get_by_role("textbox", name="What is new?")
    expect(words).to_be_focused()
    page.keyboard.type("今天 #灯塔 亮了,感谢 @zhao")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(words).to_have_value(re.compile(r"感谢 @zhao-min $"))
    page.keyboard.press("Control+Enter")

    done = page.get_by_role("link", name="Published.")
    expect(done).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/notes/\d+$"))
    note = page.locator("article.h-entry").first
    expect(note).to_have_attribute("lang", "zh-Hans")
    expect(note.get_by_role("link", name="@zhao-min")).to_have_attribute("href", "/@zhao-min")
    expect(note.get_by_role("link", name="#灯塔")).to_be_visible()
    page.goto("/notes")
    expect(page.get_by_text("今天").first).to_be_visible()


def test_a_note_is_written_without_script(browser: Browser, instance: Instance) -> None:
    context = browser.new_context(base_url=instance.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    sign_in(page)
    page.goto("/desk/notes/new")
    page.get_by_label("What is new?").fill("Nothing but a form. #plain")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page).to_have_url(re.compile(r"/desk/notes/\d+$"))
    page.get_by_role("link", name="Read it on the site").click()
    expect(page.locator("article.h-entry").first).to_contain_text("Nothing but a form. #plain")
    context.close()
