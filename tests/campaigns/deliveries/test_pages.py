"""The desk's pages about deliveries: what they show, to whom, and how many queries they take."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery, Hold
from campaigns.deliveries.services import telling
from campaigns.links import counted
from cms.core import clock
from cms.core.database import db, transaction
from tests.campaigns.deliveries.made import make_account, make_campaign, make_delivery, make_hold, message
from tests.campaigns.links.making import make_link
from tests.factories import make_post, nadia, sign_in, tom

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """Nadia's browser."""
    sign_in(client, nadia())
    return client


def text_of(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def change(row: Delivery | Hold, **values: object) -> None:
    """What happened to a row meanwhile."""
    row_type, row_id = type(row), row.id
    with transaction():
        db.session.execute(update(row_type).where(row_type.id == row_id).values(**values))


def titles(page: str) -> list[str]:
    """The rows of a list."""
    return re.findall(r'table__title" href="[^"]+">([^<]+)<', page)


def test_the_queue_shows_what_waits_for_a_decision_above_what_goes_out_next(desk: FlaskClient) -> None:
    post, account = make_post(), make_account()
    other = make_account("Letters", "webhook")
    make_delivery(post, account, "scheduled", due=timedelta(hours=5), title="Later one")
    make_delivery(make_post("B"), account, "scheduled", due=timedelta(hours=1), title="Sooner one")
    make_delivery(post, other, "refused", title="Refused one", reason="caption is too long")
    make_delivery(make_post("C"), account, "sent", title="Sent one")
    page = desk.get("/desk/deliveries").text
    assert titles(page) == ["Refused one", "Sooner one", "Later one"]
    assert "caption is too long" in page
    assert titles(desk.get("/desk/deliveries?show=sent").text) == ["Sent one"]
    assert titles(desk.get("/desk/deliveries?show=asking").text) == ["Refused one"]


def test_the_queue_is_narrowed_by_account_campaign_state_and_day(desk: FlaskClient) -> None:
    one, two = make_account("One"), make_account("Two")
    campaign = make_campaign()
    make_delivery(make_post("A"), one, title="A", campaign_id=campaign.id)
    make_delivery(make_post("B"), two, title="B", due=timedelta(days=3))
    make_delivery(make_post("C"), two, "missed", title="C")
    make_delivery(make_post("D"), two, "held", title="D")
    assert titles(desk.get(f"/desk/deliveries?show=next&account={two.id}").text) == ["B"]
    assert titles(desk.get(f"/desk/deliveries?show=next&campaign={campaign.id}").text) == ["A"]
    assert titles(desk.get("/desk/deliveries?show=asking&state=held").text) == ["D"]
    assert titles(desk.get("/desk/deliveries?show=next&on=2026-11-24").text) == ["B"]
    assert titles(desk.get("/desk/deliveries?show=next&on=nonsense&account=x").text) == ["A", "B"]


def test_the_queue_goes_on_after_a_page(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from campaigns.deliveries.views import queue

    monkeypatch.setattr(queue, "PAGE_LENGTH", 2)
    account = make_account()
    for number in range(5):
        make_delivery(make_post(f"P{number}"), account, title=f"P{number}", due=timedelta(hours=number))
    seen: list[str] = []
    address: str | None = "/desk/deliveries"
    while address:
        page = desk.get(address).text
        seen += titles(page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = found[1].replace("&amp;", "&") if found else None
    assert seen == ["P0", "P1", "P2", "P3", "P4"]


def test_lists_take_the_same_queries_for_one_row_and_for_three(
    desk: FlaskClient, count_queries: list[str]
) -> None:
    account, post = make_account(), make_post()
    addresses = [
        "/desk/deliveries",
        "/desk/deliveries?show=sent",
        f"/desk/posts/{post.id}/deliveries",
        "/desk/deliveries/holds",
        "/desk/calendar",
        "/desk",
    ]

    def fill(number: int) -> None:
        for state in ("refused", "scheduled", "sent", "sending", "held"):
            one = make_account(f"{state} {number}")
            make_delivery(post, one, state, title=f"{state} {number}")

    def counted() -> list[int]:
        counts = []
        for address in addresses:
            count_queries.clear()
            assert desk.get(address).status_code == 200
            counts.append(len(count_queries))
        return counts

    assert account.id
    fill(1)
    make_hold()
    counted()  # what is looked up once a process
    first = counted()
    fill(2)
    fill(3)
    make_hold("account", account_id=account.id)
    assert counted() == first


def test_one_delivery_tells_its_story_in_plain_words(desk: FlaskClient) -> None:
    events = [
        ("planned", {"wall": "2026-11-21T20:00", "zone": "Asia/Shanghai"}),
        ("intended", {"step": "send"}),
        ("refused", {"reason": "Bad Request: caption is too long", "code": "too_long"}),
    ]
    one = make_delivery(
        make_post(), make_account(), "refused", events=events, reason="Bad Request: caption is too long",
        payload=message("Salt eats copper.").to_json(),
    )  # fmt: skip
    page = desk.get(f"/desk/deliveries/{one.id}").text
    words = text_of(page)
    assert "Sat 21 Nov 2026, 20:00 (Asia/Shanghai)" in words
    assert "Went to the network" in words
    assert words.count("Bad Request: caption is too long") == 2
    assert ">Salt eats copper.</textarea>" in page
    assert "Send it again" in words
    assert "21 Nov 2026, 20:00:00" in words


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        ("waiting", ["time", "cancellation"]),
        ("scheduled", ["time", "cancellation"]),
        ("sending", []),
        ("sent", ["edition", "removal", "tombstone"]),
        ("refused", ["retry", "cancellation"]),
        ("unsure", ["verdict"]),
        ("missed", ["decision"]),
        ("held", ["decision"]),
        ("by_hand", ["address", "cancellation"]),
        ("cancelled", []),
    ],
)
def test_each_state_offers_what_makes_sense_in_it(desk: FlaskClient, state: str, acts: list[str]) -> None:
    one = make_delivery(make_post(), make_account(), state)
    page = desk.get(f"/desk/deliveries/{one.id}").text
    assert re.findall(rf'action="/desk/deliveries/{one.id}/(\w+)"', page) == acts


def test_what_should_be_out_and_is_not_says_so(desk: FlaskClient) -> None:
    one = make_delivery(make_post(), make_account(), due=-timedelta(minutes=6))
    assert "Overdue" in text_of(desk.get("/desk/deliveries").text)
    assert "Is a worker running?" in text_of(desk.get(f"/desk/deliveries/{one.id}").text)


@pytest.mark.parametrize(
    ("state", "minutes", "is_live"),
    [("scheduled", 1, True), ("scheduled", 5, False), ("scheduled", -10, False), ("sending", 0, True), ("sent", 0, False)],
)  # fmt: skip
def test_a_page_is_drawn_anew_only_while_something_is_about_to_happen(
    desk: FlaskClient, state: str, minutes: int, is_live: bool
) -> None:
    one = make_delivery(make_post(), make_account(), state, due=timedelta(minutes=minutes))
    assert ("data-live=" in desk.get(f"/desk/deliveries/{one.id}").text) == is_live


def test_the_share_box_names_the_state_of_each_and_why_an_account_is_paused(desk: FlaskClient) -> None:
    post = make_post()
    paused = make_account("Old seat", state="paused", problem="The token ended.")
    make_delivery(post, make_account("Seat"), "unsure", reason="The line was cut.")
    page = desk.get(f"/desk/posts/{post.id}").text
    words = text_of(page)
    assert "Nobody knows" in words
    assert "The line was cut." in words
    assert "The token ended." in words
    box = re.search(rf'<input type="checkbox" id="to-{paused.id}"[^>]+>', page)
    assert box
    assert " disabled" in box[0]


def test_accounts_of_the_posts_language_come_first(desk: FlaskClient) -> None:
    post = make_post(language="zh")
    make_account("Aaa English", language="en")
    make_account("Zzz 中文", language="zh")
    make_account("Mmm any")
    page = desk.get(f"/desk/posts/{post.id}/deliveries").text
    assert re.findall(r'<label for="to-\d+">([^<]+)<', page) == ["Mmm any", "Zzz 中文", "Aaa English"]


def test_a_pause_is_told_on_every_page_of_the_desk_and_nowhere_when_it_is_over(desk: FlaskClient) -> None:
    assert "hold-banner" not in desk.get("/desk/posts").text
    one = make_hold(reason="An accident at the works")
    for address in ("/desk", "/desk/posts", "/desk/calendar", "/desk/deliveries"):
        assert "is paused: An accident at the works" in text_of(desk.get(address).text)
    change(one, lifted_at=clock.now())
    assert "hold-banner" not in desk.get("/desk/posts").text


def test_what_a_pause_held_is_listed_with_dropping_as_the_default(client: FlaskClient) -> None:
    sign_in(client, tom())
    one = make_delivery(make_post(), make_account(), "held", title="A joke")
    hold = make_hold(lifted_at=clock.now())
    page = client.get(f"/desk/deliveries/holds/{hold.id}").text
    assert "A joke" in page
    assert re.findall(rf'<input checked[^>]+name="d{one.id}-verdict"[^>]+value="(\w+)"', page) == ["drop"]


def test_today_names_deliveries_that_ask_for_a_person(desk: FlaskClient) -> None:
    assert "Deliveries that ask for you" not in desk.get("/desk").text
    make_delivery(make_post(), make_account(), "by_hand", title="By hand one")
    page = desk.get("/desk").text
    assert "Deliveries that ask for you" in page
    assert "By hand one" in page


def test_a_campaign_lists_its_own_deliveries(desk: FlaskClient) -> None:
    campaign, account = make_campaign(), make_account("Seat")
    make_delivery(make_post(), account, title="Of the campaign", campaign_id=campaign.id)
    make_delivery(make_post("B"), account, title="Of nothing")
    page = desk.get(f"/desk/campaigns/{campaign.id}").text
    assert "Of the campaign" in page
    assert "Of nothing" not in page
    assert f"/desk/deliveries?campaign={campaign.id}" in page


def test_the_calendar_shows_deliveries_and_lets_those_move_that_did_not_go_out(desk: FlaskClient) -> None:
    account = make_account("Seat")
    planned = make_delivery(make_post(), account, title="Planned", due=timedelta(days=2))
    sent = make_delivery(make_post("B"), account, "sent", title="Gone out", due=-timedelta(days=2))
    page = desk.get("/desk/calendar?on=2026-11-21").text
    assert "Planned → Seat" in page
    assert "Gone out → Seat" in page
    assert f'data-move="/desk/deliveries/{planned.id}/time"' in page
    assert f"/desk/deliveries/{sent.id}/time" not in page


def test_how_punctual_the_last_ones_were_is_said_with_their_number(desk: FlaskClient) -> None:
    account = make_account()
    for late in (0, 1, 90, 200):
        one = make_delivery(make_post(f"L{late}"), account, "sent", due=-timedelta(hours=1))
        change(one, sent_at=clock.now() + timedelta(seconds=late - 3600))
    words = text_of(desk.get("/desk/deliveries?show=sent").text)
    assert "Of the last 4 that we sent, 50% went out within a minute" in words
    assert "at most 200 s late" in words


# What an account lacks, folds away, or did well -------------------------------------------------------------------


def choices(page: str) -> list[str]:
    """Accounts and folds of the form, in the order of the page."""
    form = page[page.index("data-when") :]
    found = re.findall(r'<label for="to-\d+">([^<]+)</label>|<summary>([^/]*\d+ paused)', form)
    return [label or text_of(fold) for label, fold in found]


def test_paused_accounts_are_folded_so_that_usable_ones_stand_together(desk: FlaskClient) -> None:
    post = make_post()
    make_account("A paused letter", "email", state="paused", problem="The server is away.")
    make_account("A paused hook", state="paused")
    make_account("B paused hook", state="paused")
    make_account("C hook")
    make_account("D hook", language="zh")
    page = desk.get(f"/desk/posts/{post.id}/deliveries").text
    assert choices(page) == [
        "C hook", "D hook", "2 paused", "A paused hook", "B paused hook", "E-mail · 1 paused", "A paused letter",
    ]  # fmt: skip
    folded = re.findall(r'<details class="choose__paused">(.*?)</details>', page, re.DOTALL)
    assert [len(re.findall(r"<input[^>]+ disabled", one)) for one in folded] == [2, 1]
    assert "The server is away." in folded[1]


@pytest.fixture
def clicks(app: Flask) -> Iterator[dict[int, tuple[int, int]]]:
    """What was counted of links: clicks by people, and verified ones."""
    before, told = app.extensions["parley_link_clicks"], dict[int, tuple[int, int]]()
    counted.install(app, lambda link_ids: {one: told[one] for one in link_ids if one in told})
    yield told
    counted.install(app, before)


def fill_with_clicks(
    account: Account, clicks: dict[int, tuple[int, int]], mornings: int, evenings: int, **fields: datetime
) -> None:
    """Sent on a working day: at nine with many verified clicks, at seven in the evening with few."""
    account_id = account.id
    monday = datetime(2026, 11, 16, tzinfo=ZoneInfo("Asia/Shanghai"))
    for number in range(mornings + evenings):
        hour, verified = (9, 20 + number % 2) if number < mornings else (19, 2)
        link = make_link(account_id=account_id)
        at = fields.get("sent_at", monday + timedelta(hours=hour))
        make_delivery(None, account, "sent", sent_at=at, link_id=link.id)
        clicks[link.id] = (verified + 5, verified)


def test_hours_that_did_well_are_told_with_what_they_rest_on(
    desk: FlaskClient, clicks: dict[int, tuple[int, int]]
) -> None:
    post, account, other = make_post(), make_account("One"), make_account("Two")
    fill_with_clicks(account, clicks, 8, 24)
    fill_with_clicks(other, clicks, 3, 0)
    told = (
        "Working days 09:00–12:00 median of 20.5 clicks, from 8 deliveries "
        "All 32 deliveries of the last year: median of 2 clicks. Chance, or better stories, may be why."
    )
    page = text_of(desk.get(f"/desk/posts/{post.id}/deliveries").text)
    assert told in page
    assert "Not enough yet to say anything, in deliveries with counted clicks: Two: 3 of 30" in page
    assert told in text_of(desk.get(f"/desk/channels/{account.id}").text)
    few = text_of(desk.get(f"/desk/channels/{other.id}").text)
    assert "Not enough yet to say anything: 3 of 30 deliveries with counted clicks." in few
    assert "Working days 09" not in few


def test_hours_that_did_the_same_are_not_told_apart(
    desk: FlaskClient, clicks: dict[int, tuple[int, int]]
) -> None:
    account = make_account()
    fill_with_clicks(account, clicks, 30, 0)
    page = text_of(desk.get(f"/desk/channels/{account.id}").text)
    assert "No hours stand out among its 30 deliveries of the last year." in page


def test_what_is_new_or_not_counted_says_nothing_of_hours(
    desk: FlaskClient, clicks: dict[int, tuple[int, int]]
) -> None:
    account = make_account()
    fill_with_clicks(account, clicks, 40, 0, sent_at=clock.now() - timedelta(hours=47))
    make_delivery(None, account, "sent", sent_at=clock.now() - timedelta(days=5))
    page = text_of(desk.get(f"/desk/channels/{account.id}").text)
    assert "Not enough yet to say anything: 0 of 30 deliveries with counted clicks." in page


# News -------------------------------------------------------------------------------------------------------------


def tell_missed(*deliveries: Delivery) -> None:
    with transaction():
        for one in deliveries:
            telling.tell(db.session.get_one(Delivery, one.id), at=clock.now())


def test_news_of_one_delivery_leads_to_it_and_of_several_to_those(desk: FlaskClient) -> None:
    account, other = make_account("One"), make_account("Two")
    refused = make_delivery(make_post("A"), other, "refused")
    alone = make_delivery(make_post("B"), other, "missed")
    two = [make_delivery(make_post(title), account, "missed") for title in ("C", "D")]
    tell_missed(refused, alone, *two)
    links = re.findall(r'href="(/notices/\d+)"', desk.get("/desk/notices").text)
    assert {desk.get(one).location for one in links} == {
        f"/desk/deliveries/{refused.id}",
        f"/desk/deliveries/{alone.id}",
        f"/desk/deliveries?show=asking&state=missed&account={account.id}",
    }
    assert sorted(titles(desk.get(f"/desk/deliveries?show=asking&state=missed&account={account.id}").text)) == [
        "Spring notes", "Spring notes",
    ]  # fmt: skip
