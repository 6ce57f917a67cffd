"""A reader follows a link to a post, reads it and goes on; an editor sees it beside the post within ten seconds. And a
question of the editor below it is answered."""

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Instance
from tests.journeys.looking import faults
from tests.journeys.walking import sign_in

PHONE = (
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
    "Mobile Safari/537.36"
)  # a headless browser says so in its own, and is a robot


@pytest.fixture
def reader(browser: Browser, instance: Instance) -> Iterator[Page]:
    """Somebody with a telephone."""
    context = browser.new_context(
        base_url=instance.url, locale="en-GB", user_agent=PHONE, viewport={"width": 390, "height": 844}
    )
    yield context.new_page()
    context.close()


def test_a_visit_is_seen_beside_its_post(page: Page, reader: Page) -> None:
    sign_in(page, "editor@example.com", "parley-editor")
    page.goto("/en/")
    path = page.locator("main a[href*='/posts/']").first.get_attribute("href") or ""
    page.goto(path)
    subject = page.locator("main").get_attribute("data-subject") or ""
    desk = f"/en/desk/posts/{subject.removeprefix('post:')}"
    page.goto(f"/en/desk/links/new?post={subject.removeprefix('post:')}&target={path.removeprefix('/en')}")
    page.get_by_role("button", name="Make the link").click()
    short = page.get_by_label("Short address").first.input_value()
    before = figures(page, desk)

    said: list[str] = []
    reader.on(
        "request", lambda request: said.append(request.post_data or "") if request.method == "POST" else None
    )
    reader.goto(short)
    reader.wait_for_load_state("load")
    expect(reader).not_to_have_url(re.compile("pcid"))
    assert reader.context.cookies() == []
    reader.mouse.wheel(0, 600)
    seen = time.monotonic()
    while figures(page, desk).get("Verified clicks", 0) != before.get("Verified clicks", 0) + 1:
        assert time.monotonic() - seen < 10
    assert time.monotonic() - seen < 10
    reader.evaluate(
        "new Promise((done) => setTimeout(done, 1600 - performance.now()))"
    )  # a second and a half of reading
    # As when the post is left. A tab that is really left tells its true name, which is a robot's.
    reader.evaluate("dispatchEvent(new Event('pagehide'))")

    until = time.monotonic() + 10
    while (after := figures(page, desk)).get("Reading time", 0) == 0:
        assert time.monotonic() < until
    gone_up = {name: after[name] - before.get(name, 0) for name in ("Views", "Clicks", "Verified clicks")}
    assert gone_up == {"Views": 1, "Clicks": 1, "Verified clicks": 1}
    assert after["Different people"] == before.get("Different people", 0) + 1
    numbers = {form["v"][0] for form in map(parse_qs, said) if "v" in form}
    assert len(numbers) == 1  # of the view and of its reading time: the hour, then chance
    assert int(numbers.pop()[:5], 16) in (int(time.time()) // 3600, int(time.time()) // 3600 - 1)
    for shown in (desk, "/en/what-we-count", "/zh/what-we-count"):
        page.goto(shown)
        assert faults(page) == []


def test_a_question_below_a_post_is_answered(page: Page, reader: Page) -> None:
    sign_in(page, "editor@example.com", "parley-editor")
    reader.goto("/en/")
    reader.locator("main a[href*='/posts/']").nth(1).click()
    reader.wait_for_url("**/posts/**")
    expect(reader.locator(".poll__form")).to_have_count(0)  # which keeps the page without it
    post = (reader.locator("main").get_attribute("data-subject") or "").removeprefix("post:")
    page.goto(f"/en/desk/polls/new?post={post}")
    page.get_by_label("Question in English").fill("Was this useful?")
    page.get_by_role("textbox", name="Answers to choose from").fill("Very | 很有用\nNot at all")
    page.get_by_label("Show the results to who answered").check()
    page.locator("form.form").get_by_role("button").last.click()
    expect(page.get_by_text("Readers are asked within a second.")).to_be_visible()

    until = time.monotonic() + 10
    while reader.locator(".poll__form").count() == 0:
        assert time.monotonic() < until
        reader.reload()
    reader.get_by_label("Very").check()
    reader.get_by_role("button", name="Send the answer").click()
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    assert faults(reader) == []
    reader.go_back()
    reader.get_by_label("Not at all").check()
    reader.get_by_role("button", name="Send the answer").click()
    expect(reader.get_by_text("An answer from here was counted already.")).to_be_visible()
    assert reader.context.cookies() == []
    page.reload()
    expect(page.get_by_role("row", name=re.compile("^Very"))).to_contain_text("1")
    assert faults(page) == []


def figures(page: Page, desk: str) -> dict[str, int]:
    """What the box beside the post says; times in seconds."""
    page.goto(desk)
    box = page.locator("section[aria-labelledby=readers-box]")
    names = box.locator("dt").all_inner_texts()
    said = [one.strip("~") for one in box.locator("dd").all_inner_texts()]
    return {name: _number(one) for name, one in zip(names, said, strict=True)}


def _number(said: str) -> int:
    if ":" in said:
        minutes, seconds = said.split(":")
        return int(minutes) * 60 + int(seconds)
    return int(said.replace(",", "")) if said != "–" else 0
