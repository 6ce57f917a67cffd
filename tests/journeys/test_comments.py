"""A reader without script comments below a story; the comment becomes an answer of the company."""

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Instance
from tests.journeys.walking import sign_in


def test_a_comment_sent_without_script_becomes_a_company_answer(
    browser: Browser, instance: Instance, page: Page
) -> None:
    context = browser.new_context(base_url=instance.url, locale="en-GB", java_script_enabled=False)
    context.set_default_timeout(10_000)
    reader = context.new_page()
    reader.goto("/en/")
    reader.locator("main article a[href*='/posts/']").first.click()
    story = reader.url
    reader.locator(".talk__write a").click()  # to sign in first, and then to the form
    reader.fill("[name=email]", "member@example.com")
    reader.fill("[name=password]", "parley-member")
    reader.press("[name=password]", "Enter")
    reader.get_by_label("Your comment").fill("Does the **radio** work without the mains?")
    reader.get_by_role("button", name="Send").click()
    reader.goto("/en/me/comments")
    expect(reader.get_by_text("Does the radio work without the mains?")).to_be_visible()

    sign_in(page, "editor@example.com", "parley-editor")
    page.goto("/desk/comments?show=all")
    row = page.locator(".decide", has_text="Does the radio work without the mains?")
    if row.get_by_role("button", name="Let it be seen").count():
        row.get_by_role("button", name="Let it be seen").click()
        row = page.locator(".decide", has_text="Does the radio work without the mains?")
    row.get_by_role("link", name="Answer for the company").click()
    page.get_by_label("The answer", exact=True).fill("For nine hours, from its own battery.")
    page.get_by_role("button", name="Answer for the company").click()
    expect(page.locator(".company-answer", has_text="For nine hours")).to_be_visible()

    reader.goto(story)
    answer = reader.locator(".company-answer", has_text="For nine hours, from its own battery.")
    expect(answer).to_be_visible()
    expect(answer).to_contain_text("The company answers")
    context.close()
