"""An expert without an account is asked by link, writes, hands in, approves, and is credited to readers."""

import re

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Instance


def sign_in(page: Page) -> None:
    page.goto("/sign-in?next=/en/desk/posts/new")
    page.get_by_label("E-mail").fill("editor@example.com")
    page.get_by_label("Password").fill("parley-editor")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/desk/posts/new"))


def ask_expert(page: Page) -> str:
    """Begin a post, ask an expert to write it; gives the path of the link, which is shown once."""
    page.get_by_label("Title", exact=True).fill("What salt does to a mast")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page).to_have_url(re.compile(r"/desk/posts/\d+$"))
    page.goto(page.url + "/contributions/new")
    page.get_by_label("Or the name of somebody new").fill("Mara Lindgren")
    page.get_by_label("What is asked for").fill("One story from **your own** work.")
    page.get_by_label("About how many words").fill("40")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("The link", exact=True).input_value()
    page.reload()
    expect(page.get_by_label("The link", exact=True)).to_have_count(0)
    return link


def test_an_expert_contributes_by_link_and_is_credited(
    context: BrowserContext, page: Page, browser: Browser, instance: Instance
) -> None:
    sign_in(page)
    link = ask_expert(page)
    outside = browser.new_context(base_url=instance.url, locale="en-GB")  # nobody is signed in here
    expert = outside.new_page()
    expert.goto(link)
    expect(expert.get_by_role("heading", level=1)).to_have_text("What salt does to a mast")
    expect(expert.get_by_label("Text", exact=True)).to_have_count(0)
    expert.get_by_role("button", name="I agree").click()

    expert.locator(".cm-content").wait_for()  # until then the plain text area has the name
    text = expert.get_by_role("textbox", name="Text", exact=True)
    text.click()
    text.press_sequentially("Copper does not rust, it turns green.")
    expect(expert.locator("[data-keep-state]").last).to_contain_text("Kept at")
    expert.close()  # as if the laptop was shut: nothing was saved yet
    expert = outside.new_page()
    expert.goto(link)
    expect(expert.get_by_role("textbox", name="Text", exact=True)).to_contain_text("it turns green")
    expert.get_by_role("button", name="Hand in").click()
    expect(expert.get_by_role("heading", name="Handed in")).to_be_visible()

    page.reload()
    page.get_by_role("button", name="Ask for approval").click()
    expert.reload()
    expert.get_by_role("button", name="I approve this text").click()
    expect(expert.get_by_text("You approved exactly this text")).to_be_visible()
    expert.get_by_role("button", name="This is how I want to be shown").click()
    expect(expert.get_by_text("You approved this byline")).to_be_visible()

    page.get_by_role("link", name="Open the post").click()
    page.get_by_role("button", name="Publish the saved text").click()
    expert.goto("/en/experts")
    expert.get_by_role("link", name="Mara Lindgren", exact=True).click()
    expect(expert.get_by_role("heading", level=1)).to_have_text("Mara Lindgren")
    expect(expert.get_by_role("link", name="What salt does to a mast").first).to_be_visible()
    outside.close()
