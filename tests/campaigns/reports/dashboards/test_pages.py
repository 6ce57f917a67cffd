"""The dashboards: what they say with nothing, with something, and that they ask the same whatever there is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html

from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line
from campaigns.engagement.platform.models import PlatformFigure, PlatformFollowers
from campaigns.plans.models import CampaignPost, CampaignTarget
from cms.core import clock
from cms.posts.models import Post
from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.campaigns.engagement.conftest import NOW as NOW_MS
from tests.campaigns.links.making import make_campaign, make_link
from tests.conftest import NOW
from tests.factories import make_post, nadia, save, sign_in

PAGES = ("", "/posts", "/accounts", "/links", "/authors", "/feeds", "/campaigns")
VIEW = Line(NOW_MS, "view", "P", 1, "post:1", view=5, agent="browser:firefox")


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """Nadia's browser."""
    sign_in(client, nadia())
    return client


def rows(client: FlaskClient, path: str) -> list[list[str]]:
    """The rows of the first table of a page, cell by cell."""
    page = html.fromstring(client.get(f"/en/desk/reports{path}").data)
    return [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in page.xpath("(//main//table)[1]/tbody/tr")
    ]


def read(counting: Gate, post: Post, *, people: int = 1, first: int = 1) -> None:
    """So many people open a post, each once."""
    for number in range(first, first + people):
        counting.spool.write(replace(VIEW, subject=f"post:{post.id}", visitor=number, view=1000 + number))


@pytest.mark.parametrize("path", PAGES)
def test_with_nothing_a_page_says_what_will_be_there(desk: FlaskClient, counting: Gate, path: str) -> None:
    for language in ("en", "zh"):
        answer = desk.get(f"/{language}/desk/reports{path}")
        assert answer.status_code == 200
        page = html.fromstring(answer.data)
        if path:
            assert page.xpath("//*[@class='empty']")
        else:
            assert "–" in page.xpath("string(//table[@id='site-days']//td)")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_often_for_three_as_for_one(
    desk: FlaskClient,
    counting: Gate,
    collect: Callable[[], dict[str, int]],
    count_queries: list[str],
    path: str,
) -> None:
    def ask() -> int:
        count_queries.clear()
        assert desk.get(f"/en/desk/reports{path}").status_code == 200
        return len(count_queries)

    some(counting, "One")
    collect()
    ask()
    once = ask()
    some(counting, "Two")
    some(counting, "Three")
    collect()
    assert ask() == once


def some(counting: Gate, name: str) -> None:
    """A campaign with a target, a post of it that is read, an account it went to, a link, figures."""
    post, campaign = make_post(name), make_campaign(name.lower())
    save(CampaignPost(post_id=post.id, campaign_id=campaign.id, added_at=clock.now()))
    save(CampaignTarget(campaign_id=campaign.id, position=0, measure="views", number=100))
    account = make_account(name, "mastodon")
    link = make_link(post_id=post.id, campaign_id=campaign.id)
    one = make_delivery(post, account, "sent", sent_at=NOW - timedelta(hours=2), link_id=link.id)
    save(figure(one.id, "likes", 5))
    save(PlatformFollowers(account_id=account.id, captured_at=NOW, value=12))
    read(counting, post, first=post.id * 10)


def figure(delivery_id: int, metric: str, value: int | None) -> PlatformFigure:
    return PlatformFigure(
        delivery_id=delivery_id,
        metric=metric,
        definition_version=1,
        captured_at=NOW,
        value=value,
        source="mastodon",
        is_final=False,
    )


def test_who_reads_now_is_shown_by_post(
    desk: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    salt, paint = make_post("Salt"), make_post("Paint")
    read(counting, salt, people=3)
    read(counting, paint, people=1)
    long_ago = replace(VIEW, at=NOW_MS - 31 * 60_000, subject=f"post:{paint.id}", visitor=77, view=77)
    counting.spool.write(long_ago)
    counting.spool.write(
        replace(VIEW, kind="fetch", visitor=78, agent="crawler:google", subject=f"post:{paint.id}")
    )
    collect()
    page = html.fromstring(desk.get("/en/desk/reports/now").data)
    assert page.xpath("string(.//p[@class='figure-now']/strong)") == "3"
    assert [" ".join(one.text_content().split()) for one in page.xpath(".//li")] == ["Salt 3", "Paint 1"]


def test_posts_have_our_figures_and_what_networks_say(
    desk: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    post, other = make_post("Salt"), make_post("Paint")
    read(counting, post, people=2)
    collect()
    for number, likes in enumerate((5, 7, None)):
        one = make_delivery(post, make_account(f"A{number}", "mastodon"), "sent", sent_at=NOW)
        save(figure(one.id, "likes", likes))
    missing = "– No network has told this figure: it has none, or was not asked yet."
    assert rows(desk, "/posts") == [
        ["Salt", "2", "0", "2", "0:00", "0", "12", missing, missing],
        ["Paint", "0", "0", "0", "– No views: nothing divides by them.", "0", missing, missing, missing],
    ]
    assert other.id


def test_accounts_say_what_is_missing_and_why(desk: FlaskClient, counting: Gate) -> None:
    mastodon, hook = make_account("Mast", "mastodon"), make_account("Hook", "webhook")
    wechat = make_account("Paper", "wechat")
    post = make_post("Salt")
    read = make_delivery(post, wechat, "sent", sent_at=NOW)
    save(figure(read.id, "reads", 1640))
    one = make_delivery(post, mastodon, "sent", sent_at=NOW)
    make_delivery(post, hook, "sent", sent_at=NOW)
    save(figure(one.id, "likes", 0))
    save(PlatformFollowers(account_id=mastodon.id, captured_at=NOW - timedelta(days=2), value=10))
    save(PlatformFollowers(account_id=mastodon.id, captured_at=NOW - timedelta(days=1), value=8))
    later, never = "– Not told yet.", "– Not available: this network does not tell it."
    untold = "– The network has not told how many follow."
    assert rows(desk, "/accounts") == [
        [
            "Hook",
            "1",
            "0",
            "0",
            never,
            never,
            never,
            never,
            untold,
            "not available",
        ],
        ["Mast", "1", "0", "0", never, "0", later, later, "8-2", "nothing to ask"],
        ["Paper", "1", "0", "0", "1,640", never, never, never, untold, "nothing to ask"],
    ]


def test_campaigns_say_how_far_they_are(
    desk: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    post, campaign = make_post("Salt"), make_campaign()
    save(CampaignPost(post_id=post.id, campaign_id=campaign.id, added_at=clock.now()))
    save(CampaignTarget(campaign_id=campaign.id, position=0, measure="views", number=2))
    save(CampaignTarget(campaign_id=campaign.id, position=1, measure="sign_ups", number=50))
    save(CampaignTarget(campaign_id=campaign.id, position=2, measure="other", label="Trees", number=9))
    read(counting, post, people=2)
    collect()
    told = rows(desk, "/campaigns")
    assert told[0] == ["Views", "2100 %", "2", "Reached"]
    assert told[1][:3] == ["Sign-ups", "00 %", "50"]
    assert told[2] == [
        "Trees",
        "– Nobody counts this by itself.",
        "9",
        "Not counted Write down elsewhere what came of it: this program does not see it.",
    ]


def test_a_period_that_is_none_is_said_and_the_usual_one_shown(desk: FlaskClient, counting: Gate) -> None:
    for said in ("8", "-1", "x", "99999999999999999999"):
        answer = desk.get(f"/en/desk/reports/posts?days={said}")
        assert answer.status_code == 422
        page = html.fromstring(answer.data)
        assert "7, 28, 90 or 365 days" in page.text_content()
        assert page.xpath("string(//option[@selected])") == "The last 28 days"


def test_one_post_has_its_ways_its_days_and_its_deliveries(
    desk: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    post, account = make_post("Salt", published_at=NOW - timedelta(days=3)), make_account("Mast", "mastodon")
    one = make_delivery(post, account, "sent", sent_at=NOW - timedelta(days=2))
    save(figure(one.id, "likes", 5))
    save(figure(one.id, "quotes", None))
    read(counting, post, people=3)
    collect()
    page = html.fromstring(desk.get(f"/en/desk/reports/posts/{post.id}").data)

    def table(name: str) -> list[list[str]]:
        found = page.xpath(f"//table[@id='{name}']/tbody/tr")
        return [[" ".join(cell.text_content().split()) for cell in row] for row in found]

    assert table("days") == [["21 Nov 2026", "3", "0"]]
    assert table("ways") == [["Nobody knows: typed, or not told", "3", "0"]]
    assert table("growth") == [["2 days", "5"]]
    [row] = page.xpath("//section[@aria-labelledby='networks-title']//table[not(@id)]/tbody/tr")
    assert [" ".join(cell.text_content().split()) for cell in row] == [
        "Mast",
        "5",
        "– Not asked yet.",
        "– Not asked yet.",
        "– The network was asked and did not tell.",
    ]
    assert desk.get("/en/desk/reports/posts/999999").status_code == 404


def test_beside_a_post_stands_how_its_readers_came(
    desk: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    post, account = make_post("Salt"), make_account("Mast", "mastodon")
    one = make_delivery(post, account, "sent", sent_at=NOW)
    save(figure(one.id, "likes", 5))
    read(counting, post, people=3)
    collect()
    page = html.fromstring(desk.get(f"/en/desk/posts/{post.id}").data)
    [box] = page.xpath("//section[@aria-labelledby='readers-box']")
    assert (
        " ".join(box.xpath("string(.//ul[@class='lines'])").split()) == "Nobody knows: typed, or not told 3"
    )
    assert " ".join(box.xpath("string(.//table/tbody/tr)").split()).startswith("Mast 5")
    assert box.xpath(
        f".//a[@href='/en/desk/reports/posts/{post.id}' or @href='/desk/reports/posts/{post.id}']"
    )


def test_the_page_of_a_post_says_how_often_its_letters_were_opened(
    desk: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    post, other = make_post("Salt"), make_post("Rain")
    code = make_link(post_id=post.id, account_id=make_account("Letters", "email").id).code
    for number in range(3):
        fetched = Line(NOW_MS + number, "fact", "Gn", 0, f"code:{code}", value="open:service")
        counting.spool.write(replace(fetched, agent="mailbox:apple"))
    collect()
    page = html.fromstring(desk.get(f"/en/desk/reports/posts/{post.id}").data)
    said = page.xpath("//section[@aria-labelledby='letters-title']//dl/*/text()")
    assert said == ["Letters opened", "0", "Fetched by mail services", "3"]
    page = html.fromstring(desk.get(f"/en/desk/reports/posts/{other.id}").data)
    assert not page.xpath("//section[@aria-labelledby='letters-title']")
