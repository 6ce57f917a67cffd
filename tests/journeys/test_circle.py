"""A circle is made, joined by request and talked in; then it hides, and an outsider who knew it finds it nowhere."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import PATIENCE, Instance
from tests.journeys.looking import faults

Enter = Callable[[str, str], Page]
NAME = "Barnacle friends"  # a word that nothing else on the site says
SECRET = "Barnacle"


@pytest.fixture
def enter(browser: Browser, instance: Instance) -> Iterator[Enter]:
    """Signs somebody in, in a browser of their own."""
    contexts: list[BrowserContext] = []

    def signed_in(email: str, password: str) -> Page:
        contexts.append(browser.new_context(base_url=instance.url, locale="en-GB"))
        contexts[-1].set_default_timeout(PATIENCE)
        page = contexts[-1].new_page()
        page.goto("/en/sign-in?next=/en/me/circles")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile(r"/me/circles$"))
        return page

    yield signed_in
    for context in contexts:
        context.close()


def make_circle(owner: Page) -> str:
    """Public, joined by request; gives its path."""
    owner.goto("/en/circles/new")
    owner.get_by_label("Name", exact=True).fill(NAME)
    owner.get_by_label("What it is for").fill("Scraping hulls, and talking about it.")
    owner.get_by_label("People ask, and a moderator decides").check()
    owner.get_by_role("button", name="Make a circle").click()
    expect(owner.get_by_role("heading", level=1)).to_have_text(NAME)
    return re.sub(r"^https?://[^/]+(/en)?(/circles/[^/?]+).*$", r"\2", owner.url)


def join_by_request(member: Page, owner: Page, base: str) -> None:
    """Ask, wait outside, be let in."""
    member.goto(f"/en{base}/membership")
    member.get_by_label("A word about yourself").fill("I own a scraper.")
    member.get_by_role("button", name="Ask to join").click()
    expect(member.get_by_text("A moderator will look at it.")).to_be_visible()
    owner.goto(f"/en{base}/members")
    expect(owner.get_by_text("I own a scraper.")).to_be_visible()
    owner.get_by_role("button", name="Let in").click()
    expect(owner.get_by_text("I own a scraper.")).to_have_count(0)
    member.goto(f"/en{base}/inside")
    expect(member.get_by_role("link", name="Begin a topic")).to_be_visible()


def begin_topic(member: Page, base: str) -> str:
    """Something to talk about; gives its path."""
    member.goto(f"/en{base}/topics/new")
    member.get_by_label("Title").fill(f"{SECRET} season")
    member.get_by_label("Your words").fill("When do *you* begin?")
    member.get_by_role("button", name="Put it into the circle").click()
    expect(member.get_by_role("heading", level=1)).to_have_text(f"{SECRET} season")
    number = re.search(r"/topics/(\d+)", member.url)
    assert number is not None
    return f"{base}/topics/{number[1]}"


def places(base: str, topic: str) -> dict[str, str]:
    """Where somebody could meet a circle: what it is, and its address."""
    return {
        "the list": "/en/circles",
        "the search of circles": "/en/circles?q=hulls",
        "its page": f"/en{base}",
        "its topic": f"/en{topic}",
        "its RSS": f"{base}/feed.xml",
        "its JSON feed": f"{base}/feed.json",
        "its hours as iCal": f"{base}/hours.ics",
        "the API": "/api/v1/circles",
        "the map of the site": "/sitemap.xml",
        "the list of feeds": "/opml.xml",
        "the home page": "/en/",
        "the feed of the site": "/feed.xml",
        "the search of the site": "/en/search?q=hulls",
        "the words of the site": "/en/tags",
        "the profile of a member": "/en/@rae",
        "one's own circles": "/en/me/circles",
        "its error page": f"/en{base}/members",
        "its membership page": f"/en{base}/membership",
    }


def met(page: Page, base: str, topic: str) -> set[str]:
    """Places where this person is told of the circle. What a page repeats of its own address does not count."""
    found = set()
    for place, address in places(base, topic).items():
        said = page.request.get(address).text().replace(base.rsplit("/", 1)[-1], "")
        if SECRET in said:
            found.add(place)
    return found


def test_a_circle_is_made_joined_by_request_and_hides_from_outsiders(
    enter: Enter, instance: Instance
) -> None:
    instance.shell(
        *("user", "add", "oda@example.com", "--name", "Oda Lie", "--role", "member", "--password-stdin"),
        stdin="parley-outsider",
    )
    owner = enter("author@example.com", "parley-author")
    member = enter("member@example.com", "parley-member")
    outsider = enter("oda@example.com", "parley-outsider")
    base = make_circle(owner)
    join_by_request(member, owner, base)
    topic = begin_topic(member, base)
    assert faults(owner, (390, 1440)) == []
    assert {"the list", "the search of circles", "its page", "its topic", "its RSS", "its JSON feed"} <= met(
        outsider, base, topic
    )

    owner.goto(f"/en{base}/settings")
    owner.get_by_label("Only its members: to everybody else it is as if it were not there").check()
    owner.get_by_role("button", name="Save", exact=True).click()
    expect(owner.get_by_text("Saved.", exact=True)).to_be_visible()
    moved = re.sub(r"^https?://[^/]+(/en)?(/circles/[^/?]+).*$", r"\2", owner.url)

    member.goto("/en/me/circles")
    member.get_by_role("link", name=NAME).click()
    expect(member.get_by_role("link", name=f"{SECRET} season")).to_be_visible()
    for address in {base, moved}:
        assert met(outsider, address, topic.replace(base, address)) == set()
    outsider.goto(f"/en{base}")
    heading = outsider.get_by_role("heading", level=1)
    said = heading.inner_text()
    outsider.goto("/en/circles/there-never-was-one")
    expect(heading).to_have_text(said)
