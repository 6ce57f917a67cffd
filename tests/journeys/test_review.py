"""Three people review one text: the chief editor mends a typo, so what the others approved is void until they look
again; then it goes out. The second journey comments on a passage that is selected in the text."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Instance

SignIn = Callable[[str], Page]
TEXT = "The masts stand on rock. The network is quite in spring."
SELECT = """words => {
  const walker = document.createTreeWalker(document.querySelector("[data-review-body]"), NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words)
    if (at < 0) continue
    const range = document.createRange()
    range.setStart(node, at)
    range.setEnd(node, at + words.length)
    getSelection().removeAllRanges()
    getSelection().addRange(range)
    return
  }
}"""


@pytest.fixture
def sign_in(browser: Browser, instance: Instance) -> Iterator[SignIn]:
    """Opens the desk in a browser of its own for one of the sample people: `author`, `editor`, `admin`."""
    contexts: list[BrowserContext] = []

    def enter(role: str) -> Page:
        contexts.append(browser.new_context(base_url=instance.url, locale="en-GB"))
        contexts[-1].set_default_timeout(10_000)
        page = contexts[-1].new_page()
        page.goto("/sign-in?next=/desk")
        page.get_by_label("E-mail").fill(f"{role}@example.com")
        page.get_by_label("Password").fill(f"parley-{role}")
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile(r"/desk$"))
        return page

    yield enter
    for context in contexts:
        context.close()


def set_steps(page: Page, section: str) -> None:
    """Three steps: one person, two who must both agree, and any editor."""
    page.goto("/desk/reviews/steps")
    page.get_by_role("link", name=section).click()
    page.get_by_label("Steps of its own").check()
    steps = [
        ("Expert check", "@nour", "One of them is enough"),
        ("Legal", "@nour, @zhao-min", "All of them"),
        ("Chief editor", "@zhao-min", "One of them is enough"),
    ]
    for row, (name, people, mode) in enumerate(steps):
        fields = page.locator("fieldset.review-plan__step").nth(row)
        if not fields.is_visible():
            page.locator("details:not([open]) > summary", has_text="Another step").first.click()
        fields.get_by_label("Name in English").fill(name)
        fields.get_by_label("People").fill(people)
        fields.get_by_label("Who must approve").select_option(label=mode)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=section)).to_contain_text("Expert check → Legal → Chief editor")


def write(page: Page, title: str, section: str) -> str:
    """Begin an article in a section; gives its path on the desk."""
    page.goto("/desk/posts/new")
    page.get_by_label(re.compile("^Title")).fill(title)
    page.get_by_label(re.compile("^Text")).fill(TEXT)
    page.evaluate(
        """section => {
          const choice = document.getElementById("post-form").elements.section_id
          choice.value = [...choice.options].find((one) => one.text === section).value
        }""",
        section,
    )
    page.locator("[data-save]").click()
    expect(page).to_have_url(re.compile(r"/desk/posts/\d+$"))
    return re.sub(r"^https?://[^/]+", "", page.url)


def approve(page: Page, path: str, step: str) -> None:
    page.goto(f"{path}/review")
    choice = page.get_by_label("Step", exact=True)
    if choice.count():
        choice.select_option(label=step)
    page.get_by_label("Approve", exact=True).check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()


def states(page: Page, path: str) -> list[str]:
    page.goto(f"{path}/review")
    return [" ".join(one.split()) for one in page.locator(".review-step__head").all_inner_texts()]


def test_a_mended_typo_voids_what_others_approved_until_they_look_again(sign_in: SignIn) -> None:
    chief, author, expert = sign_in("editor"), sign_in("author"), sign_in("admin")
    set_steps(chief, "Business news")
    path = write(author, "Masts on rock", "Business news")
    author.get_by_role("button", name="Save and send for review").click()
    expect(author.get_by_role("button", name="Withdraw from review")).to_be_visible()

    expert.goto("/desk")
    expert.get_by_role("link", name="Masts on rock").first.click()
    approve(expert, path, "Expert check")
    approve(expert, path, "Legal")
    approve(chief, path, "Legal")
    assert states(chief, path) == ["Expert check Approved", "Legal Approved", "Chief editor Waits"]

    chief.goto(path)
    chief.get_by_label(re.compile("^Text")).fill(TEXT.replace("quite", "quiet"))
    chief.get_by_role("button", name="Save and approve as Chief editor").click()
    expect(chief.get_by_text("Saved.")).to_be_visible()
    assert states(chief, path) == [
        "Expert check Changed since it was approved",
        "Legal Changed since it was approved",
        "Chief editor Approved",
    ]
    chief.goto(path)
    chief.get_by_role("button", name="Save and publish").click()
    expect(chief.get_by_text("The review has not approved this text yet.").first).to_be_visible()

    for page, steps in ((expert, 2), (chief, 1)):
        for _step in range(steps):
            page.goto(f"{path}/review")
            expect(page.locator("[data-review-body]")).to_contain_text("The network is quiet in spring.")
            page.get_by_role("button", name="Confirm for the new text").click()
            expect(page.get_by_text("Approved.", exact=True)).to_be_visible()
    expect(chief.get_by_text("Everybody agreed to this text")).to_be_visible()
    chief.goto(path)
    chief.get_by_role("button", name="Save and publish").click()
    expect(chief.get_by_role("link", name="Open", exact=True)).to_be_visible()


def test_a_passage_is_selected_commented_on_and_mended_with_one_click(sign_in: SignIn) -> None:
    author, reader = sign_in("author"), sign_in("editor")
    path = write(author, "Rock and masts", "Staff blogs")
    reader.goto(f"{path}/review")
    reader.evaluate(SELECT, "quite in spring")
    reader.get_by_role("button", name="Comment on this").click()
    expect(reader.get_by_label("Passage")).to_have_value("quite in spring")
    reader.get_by_label("Say instead").fill("quiet in spring")
    reader.get_by_role("button", name="Comment", exact=True).click()
    expect(reader.locator("#comments")).to_contain_text("quiet in spring")

    author.goto(f"{path}/review")
    author.get_by_role("button", name="Take it over").click()
    expect(author.locator("[data-review-body]")).to_have_text(
        "The masts stand on rock. The network is quiet in spring."
    )
