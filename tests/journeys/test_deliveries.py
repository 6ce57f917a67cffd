"""One story on three channels: tailored, sent by a real worker to networks on this machine, one of them repaired; and a
pause for a crisis, resumed post by post."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Instance
from tests.journeys.looking import faults
from tests.journeys.walking import sign_in
from tests.networks import running
from tests.networks.slack import PATH, SlackServer, shown
from tests.networks.telegram import TOKEN, TelegramServer
from tests.networks.webhook import SECRET, WebhookReceiver

TOO_LONG = ("400", {}, {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"})
SOON = 20_000  # milliseconds in which a worker that is there has sent


@pytest.fixture
def networks() -> Iterator[tuple[TelegramServer, WebhookReceiver, SlackServer]]:
    """A channel, a receiver of events, and a group."""
    with ExitStack() as stack:
        yield (
            stack.enter_context(running(TelegramServer())),
            stack.enter_context(running(WebhookReceiver())),
            stack.enter_context(running(SlackServer())),
        )


def connect(page: Page, network: str, name: str, **fields: str) -> None:
    """Through the guided page, with its live test."""
    page.goto(f"/desk/channels/new/{network}")
    if "base" in fields:
        page.locator("summary", has_text="Advanced").click()
    for field, value in fields.items():
        page.fill(f"[name=field_{field}]", value)
    page.fill("[name=name]", name)
    page.get_by_role("button", name="Test and connect").click()
    expect(page).to_have_url(re.compile(r"/desk/channels/\d+$"))


def write(page: Page, title: str) -> str:
    """A story nobody reads yet; gives the address of its page at the desk."""
    token = page.locator("meta[name='csrf-token']").get_attribute("content") or ""
    written = {
        "kind": "article",
        "title": title,
        "summary": "Salt eats copper slowly.",
        "body": "Paint helps.",
    }
    form = {"csrf_token": token, "language": "en", "section_id": "0", **written}
    answer = page.request.post("/desk/posts", form=form, max_redirects=0)
    assert answer.status == 303
    return answer.headers["location"]


def act(page: Page, address: str, **form: str) -> None:
    """A button pressed elsewhere."""
    token = page.locator("meta[name='csrf-token']").get_attribute("content") or ""
    assert page.request.post(address, form={"csrf_token": token, **form}, max_redirects=0).status == 303


def test_one_story_goes_to_three_channels_and_only_the_one_that_failed_goes_again(
    page: Page, networks: tuple[TelegramServer, WebhookReceiver, SlackServer]
) -> None:
    telegram, hook, slack = networks
    sign_in(page, "admin@example.com", "parley-admin")
    connect(page, "telegram", "The channel", token=TOKEN, chat="@mast", base=telegram.url)
    connect(page, "webhook", "The hook", url=f"{hook.url}/hook", secret=SECRET)
    connect(page, "slack", "The group", url=slack.url + PATH, base=slack.url)
    page.context.clear_cookies()
    sign_in(page, "editor@example.com", "parley-editor")
    post = write(page, "What salt does to a mast")

    page.goto(f"{post}/variants")
    expect(page.locator(".version__name")).to_contain_text(["The channel", "The hook", "The group"])
    texts = {"The channel": "Salt, told on the channel.", "The group": "Salt, told in the group."}
    for account, text in texts.items():
        page.goto(f"{post}/variants")
        page.get_by_role("link", name=account, exact=True).click()
        page.get_by_label("Text of part 1").fill(text)
        expect(page.locator("[data-count]")).to_have_text(re.compile(rf"^{len(text)} of \d+ characters$"))
        expect(page.locator("[data-preview]")).to_contain_text(text)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("What goes to this account from now on says this.")).to_be_visible()
    page.goto(f"{post}/variants")
    page.get_by_role("link", name="The hook", exact=True).click()
    page.get_by_label("Title").fill("Salt, for the hook")
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Salt, for the hook")  # from the browser's own copy
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_role("link", name="Plan when it goes out").click()
    for account in ("The channel", "The hook", "The group"):
        page.get_by_label(account, exact=True).check()
    page.get_by_label("With the post").check()
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_text("3 deliveries are planned.")).to_be_visible()
    expect(page.locator("#sharing .status", has_text="Waits for its post")).to_have_count(3)

    telegram.script(TOO_LONG, at="/sendMessage")  # the worker also asks how many follow
    act(page, f"{post}/publication")
    page.reload()
    expect(page.locator("#sharing .status", has_text="Sent")).to_have_count(2, timeout=SOON)
    expect(page.locator("#sharing .status", has_text="Refused")).to_have_count(1, timeout=SOON)
    expect(page.locator("#sharing")).to_contain_text("message is too long")

    page.get_by_role("link", name="The channel", exact=True).click()
    expect(page.locator(".timeline")).to_contain_text("Bad Request: message is too long")
    page.get_by_role("link", name="Mend the text").click()
    page.get_by_label("Text of part 1").fill("Salt, shorter.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{post}/deliveries")
    page.get_by_role("button", name="Send only the refused one again").click()
    expect(page.locator("#sharing .status", has_text="Sent")).to_have_count(3, timeout=SOON)

    assert [one["text"] for one in telegram.messages.values()] == ["Salt, shorter."]
    assert [event["data"]["title"] for event in hook.events if event["type"] == "story.published"] == [  # type: ignore[index]
        "Salt, for the hook"
    ]
    assert [shown(one.what) for one in slack.ledger] == ["Salt, told in the group."]


@pytest.mark.once
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_pages_of_deliveries_keep_nobody_out(
    browser: Browser, instance: Instance, language: str, scheme: str
) -> None:
    context = browser.new_context(base_url=instance.url, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, "editor@example.com", "parley-editor")
    page.goto(f"/{language}/desk/deliveries?show=asking&state=refused")
    refused = page.locator(".table__title").first.get_attribute("href") or ""
    page.goto(refused)
    version = page.locator(".decide a[href*='/variants/']").get_attribute("href") or ""
    versions = version.rpartition("/")[0]
    lists = [f"/{language}/desk/deliveries{rest}" for rest in ("", "?show=sent", "/holds", "/import")]
    found = {}
    for path in (*lists, refused, version, versions, versions.replace("variants", "deliveries")):
        page.goto(path)
        if problems := faults(page):
            found[path] = problems
    context.close()
    assert found == {}


def test_everything_is_paused_in_a_crisis_and_resumed_post_by_post_by_the_keyboard_alone(
    page: Page, networks: tuple[TelegramServer, WebhookReceiver, SlackServer]
) -> None:
    hook = networks[1]
    sign_in(page, "admin@example.com", "parley-admin")
    connect(page, "webhook", "Crisis hook", url=f"{hook.url}/hook", secret=SECRET)
    posts = [write(page, title) for title in ("A joke about masts", "A letter of thanks")]

    page.goto("/desk/deliveries/holds")
    page.locator("#scope").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("A mast fell")
    page.keyboard.press("Enter")
    expect(page.locator(".hold-banner")).to_contain_text("A mast fell")
    try:
        for post in posts:
            act(page, f"{post}/publication")
            page.goto(f"{post}/deliveries")
            page.get_by_label("Crisis hook", exact=True).check()
            page.get_by_label("Now", exact=True).check()
            page.get_by_role("button", name="Plan it").click()
            expect(page.get_by_role("alert")).to_contain_text("A mast fell")
            page.get_by_role("button", name="Plan it all the same").click()
            expect(page.locator("#sharing .status", has_text="Held")).to_have_count(1, timeout=SOON)
        expect(page.locator(".hold-banner")).to_be_visible()
    finally:
        page.goto("/desk/deliveries/holds")
        page.get_by_role("button", name="End the pause").focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 were held back")).to_be_visible()
    thanks = page.locator(".held__one", has_text="A letter of thanks")
    thanks.get_by_label("Drop it").focus()
    page.keyboard.press("ArrowDown")  # to "Send it"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")  # from the next slot, past a time, to now
    expect(thanks.get_by_label("Now", exact=True)).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 is planned again.")).to_be_visible()
    expect(page.get_by_text("1 was dropped.")).to_be_visible()
    page.goto(f"{posts[1]}/deliveries")
    expect(page.locator("#sharing .status", has_text="Sent")).to_have_count(1, timeout=SOON)
    assert [event["data"]["title"] for event in hook.events if event["type"] == "story.published"] == [  # type: ignore[index]
        "A letter of thanks"
    ]
