"""A scheduled update beside a live edit: nothing readers see is overwritten unasked, and the address never changes."""

import re
import time
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, update

from cms.posts.models import Post
from tests.journeys.conftest import Instance
from tests.journeys.test_editor import publish, sign_in, status

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT09:30")


def save(page: Page, words: str, *, button: str = "Save") -> None:
    """Write something else into the text and save it."""
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(words)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("status").filter(has_text=re.compile("Saved|Published")).first).to_be_visible()


def plan(page: Page) -> None:
    """Plan the saved text for tomorrow, on a clock in Shanghai."""
    box = page.get_by_role("region", name="Times")
    box.get_by_text(re.compile("Publish an update later|Plan another time")).click()
    form = box.locator("form[action$='/schedule']")
    form.get_by_label("Date and time").fill(TOMORROW)
    form.get_by_label("Time zone").fill("Asia/Shanghai")
    form.get_by_role("button", name="Plan", exact=True).click()
    expect(box).to_contain_text("An update goes out on")


def let_its_time_come(instance: Instance, path: str) -> float:
    """Bring what is planned for this post forward to a second from now; gives that moment."""
    due_at = datetime.now(UTC) + timedelta(seconds=1)
    engine = create_engine(instance.environment["PARLEY_DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(update(Post).where(Post.slug == path.rpartition("/")[2]).values(due_at=due_at))
    engine.dispose()
    return due_at.timestamp()


def test_a_scheduled_update_stops_beside_a_live_edit_and_goes_out_when_told(
    page: Page, instance: Instance
) -> None:
    sign_in(page)
    path = publish(page, "Harbour lights")
    desk = page.url
    save(page, "The planned words.")
    plan(page)
    assert status(instance.url + path) == 200

    save(page, "The urgent words.", button="Save and publish")
    expect(page.get_by_role("region", name="Times")).to_contain_text("it will stop and ask at its time")
    let_its_time_come(instance, path)
    for _look in range(40):
        page.goto(desk)
        if page.get_by_text("Missed on").count():
            break
        time.sleep(0.25)
    expect(page.get_by_role("region", name="Times")).to_contain_text("The live text changed at")
    reader = page.context.new_page()
    reader.goto(path)
    expect(reader.locator("article")).to_contain_text("The urgent words.")
    page.get_by_role("button", name="Publish it anyway").click()
    expect(page.get_by_text("Published.", exact=True)).to_be_visible()
    reader.reload()
    expect(reader.locator("article")).to_contain_text("The planned words.")

    page.goto(desk)
    save(page, "The words of tomorrow.")
    plan(page)
    due_at = let_its_time_come(instance, path)
    while "The words of tomorrow." not in reader.locator("article").inner_text():
        assert time.time() < due_at + 5
        time.sleep(0.1)
        reader.goto(path)
    page.goto(desk)
    expect(page.get_by_role("region", name="Times")).to_contain_text(
        "To plan an update, save a newer text first."
    )
