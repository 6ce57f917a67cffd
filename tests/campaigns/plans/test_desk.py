"""Campaigns at the desk: the list, the form whose rows need no script, one campaign's page, and choosing posts."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaigns.plans import queries, services
from campaigns.plans.content import AudienceLine, MoneyLine, TargetLine
from campaigns.plans.forms import read_number
from campaigns.plans.models import Campaign
from cms.core import clock
from tests.factories import (
    db,
    make_campaign,
    make_post,
    nadia,
    read_again,
    sign_in,
    tom,
    transaction,
)

TYPED = {
    "name_en": "Light for schools",
    "kind": "csr",
    "cause_en": "Reading after dark",
    "goals-0": "4.1",
    "starts_on": "2026-12-01",
    "ends_on": "2027-03-31",
    "zone": "Asia/Shanghai",
    "currency": "CNY",
    "owner": "0",
}


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """Nadia at the desk."""
    sign_in(client, nadia())
    return client


def sentences(response: TestResponse) -> list[str]:
    """What is said on top, with the names of fields."""
    found = re.search(r'<div class="notice notice--bad".*?</div>', response.text, re.S)
    items = re.findall(r"<li>(.*?)</li>", found[0], re.S) if found else []
    return [unescape(re.sub(r"<[^>]+>", "", one)) for one in items]


def value(response: TestResponse, name: str) -> str | None:
    """What a field shows."""
    found = re.search(rf'<input [^>]*name="{name}"[^>]*>', response.text)
    typed = re.search(r'value="([^"]*)"', found[0]) if found else None
    return unescape(typed[1]) if typed else None


# The form -------------------------------------------------------------------------------------------------------


def test_a_campaign_is_typed_and_shown(desk: FlaskClient) -> None:
    made = desk.post(
        "/desk/campaigns",
        data={
            **TYPED,
            "audiences-0-kind": "users",
            "audiences-0-description": "Pupils",
            "audiences-0-size": "１２,000",
            "audiences-0-source": "Ministry",
            "audiences-1-kind": "users",
            "budget-0-description": "Lamps",
            "budget-0-channel": "webhook",
            "budget-0-amount": "12,000.50",
            "budget-0-currency": "",
            "costs-0-description": "Stand",
            "costs-0-channel": "",
            "costs-0-amount": "900",
            "costs-0-currency": "jpy",
            "costs-0-spent_on": "2026-12-02",
            "targets-0-measure": "reach",
            "targets-0-number": "50000",
            "partners-0-name": "Sunrise",
            "partners-0-resource": "partner",
            "partners-0-is_public": "y",
        },
    )
    assert made.status_code == 303
    campaign = queries.get_whole_campaign(int(made.headers["Location"].rpartition("/")[2]))
    plan = queries.plan_of(campaign)
    assert plan.audiences == [AudienceLine("users", "Pupils", 12_000, "Ministry")]
    assert plan.money == [
        MoneyLine("budget", Decimal("12000.50"), "CNY", "webhook", "Lamps"),
        MoneyLine("cost", Decimal(900), "JPY", None, "Stand", date(2026, 12, 2)),
    ]
    assert plan.targets == [TargetLine("reach", 50_000)]
    assert [(one.name, one.is_public) for one in plan.partners] == [("Sunrise", True)]
    shown = desk.get(made.headers["Location"]).text
    for words in ("Light for schools", "50,000", "CNY 12,000.50", "JPY 900", "Good schooling for all"):
        assert words in shown


def test_everything_typed_comes_back_with_what_is_wrong(desk: FlaskClient) -> None:
    refused = desk.post(
        "/desk/campaigns",
        data={
            **TYPED,
            "starts_on": "",
            "ends_on": "2026-02-31",
            "currency": "XYZ",
            "audiences-0-kind": "purchasers",
            "audiences-0-size": "many",
            "audiences-3-kind": "users",
            "audiences-3-size": "5000",
            "budget-0-description": "Lamps",
            "budget-0-amount": "-5",
            "budget-0-currency": "CNY",
            "costs-0-description": "Stand",
            "costs-0-amount": "0.5",
            "costs-0-currency": "JPY",
            "targets-0-measure": "reach",
            "targets-0-number": "0",
            "pages-0-url": "javascript:alert(1)",
        },
    )
    assert refused.status_code == 422
    assert sentences(refused) == [
        "First day: Please say on which day it starts: what it reaches is counted from that day on.",
        "Last day: Not a valid date value.",
        "Usual currency: “XYZ” is no currency we know. Use its three letters, such as CNY, EUR or JPY.",
        "How many: Please write a whole number, such as 12000.",
        "Source of the number: Where does this number come from? Name the source, or leave the number out.",
        "Amount: An amount cannot be below zero. What came back goes into its own line, as a budget.",
        "Amount: JPY has no smaller unit: please give a whole number.",
        "How many: Please give a number from 1 to 1,000,000,000,000.",
        "Address: Please give a web address that begins with https:// or http://.",
    ]
    kept = {
        "name_en": "Light for schools",
        "ends_on": "2026-02-31",
        "currency": "XYZ",
        "audiences-0-size": "many",
        "audiences-1-size": "5000",
        "budget-0-amount": "-5",
        "costs-0-amount": "0.5",
        "pages-0-url": "javascript:alert(1)",
    }
    assert {name: value(refused, name) for name in kept} == kept
    assert queries.campaigns() == []


def test_a_campaign_without_days_is_told_so(desk: FlaskClient) -> None:
    refused = desk.post("/desk/campaigns", data={**TYPED, "starts_on": "", "ends_on": ""})
    assert refused.status_code == 422
    assert sentences(refused) == [
        "First day: Please say on which day it starts: what it reaches is counted from that day on.",
        "Last day: Please say on which day it ends. You can move the day later.",
    ]


def test_rows_come_and_go_without_a_script_and_save_nothing(desk: FlaskClient) -> None:
    rows = {f"partners-{one}-name": f"Partner {one}" for one in range(3)}
    assert 'formaction="/desk/campaigns#partners"' in desk.get("/desk/campaigns/new").text
    more = desk.post("/desk/campaigns", data={**TYPED, **rows, "more": "partners"})
    assert more.status_code == 200
    assert [value(more, f"partners-{one}-name") for one in range(5)] == [
        "Partner 0",
        "Partner 1",
        "Partner 2",
        "",
        None,
    ]
    less = desk.post("/desk/campaigns", data={**TYPED, **rows, "drop": "partners-1"})
    assert re.findall(r'value="(Partner \d)"', less.text) == ["Partner 0", "Partner 2"]
    assert value(less, "name_en") == "Light for schools"
    assert queries.campaigns() == []


def test_of_two_editors_neither_loses_a_word(app: Flask, desk: FlaskClient) -> None:
    campaign = make_campaign("Quiet", purpose="Theirs at first")
    opened = desk.get(f"/desk/campaigns/{campaign.id}/plan")
    version = value(opened, "version")
    other = app.test_client()
    sign_in(other, tom())
    theirs = {**TYPED, "kind": "brand", "name_en": "Quiet", "purpose": "Tom's purpose", "version": version}
    assert other.post(f"/desk/campaigns/{campaign.id}/plan", data=theirs).status_code == 303
    mine = {**TYPED, "kind": "brand", "name_en": "Loud", "purpose": "Nadia's purpose", "version": version}
    both = desk.post(f"/desk/campaigns/{campaign.id}/plan", data=mine)
    assert both.status_code == 409
    assert "Somebody changed this campaign while you were writing." in both.text
    assert "<dd><p>Tom&#39;s purpose</p></dd>" in both.text
    assert ">Nadia&#39;s purpose</textarea>" in re.sub(r"\s*\n", "", both.text)
    assert read_again(Campaign, campaign.id).purpose == "Tom's purpose"
    again = desk.post(f"/desk/campaigns/{campaign.id}/plan", data={**mine, "version": value(both, "version")})
    assert again.status_code == 303
    assert read_again(Campaign, campaign.id).purpose == "Nadia's purpose"


def test_a_campaign_opened_and_saved_is_the_same(desk: FlaskClient) -> None:
    """Every field of the form carries what it shows back: nothing is lost by saving."""
    campaign = make_campaign(
        kind="csr",
        cause={"zh": "天黑以后也能读书"},
        sdg_targets=["13.b", "4.1"],
        money=[MoneyLine("cost", Decimal("0.10"), "KWD", "webhook", "x", date(2026, 11, 2))],
        audiences=[AudienceLine("others", "Neighbours")],
        owner_id=None,
    )
    before = queries.plan_of(queries.get_whole_campaign(campaign.id))
    page = desk.get(f"/desk/campaigns/{campaign.id}/plan").text
    typed: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, kind = re.search(r'name="([^"]*)"', tag), re.search(r'type="([^"]*)"', tag)
        shown = re.search(r'value="([^"]*)"', tag)
        if name and (not kind or kind[1] not in ("checkbox", "radio") or " checked" in tag):
            typed[unescape(name[1])] = unescape(shown[1]) if shown else ""
    for name, text in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\s?(.*?)</textarea>', page, re.S):
        typed[name] = unescape(text)
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(
            r'value="([^"]*)"', options
        )
        typed[name] = unescape(chosen[1]) if chosen else ""
    assert desk.post(f"/desk/campaigns/{campaign.id}/plan", data=typed).status_code == 303
    db.session.expire_all()
    assert queries.plan_of(queries.get_whole_campaign(campaign.id)) == before


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200", "1200"),
        (" 12 000.50 ", "12000.50"),
        ("1,200", "1200"),
        ("１２．５", "12.5"),
        ("−3", "-3"),
        ("1,2", None),
        ("12.5.0", None),
        ("1e5", None),
        ("NaN", None),
        ("", None),
        ("十二", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str | None) -> None:
    assert read_number(text) == (Decimal(number) if number else None)


# The list and one page ------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_and_makes_a_fixed_number_of_queries(
    desk: FlaskClient, count_queries: list[str]
) -> None:
    counts = []
    for number in range(3):
        make_campaign(f"Number {number}", money=[MoneyLine("budget", Decimal(5), "CNY")], posts=[make_post()])
        db.session.remove()
        count_queries.clear()
        assert desk.get("/desk/campaigns").status_code == 200
        counts.append(len(count_queries))
    assert counts[1] == counts[2]
    make_campaign("Archived one", state="archived")
    names = re.compile(r'class="table__title"[^>]*>([^<]+)<')
    assert names.findall(desk.get("/desk/campaigns").text) == ["Number 2", "Number 1", "Number 0"]
    assert names.findall(desk.get("/desk/campaigns?state=archived").text) == ["Archived one"]
    assert names.findall(desk.get("/desk/campaigns?q=number+1").text) == ["Number 1"]
    assert "No campaign is like that" in desk.get("/desk/campaigns?from=2027-01-01").text


def test_the_page_of_a_campaign_makes_a_fixed_number_of_queries(
    desk: FlaskClient, count_queries: list[str]
) -> None:
    campaign_id = make_campaign().id
    counts = []
    for _ in range(3):
        post = make_post()
        with transaction():
            services.add_posts(campaign_id, [post.id], by=None, at=clock.now())
        db.session.remove()
        count_queries.clear()
        assert desk.get(f"/desk/campaigns/{campaign_id}").status_code == 200
        counts.append(len(count_queries))
    assert counts[1] == counts[2]


def test_a_campaign_is_paused_and_goes_on_by_hand(desk: FlaskClient) -> None:
    campaign = make_campaign()
    for state, said in (("paused", "It is paused."), ("running", "It runs."), ("planned", "It is running.")):
        answer = desk.post(f"/desk/campaigns/{campaign.id}/state", data={"state": state})
        assert said in desk.get(answer.headers["Location"]).text
    assert read_again(Campaign, campaign.id).state == "running"


# Posts ----------------------------------------------------------------------------------------------------------


def test_posts_are_looked_for_and_added(desk: FlaskClient) -> None:
    first, second = make_campaign("First"), make_campaign("Second")
    post, taken = make_post("Fog over the harbour"), make_post("Fog in the valley")
    with transaction():
        services.assign_post(taken.id, second.id, by=None, at=clock.now())
    found = desk.get(f"/desk/campaigns/{first.id}?q=fog").text
    assert "serves “Second”" in found
    both = {"post_id": [str(post.id), str(taken.id)]}
    answer = desk.post(f"/desk/campaigns/{first.id}/posts", data=both)
    page = desk.get(answer.headers["Location"]).text
    assert "1 post serves this campaign now." in page
    assert "Left where they are, because a post serves one campaign at most: 1." in page
    desk.post(f"/desk/campaigns/{first.id}/posts", data={**both, "move": "1"})
    assert queries.posts_of(first.id) == [taken.id, post.id]
    desk.post(f"/desk/campaigns/{first.id}/posts/{post.id}/removal")
    assert queries.posts_of(first.id) == [taken.id]
    assert "Fog over the harbour" in desk.get(f"/desk/campaigns/{first.id}?q={post.id}").text


def test_chosen_posts_join_a_campaign_from_their_list(desk: FlaskClient) -> None:
    campaign, posts = make_campaign(), [make_post(f"Fog {one}") for one in range(2)]
    assert f'<option value="{campaign.id}">Quiet networks</option>' in desk.get("/desk/posts").text
    ids = [str(one.id) for one in posts]
    assert (
        desk.post("/desk/campaigns/posts", data={"post_id": ids, "campaign_id": str(campaign.id)}).headers[
            "Location"
        ]
        == f"/desk/campaigns/{campaign.id}#posts"
    )
    assert queries.posts_of(campaign.id) == [one.id for one in reversed(posts)]
    for wrong, said in (
        ({"post_id": ids}, "Please choose a campaign."),
        ({"campaign_id": str(campaign.id)}, "Please choose at least one post."),
        ({"everything": "1", "campaign_id": "1"}, "Please choose posts on the page"),
    ):
        answer = desk.post("/desk/campaigns/posts", data=wrong)
        assert said in desk.get(answer.headers["Location"].partition("#")[0]).text


def test_the_campaign_is_chosen_on_the_page_of_a_post(desk: FlaskClient) -> None:
    first, second, post = make_campaign("First"), make_campaign("Second"), make_post()
    for chosen, serves in ((first.id, first.id), (second.id, second.id), ("", None)):
        desk.post(f"/desk/posts/{post.id}/campaign", data={"campaign_id": str(chosen)})
        found = queries.campaign_of_post(post.id)
        assert (found.id if found else None) == serves
    assert ">Campaign</h2>" in desk.get(f"/desk/posts/{post.id}").text
    gone = desk.post(f"/desk/posts/{post.id}/campaign", data={"campaign_id": "999"})
    assert "There is nothing at this address." in desk.get(gone.headers["Location"]).text
