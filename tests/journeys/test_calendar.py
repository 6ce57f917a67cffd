"""An editor moves what is planned by dragging it, and by the keyboard alone; the time of day and its zone stay."""

import re
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Locator, Page, expect


def sign_in(page: Page) -> None:
    page.goto("/sign-in?next=/desk")
    page.get_by_label("E-mail").fill("editor@example.com")
    page.get_by_label("Password").fill("parley-editor")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/desk$"))


def day_with_nothing_on() -> date:
    """The tenth of the month after next: 40 days ahead and more, where the sample site plans nothing. A day of the month
    shows three entries, and says of the others only how many they are."""
    return (datetime.now(UTC).date().replace(day=1) + timedelta(days=62)).replace(day=10)


def plan(page: Page, title: str, wall: str) -> None:
    """Write a post and plan it for half past nine in Shanghai."""
    token = page.locator("meta[name='csrf-token']").get_attribute("content") or ""
    written = {"kind": "article", "title": title, "body": "Words.", "language": "en", "section_id": "0"}
    answer = page.request.post("/desk/posts", form={"csrf_token": token, **written}, max_redirects=0)
    assert answer.status == 303
    when = {"wall": wall, "zone": "Asia/Shanghai"}
    planned = page.request.post(
        f"{answer.headers['location']}/schedule", form={"csrf_token": token, **when}, max_redirects=0
    )
    assert planned.status == 303


def entry(page: Page, title: str) -> Locator:
    return page.locator(".days .entry", has_text=title)


def cell(page: Page, day: date) -> Locator:
    return page.locator(f"[data-on='{day.isoformat()}']")


def test_dragging_changes_the_day_and_keeps_the_time(page: Page) -> None:
    sign_in(page)
    day, title = day_with_nothing_on(), "Dragged across the month"
    plan(page, title, f"{day.isoformat()}T09:30")
    page.goto(f"/desk/calendar?on={day.isoformat()}")
    # Forced: the bar of a campaign or contest may lie over the middle of the day, and lets through what is dropped.
    entry(page, title).drag_to(cell(page, day + timedelta(days=2)), force=True)
    expect(page.locator(".toast")).to_contain_text("09:30")
    later = cell(page, day + timedelta(days=2)).locator(".entry", has_text=title)
    expect(later).to_have_attribute("data-wall", f"{(day + timedelta(days=2)).isoformat()}T09:30")
    page.get_by_role("button", name="Undo").click()
    expect(cell(page, day).locator(".entry", has_text=title)).to_be_visible()
    page.reload()
    expect(cell(page, day).locator(".entry", has_text=title)).to_have_attribute("data-zone", "Asia/Shanghai")


def test_a_delivery_and_the_days_of_a_campaign_are_dragged(page: Page) -> None:
    sign_in(page)
    day, title = day_with_nothing_on(), "Carried to a channel"
    later = day + timedelta(days=2)
    plan(page, title, f"{day.isoformat()}T09:30")
    page.goto(f"/en/desk/calendar?on={day.isoformat()}")
    post = entry(page, title).locator(".entry__link").get_attribute("href") or ""
    page.goto(f"{post}/deliveries")
    page.get_by_label("Medium", exact=True).check()
    page.get_by_label("At a time").check()
    page.get_by_label("Date and time").last.fill(f"{day.isoformat()}T18:45")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_text("1 delivery is planned.")).to_be_visible()
    token = page.locator("meta[name='csrf-token']").get_attribute("content") or ""
    days = {
        "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=1)).isoformat(),
        "zone": "UTC",
    }
    campaign = {"name_en": "Days to be moved", "kind": "brand", "currency": "CNY", "owner": "0", **days}
    made = page.request.post("/desk/campaigns", form={"csrf_token": token, **campaign}, max_redirects=0)
    assert made.status == 303

    page.goto(f"/en/desk/calendar?on={day.isoformat()}")
    delivery = entry(page, f"{title} → Medium")
    delivery.drag_to(cell(page, later), force=True)
    expect(page.locator(".toast")).to_contain_text("18:45")
    expect(cell(page, later).locator(".entry", has_text=f"{title} → Medium")).to_have_attribute(
        "data-wall", f"{later.isoformat()}T18:45"
    )
    last = cell(page, day + timedelta(days=1)).locator(".entry", has_text="Days to be moved")
    last.drag_to(cell(page, later), force=True)
    # It is drawn there at once, and again, no longer busy, when the server has it.
    kept = cell(page, later).locator(".entry:not([aria-busy])", has_text="Days to be moved")
    expect(kept).to_be_visible()
    page.reload()
    expect(cell(page, later).locator(".entry", has_text=f"{title} → Medium")).to_be_visible()
    expect(cell(page, later).locator(".entry", has_text="Days to be moved")).to_be_visible()
    expect(cell(page, day).locator(".entry", has_text="Days to be moved")).to_be_visible()


def test_everything_is_reached_and_moved_by_the_keyboard_alone(page: Page) -> None:
    sign_in(page)
    day, title = day_with_nothing_on(), "Carried by keys"
    plan(page, title, f"{day.isoformat()}T09:30")
    page.wait_for_load_state()  # keys are heard from when the page's script has run
    page.keyboard.press("Control+k")
    page.keyboard.type("calendar")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Calendar")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/calendar"))
    for month in ((day.replace(day=1) - timedelta(days=1)).replace(day=1), day.replace(day=1)):
        page.wait_for_load_state()
        page.keyboard.press("]")
        expect(page).to_have_url(re.compile(f"on={month}"))
    entry(page, title).locator(".entry__link").focus()
    for key in ("m", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    moved = cell(page, day + timedelta(days=8)).locator(".entry", has_text=title)
    expect(moved).to_have_attribute("data-wall", f"{(day + timedelta(days=8)).isoformat()}T09:30")
    expect(moved.locator(".entry__link")).to_be_focused()
    for key in ("m", "ArrowLeft", "Escape"):
        page.keyboard.press(key)
    expect(page.locator(".toast")).to_have_text("Left where it was.")
    page.keyboard.press("Control+k")
    page.keyboard.type("Carried by keys")
    expect(page.get_by_role("option", name=re.compile(title))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/posts/\d+$"))
