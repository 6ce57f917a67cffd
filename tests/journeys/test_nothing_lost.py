"""Nothing that is typed is lost: the network goes, the page is closed without a word, and two editors save."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Instance
from tests.journeys.walking import sign_in

KEPT = '[data-keep-state="kept"]'


def open_post(page: Page, title: str) -> str:
    """Begin a post and save it; gives its path."""
    page.goto("/en/desk/posts/new")
    page.locator("#title").fill(title)
    write(page, "Common words.")
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile(r"/desk/posts/\d+$"))
    return page.url


def write(page: Page, text: str) -> None:
    """Replace the text, as somebody does who types it in."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def text_of(page: Page) -> str:
    return page.locator('[name="body"]').input_value()


def test_an_editor_loses_the_network_and_the_page_and_not_a_word(context: BrowserContext, page: Page) -> None:
    sign_in(page, "editor@example.com", "parley-editor")
    address = open_post(page, "山谷里的信号")
    cover = page.locator('input[name="cover"]').nth(1)
    cover.evaluate("one => one.click()")  # the picture on the post, in a group that may be folded
    write(page, "我们在山谷里建了三座基站。")
    page.wait_for_selector(KEPT)
    context.set_offline(True)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("信号断了，字还在。")
    page.wait_for_selector('[data-keep-state="cut"]')
    page.close(run_before_unload=False)  # without a goodbye, as in a crash
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.get_by_text("that was not saved is back in the form")).to_be_visible()
    assert text_of(again) == "我们在山谷里建了三座基站。信号断了，字还在。"
    assert again.locator('input[name="cover"]').nth(1).is_checked()
    again.locator("[data-save]").click()
    expect(again.get_by_text("Saved.", exact=True)).to_be_visible()
    again.goto(address)
    expect(again.locator(KEPT)).to_have_count(0)
    assert text_of(again) == "我们在山谷里建了三座基站。信号断了，字还在。"
    expect(again.get_by_text("that was not saved")).to_have_count(0)


def test_leaving_by_a_link_and_coming_back_with_the_back_button_loses_nothing(page: Page) -> None:
    sign_in(page, "editor@example.com", "parley-editor")
    address = open_post(page, "There and back")
    page.goto("/en/desk")
    page.goto(address)
    write(page, "Half a sentence, and then")
    page.wait_for_selector(KEPT)
    page.once("dialog", lambda dialog: dialog.accept())  # where the browser asks before it leaves
    page.get_by_role("link", name="Calendar", exact=True).first.click()
    page.wait_for_url(re.compile(r"/desk/calendar"))
    page.go_back()
    page.wait_for_url(address)
    expect(page.locator('[name="body"]')).to_have_value("Half a sentence, and then")
    page.locator("[data-save]").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.go_back()  # to the form as it was before the save: it is no older text, and saving it makes no second one
    page.wait_for_load_state()
    page.goto(f"{address}/revisions")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.goto(address)
    assert text_of(page) == "Half a sentence, and then"


def test_two_editors_collide_and_both_texts_survive(
    context: BrowserContext, page: Page, instance: Instance
) -> None:
    sign_in(page, "editor@example.com", "parley-editor")
    address = open_post(page, "Two at one desk")
    write(page, "Common words of the editor.")
    page.wait_for_selector(KEPT)
    other = context.browser.new_context(base_url=instance.url, locale="en-GB")  # type: ignore[union-attr]
    colleague = other.new_page()
    sign_in(colleague, "admin@example.com", "parley-admin")
    colleague.goto(address)
    expect(colleague.locator(".here__state")).to_have_text("writing")
    write(colleague, "Common words of the admin.")
    colleague.locator("[data-save]").click()
    expect(colleague.get_by_text("Saved.", exact=True)).to_be_visible()
    page.bring_to_front()
    expect(page.locator('[data-note="newer"]')).to_contain_text("saved a newer text", timeout=15_000)
    page.locator("[data-save]").click()
    expect(
        page.get_by_role("heading", name="Someone else saved this post after you opened it")
    ).to_be_visible()
    expect(page.locator(".conflict .difference p del")).to_have_text(re.compile("admin"))
    expect(page.locator(".conflict .difference p ins")).to_have_text(re.compile("editor"))
    page.get_by_role("button", name="Keep both: save mine as the newest").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert text_of(page) == "Common words of the editor."
    page.goto(f"{address}/revisions")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.goto(f"{address}/comparison")
    expect(page.locator(".difference p del")).to_have_text(re.compile("admin"))
    expect(page.locator(".difference p ins")).to_have_text(re.compile("editor"))
    other.close()
