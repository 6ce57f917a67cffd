"""Goals at the desk and in the API: what is typed, what is refused, what is warned about."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from campaigns.engagement.gate import Gate
from campaigns.goals.figures import rate, sums
from campaigns.goals.models import Goal
from campaigns.goals.queries import Conversion, warning_of
from campaigns.links.models import Link
from cms.core.database import db, transaction
from cms.people.queries import audit_entries
from tests.campaigns.conftest import api, count_reads_anew
from tests.campaigns.goals.test_following import TODAY, VIEW, make_goal
from tests.campaigns.links.making import make_campaign, make_link
from tests.cms.api.conftest import Program, errors
from tests.factories import make_post, nadia, read_again, sign_in

__all__ = ["api", "count_reads_anew"]
PAGE = {"name": "Archive opened", "kind": "page", "path": "/archive"}


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """Nadia's browser."""
    sign_in(client, nadia())
    return client


def the_goal() -> Goal:
    return db.session.query(Goal).one()


def test_a_goal_is_set_shown_changed_and_ended(desk: FlaskClient, counting: Gate) -> None:
    campaign, post = make_campaign(), make_post("Spring notes")
    where = f"/en/desk/campaigns/{campaign.id}"
    typed = {
        **PAGE,
        "path": f"http://localhost/zh/posts/{post.slug}?utm_source=x",
        "amount": "12.50",
        "currency": "cny",
    }
    assert desk.post(f"{where}/goals", data=typed).status_code == 303
    goal = the_goal()
    assert (goal.path, goal.subject, goal.value_units, goal.currency, goal.is_each) == (
        f"/posts/{post.slug}", f"post:{post.id}", 1250, "CNY", False,
    )  # fmt: skip
    cells = html.fromstring(desk.get(where).data).xpath(
        "//section[@aria-labelledby='goals-box']//tbody/tr/td"
    )
    assert [" ".join(one.text_content().split()) for one in cells] == [
        f"Archive opened /posts/{post.slug} is opened", "0", "0", "–", "–",
    ]  # fmt: skip
    form = html.fromstring(desk.get(f"/en/desk/goals/{goal.id}").data)
    assert (form.xpath("//input[@name='amount']/@value"), form.xpath("//input[@name='name']/@value")) == (
        ["12.50"],
        ["Archive opened"],
    )
    changed = {"name": "Saved", "kind": "fact", "fact": "download", "version": str(goal.version)}
    assert desk.post(f"/en/desk/goals/{goal.id}", data=changed).status_code == 303
    goal = the_goal()
    assert (goal.kind, goal.fact, goal.path, goal.subject, goal.value_units) == (
        "fact",
        "download",
        "",
        "",
        None,
    )
    stale = desk.post(f"/en/desk/goals/{goal.id}", data=changed)
    assert (stale.status_code, b"Somebody changed this goal" in stale.data) == (409, True)
    desk.post(f"/en/desk/goals/{goal.id}/end")
    assert the_goal().ended_at is not None
    desk.post(f"/en/desk/goals/{goal.id}/end/removal")
    assert the_goal().ended_at is None
    acts = [one.act for one in audit_entries(limit=9) if one.act.startswith("goal.")]
    assert sorted(acts) == ["goal.changed", "goal.ended", "goal.resumed", "goal.set"]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({**PAGE, "name": " "}, "name", "Please give it a name of at most 120 characters."),
        ({**PAGE, "kind": "wish"}, "kind", "Please choose what has to happen."),
        (
            {**PAGE, "path": ""},
            "path",
            "Please type the address of a page of ours, such as /posts/spring-notes.",
        ),
        (
            {**PAGE, "path": "archive"},
            "path",
            "Please type the address of a page of ours, such as /posts/spring-notes.",
        ),
        (
            {**PAGE, "path": "https://other.example/x"},
            "path",
            "This is a page of another site: nobody tells us who opens it. Use a link goal.",
        ),
        (
            {"name": "x", "kind": "link", "link": "999"},
            "link",
            "Please choose a link of this campaign that leads to a page of ours.",
        ),
        ({"name": "x", "kind": "fact", "fact": "goal"}, "fact", "Please choose what people have to do."),
        (
            {"name": "x", "kind": "fact", "fact": "share", "fact_key": "a b"},
            "fact_key",
            "This can only hold letters, digits and . : / @ - _, without spaces.",
        ),
        ({**PAGE, "amount": "a lot"}, "amount", "Please type an amount such as 120 or 12.50."),
        ({**PAGE, "amount": "1.555", "currency": "CNY"}, "amount", "This currency has no parts that small."),
        (
            {**PAGE, "amount": "5", "currency": "ABC"},
            "currency",
            "Please give the currency by its three letters, such as CNY.",
        ),
    ],
)
def test_what_makes_no_goal_is_said_beside_its_field(
    desk: FlaskClient, counting: Gate, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = desk.post(f"/en/desk/campaigns/{make_campaign().id}/goals", data=typed)
    page = html.fromstring(answer.data)
    said = [" ".join(one.text_content().split()) for one in page.xpath("//p[@class='field__error']")]
    assert (answer.status_code, said, db.session.query(Goal).count()) == (422, [sentence], 0)
    assert page.xpath("//p[@class='field__error']/@id")[0] == f"{field}-error"
    assert page.xpath("//input[@name='name']/@value") == [typed["name"]]


def test_a_link_of_another_campaign_or_to_another_site_is_no_goal(desk: FlaskClient, counting: Gate) -> None:
    campaign = make_campaign()
    ours = make_link("/archive", campaign_id=campaign.id)
    away = make_link("/sections", campaign_id=campaign.id)
    with transaction():
        read_again(Link, away.id).target = "https://partner.example.com/shop"
    other = make_link("/archive", campaign_id=make_campaign("warm-homes").id)
    where = f"/en/desk/campaigns/{campaign.id}/goals"
    form = html.fromstring(desk.get(f"{where}/new").data)
    assert form.xpath("//select[@name='link']/option/@value") == ["0", str(ours.id)]
    told = {
        link.id: desk.post(where, data={"name": "x", "kind": "link", "link": str(link.id)}).status_code
        for link in (ours, away, other)
    }
    assert told == {ours.id: 303, away.id: 422, other.id: 422}


@pytest.mark.parametrize(
    ("path", "warning"),
    [
        ("/archive", ""),
        ("/", ""),
        ("/no/such/page", "missing"),
        ("/posts/no-such-post", "missing"),
        ("/sign-up", "uncounted"),
        ("/posts/a-draft", "hidden"),
        ("/posts/spring-notes", ""),
    ],
)
def test_a_page_that_nobody_can_open_is_warned_about_and_kept(
    desk: FlaskClient, counting: Gate, path: str, warning: str
) -> None:
    make_post("Spring notes")
    draft = make_post("A draft", publish=False)
    with transaction():
        read_again(type(draft), draft.id).slug = "a-draft"
    campaign = make_campaign()
    answer = desk.post(
        f"/en/desk/campaigns/{campaign.id}/goals", data={**PAGE, "path": path}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert warning_of(the_goal()) == warning
    assert (b"Nobody can reach it" in answer.data) == bool(warning)


def test_what_was_reached_is_on_the_page_of_the_campaign(
    desk: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    campaign = make_campaign()
    make_goal(campaign, value_units=1250, currency="CNY")
    page = f"page:/campaigns/{campaign.slug}"
    for line in (VIEW, *_two(page)):
        counting.spool.write(line)
    collect()
    cells = html.fromstring(desk.get(f"/en/desk/campaigns/{campaign.id}").data).xpath(
        "//section[@aria-labelledby='goals-box']//tbody/tr/td"
    )
    assert [" ".join(one.text_content().split()) for one in cells[1:]] == ["1", "1", "CNY 12.50", "Direct 1"]


def _two(page: str) -> list[Any]:
    return [replace(VIEW, subject=page, view=3, at=VIEW.at - 1000)]


def test_a_goal_in_the_api(api: Program, counting: Gate, collect: Callable[[], dict[str, int]]) -> None:
    campaign = make_campaign()
    where = f"/campaigns/{campaign.id}/goals"
    made = api.post(where, json={**PAGE, "amount": "2.5", "currency": "EUR", "is_each": True})
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1{where}/{made.json['id']}")
    assert made.json == {
        "id": made.json["id"],
        "campaign": campaign.id,
        "name": "Archive opened",
        "kind": "page",
        "path": "/archive",
        "link": None,
        "fact": "",
        "fact_key": "",
        "is_each": True,
        "amount": "2.50",
        "currency": "EUR",
        "created_at": "2026-11-21T12:00:00Z",
        "ended_at": None,
        "warning": None,
    }
    one = f"{where}/{made.json['id']}"
    assert api.get(one).json == made.json
    assert api.get(where).json == {"items": [made.json]}
    changed = api.patch(one, json={"name": "Opened"}, headers={"If-Match": made.headers["ETag"]})
    assert changed.json == {**made.json, "name": "Opened"}
    assert api.patch(one, json={"name": "x"}, headers={"If-Match": made.headers["ETag"]}).status_code == 412
    assert list(errors(api.patch(one, json={"path": "https://other.example/"}))) == ["path"]
    for line in (*_two(f"page:/campaigns/{campaign.slug}"), VIEW):
        counting.spool.write(line)
    collect()
    told = api.get(f"/campaigns/{campaign.id}/conversions?since=2026-11-21&until=2026-11-22").json
    assert told == {
        "items": [
            {
                "goal": made.json["id"],
                "day": "2026-11-21",
                "channel": "direct",
                "post": None,
                "count": 1,
                "people": 1,
                "value": {"EUR": "2.50"},
            }
        ]
    }
    wrong = api.get(f"/campaigns/{campaign.id}/conversions?since=2026-11-21&until=2026-11-21")
    assert (wrong.status_code, list(errors(wrong))) == (422, ["until"])
    ended = api.put(f"{one}/end")
    assert ended.json["ended_at"] == "2026-11-21T12:00:00Z"
    assert api.delete(f"{one}/end").json["ended_at"] is None
    other = make_campaign("warm-homes")
    elsewhere = f"/campaigns/{other.id}/goals/{made.json['id']}"
    assert (api.get(elsewhere).status_code, api.patch(elsewhere, json={"name": "x"}).status_code) == (
        404,
        404,
    )


def test_sums_and_rates_are_decided_for_nought() -> None:
    row = Conversion(1, 3, "direct", None, TODAY, 2, 1, {"CNY": 5})
    other = Conversion(1, 3, "mail", 7, TODAY, 3, 2, {"EUR": 1})
    nothing = Conversion(1, 4, "mail", 7, TODAY, 0, 1, {})
    added = sums([row, other, row, nothing])
    assert (added[3].count, added[3].people, added[3].value) == (7, 4, {"CNY": 10, "EUR": 1})
    assert added[3].best_channels == [("direct", 4), ("mail", 3)]
    assert added[4].best_channels == []
    assert sums([]) == {}
    assert (rate(1, 4), rate(1, 0), rate(0, 0), rate(1, None)) == (0.25, None, None, None)
