"""Campaigns compared through the store: the figures, where they are missing, and what is said of them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import event

from campaigns.channels.models import Account
from campaigns.engagement.platform.models import PlatformFollowers
from campaigns.engagement.store import Store
from campaigns.goals.models import Goal
from campaigns.plans.content import MoneyLine, TargetLine
from campaigns.plans.models import Campaign
from campaigns.polls.models import Poll, PollAnswer
from campaigns.reports import presenting, wording
from campaigns.reports.exporting.content import content_of
from campaigns.reports.freezing import freeze, thaw
from campaigns.reports.models import Annotation
from campaigns.reports.opening import open_figure
from campaigns.reports.queries import compare_campaigns
from campaigns.reports.shapes import Cell, Comparison, ComparisonQuery
from cms.core.database import db
from cms.core.errors import NotFound
from cms.posts.models import Post
from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.campaigns.polls.test_answering import make_poll
from tests.campaigns.reports.conftest import Reads
from tests.factories import make_campaign, make_post, make_section, nadia, save, sign_in

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIRST = date(2026, 11, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def campaign(name: str, *, posts: int = 1, **said: object) -> tuple[Campaign, list[int]]:
    """A campaign in UTC with posts that were out on its first day."""
    starts = said.get("starts_on", FIRST)
    assert isinstance(starts, date)
    at = datetime(starts.year, starts.month, starts.day, 6, tzinfo=UTC)
    made = [make_post(f"{name} {number}", published_at=at) for number in range(posts)]
    return make_campaign(name, posts=made, zone="UTC", **said), [one.id for one in made]


def compared(*campaigns: Campaign, **said: object) -> Comparison:
    query = replace(ComparisonQuery(tuple(one.id for one in campaigns)), **said)  # type: ignore[arg-type]
    return compare_campaigns(query, at=AT)


def asked(**said: object) -> Poll:
    """From 0 to 10."""
    return make_poll("nps", **said)


def wants(campaign: Campaign, name: str) -> int:
    """Give it a goal."""
    return save(
        Goal(campaign_id=campaign.id, name=name, kind="fact", fact="download", created_at=AT, version=1)
    ).id


def noon(number: int) -> datetime:
    return datetime.combine(day(number), time(12), UTC)


def carried(campaign: Campaign, post: int, by: Account | None = None) -> Account:
    """Something of a campaign was sent by an account, which is given."""
    account = by or make_account(f"Of {campaign.id}", "mastodon")
    story = db.session.get_one(Post, post)
    make_delivery(story, account, "sent", sent_at=noon(1), campaign_id=campaign.id)
    return account


def total(told: Comparison, of: Campaign, key: str) -> Cell:
    return next(row for row in told.rows if row.subject.id == of.id).cells["total"][key]


def test_the_figures_of_each_campaign_are_those_of_its_days(store: Store, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, (other,) = campaign("Rain")
    reads(spring.id, post, day(1), views=5, engaged=3, verified=2)
    reads(spring.id, post, day(2), views=4, engaged=1, first_person=3)
    reads(rain.id, other, day(2), views=2, first_person=50)
    told = compared(spring, rain)
    assert [one.id for one in told.subjects] == [spring.id, rain.id]
    figures = {key: total(told, spring, key).value for key in ("views", "engaged", "verified", "reach")}
    assert figures == {
        "views": 9,
        "engaged": 4,
        "verified": 2,
        "reach": 6,
    }  # persons 1 to 6, some on both days
    assert total(told, spring, "readers") == Cell(3, 3, 3)
    assert total(told, spring, "seconds") == Cell(60 / 9, of=9)
    assert total(told, rain, "views").value == 2


def test_only_the_days_asked_for_are_counted(store: Store, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    for number in (1, 2, 3, 4):
        reads(spring.id, post, day(number), views=number, first_person=number * 100)
    told = compared(spring, rain, since=day(2), until=day(3))
    assert (total(told, spring, "views").value, total(told, spring, "reach").value) == (5, 5)
    assert [one.isoformat() for one in told.chart.days] == ["2026-11-02", "2026-11-03"]


def test_by_launch_each_begins_on_its_own_first_day_and_the_youngest_cuts(store: Store, reads: Reads) -> None:
    old, (post,) = campaign("Old", starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31))
    young, (other,) = campaign("Young", starts_on=day(19), ends_on=day(30))
    reads(old.id, post, date(2026, 10, 1), views=1)
    reads(old.id, post, date(2026, 10, 3), views=2)
    reads(old.id, post, date(2026, 10, 4), views=4)  # the fourth day: the young one has had three
    reads(young.id, other, day(20), views=3)
    told = compared(old, young, align="launch", measure="views")
    lines = {one.subject_id: [point.value for point in one.points] for one in told.chart.series}
    assert lines == {old.id: [1, 1, 3], young.id: [0, 3, 3]}
    assert total(told, old, "views").value == 3
    whole = compared(old, young, align="launch", cut="none", measure="views", mode="daily")
    lines = {one.subject_id: [point.value for point in one.points] for one in whole.chart.series}
    assert lines[old.id][:5] == [1, 0, 2, 4, 0]
    assert lines[young.id][:5] == [0, 3, 0, None, None]  # what has not come yet is missing


def test_before_a_campaign_there_is_nothing_rather_than_nought(store: Store, reads: Reads) -> None:
    first, (post,) = campaign("First")
    later, (_other,) = campaign("Later", starts_on=day(3))
    reads(first.id, post, day(1))
    told = compared(first, later, until=day(4), mode="daily", measure="views")
    lines = {one.subject_id: [point.value for point in one.points] for one in told.chart.series}
    assert lines == {first.id: [1, 0, 0, 0], later.id: [None, None, 0, 0]}


def test_what_nobody_counts_is_missing_with_a_reason(store: Store, reads: Reads) -> None:
    spring, _posts = campaign("Spring")
    empty = make_campaign("Empty", zone="UTC")
    reads(spring.id, _posts[0], day(1))
    told = compared(spring, empty)
    assert total(told, empty, "views") == Cell(0)
    assert total(told, empty, "seconds") == Cell(None, why="no_views")
    assert total(told, empty, "comments") == Cell(0)
    assert total(told, empty, "entries") == Cell(None, why="no_contest")
    assert total(told, empty, "cost") == Cell(None, why="no_cost")
    assert told.rows[1].cells["post"]["views"] == Cell(None, why="no_posts")
    assert told.rows[1].cells["reached"]["verified"] == Cell(None, why="nobody_reached")
    assert told.rows[1].cells["money"]["views"] == Cell(None, why="no_cost")
    assert [one.kind for one in told.verdicts] == ["few"]


def test_a_campaign_that_has_not_begun_shortens_no_other(store: Store, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    reads(spring.id, post, day(2), views=2)
    planned = make_campaign("Planned", zone="UTC", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31))
    told = compared(spring, planned, align="launch")
    assert told.subjects[0].days == 21
    assert told.subjects[1].days == 0
    assert total(told, planned, "views") == Cell(None, why="not_begun")
    assert "not_begun" in told.notes


def test_of_one_day_it_is_said_that_there_is_one(store: Store, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    reads(spring.id, post, day(3), views=3)
    told = compared(spring, rain, since=day(3), until=day(3))
    assert "one_day" in told.notes
    assert [total(told, one, "views").value for one in (spring, rain)] == [3, 0]
    assert "one_day" not in compared(spring, rain, since=day(2), until=day(3)).notes


def test_money_is_for_its_days_and_of_one_currency(store: Store, reads: Reads) -> None:
    lines = [
        MoneyLine("cost", Decimal("1000"), "CNY", spent_on=day(2)),
        MoneyLine("cost", Decimal("200"), "CNY"),
        MoneyLine("cost", Decimal("999"), "CNY", spent_on=day(28)),
        MoneyLine("budget", Decimal("5000"), "CNY"),
    ]
    spring, (post,) = campaign("Spring", money=lines)
    mixed, _posts = campaign("Mixed", money=[*lines[:2], MoneyLine("cost", Decimal("5"), "EUR")])
    reads(spring.id, post, day(2), views=60)
    told = compared(spring, mixed)
    assert total(told, spring, "cost") == Cell(120_000, currency="CNY")
    cells = told.rows[0].cells
    assert cells["money"]["views"] == Cell(5.0, currency="CNY")
    assert cells["post"]["cost"] == Cell(120_000, currency="CNY", of=1)
    assert cells["reached"]["cost"] == Cell(2_000_000, 2_000_000, 2_000_000, currency="CNY", of=60)
    assert (
        wording.cell_in_words(cells["reached"]["cost"], wording.unit_of("cost", "reached")) == "CNY 20,000.00"
    )
    assert total(told, mixed, "cost") == Cell(None, why="mixed_currencies")
    assert told.rows[1].cells["money"]["views"] == Cell(None, why="mixed_currencies")


def test_goals_and_sign_ups_are_conversions(store: Store, reads: Reads, does: Reads) -> None:
    spring, (post,) = campaign("Spring", targets=[TargetLine("views", 3), TargetLine("sign_ups", 5)])
    rain, _posts = campaign("Rain")
    wants(rain, "Brochure")
    snow, _posts = campaign("Snow")
    reads(spring.id, post, day(1), views=10)
    does(spring.id, "goal:3", day(1))
    does(spring.id, "signup", day(2), person=2)
    does(spring.id, "share:mastodon", day(2), person=3)
    told = compared(spring, rain, snow)
    assert total(told, spring, "conversions") == Cell(2)
    assert total(told, rain, "conversions") == Cell(0)
    assert total(told, snow, "conversions") == Cell(None, why="no_goals")
    assert told.rows[2].cells["post"]["conversions"] == Cell(None, why="no_goals")
    assert told.rows[0].cells["reached"]["conversions"].value == 200
    assert [(one.measure, one.value, one.is_met) for one in told.rows[0].targets] == [
        ("views", 10, True),
        ("sign_ups", 1, False),
    ]


def test_a_target_of_many_people_says_that_they_are_an_estimate(
    store: Store, reads: Reads, client: FlaskClient
) -> None:
    sign_in(client, nadia())
    wanted = [TargetLine("reach", 5000), TargetLine("views", 5000)]
    many, (post,) = campaign("Spring", targets=wanted)
    few, (other,) = campaign("Rain", targets=wanted)
    reads(many.id, post, day(1), views=1200)
    reads(few.id, other, day(1), views=7, first_person=5000)
    told = compared(many, few)
    assert [[one.is_exact for one in row.targets] for row in told.rows] == [[False, True], [True, True]]
    page = client.get(f"/desk/reports/comparison?campaign={many.id}&campaign={few.id}").text
    said = re.findall(r'data-label="So far">([^<]*)<', page)
    people = told.rows[0].targets[0].value
    assert said == [f"~{people:,}", "1,200", "7", "7"]


def test_both_pages_of_targets_say_the_same(store: Store, reads: Reads, client: FlaskClient) -> None:
    sign_in(client, nadia())
    wanted = [TargetLine("reach", 5000), TargetLine("engaged", 5000), TargetLine("views", 5000)]
    many, (post,) = campaign("Spring", targets=wanted, state="running")
    few, (other,) = campaign("Rain", targets=wanted, state="running")
    reads(many.id, post, day(1), views=1200, engaged=600)
    reads(few.id, other, day(1), views=7, engaged=3, first_person=5000)
    reads(few.id, other, day(2), views=7, engaged=3, first_person=5000)
    compares = client.get(f"/desk/reports/comparison?campaign={many.id}&campaign={few.id}").text
    paces = client.get("/desk/reports/campaigns").text
    told = [re.findall(r'data-label="So far">(~?[\d,]+)', page) for page in (compares, paces)]
    assert sorted(told[0]) == sorted(told[1])
    assert {"7", "3", "14", "1,200"} < set(told[0])


def test_a_target_whose_day_has_passed_is_not_met_rather_than_not_yet(
    store: Store, reads: Reads, client: FlaskClient
) -> None:
    sign_in(client, nadia())
    wanted = [TargetLine("views", 5, by_on=day(20)), TargetLine("comments", 3)]
    spring, (post,) = campaign("Spring", targets=wanted, ends_on=day(21))
    rain, _posts = campaign("Rain", targets=wanted, ends_on=day(20))
    reads(spring.id, post, day(1), views=5)
    told = compared(spring, rain)
    assert [[(one.value, one.is_met, one.is_over) for one in row.targets] for row in told.rows] == [
        [(5, True, True), (0, False, False)],  # nobody commented: that is counted
        [(0, False, True), (0, False, True)],
    ]
    page = client.get(f"/desk/reports/comparison?campaign={spring.id}&campaign={rain.id}").text
    states = re.findall(r'data-label="State">(.*?)</td>', page, re.DOTALL)
    assert [re.sub(r"<[^>]+>", "", one).strip() for one in states] == [
        "Met",
        "Not met yet",
        "Not met",
        "Not met",
    ]


def test_followers_are_those_gained_while_a_campaign_ran(store: Store) -> None:
    early, (first,) = campaign("Early", starts_on=day(1), ends_on=day(5))
    late, (second,) = campaign("Late", starts_on=day(10), ends_on=day(28))
    other, _posts = campaign("Other", starts_on=day(3), ends_on=day(28))
    account = carried(early, first)
    carried(late, second, account)
    for number, value in ((1, 100), (5, 110), (6, 180), (9, 200), (12, 230), (20, 260)):
        save(PlatformFollowers(account_id=account.id, captured_at=noon(number), value=value))
    told = compared(early, late, other)
    assert [total(told, one, "followers") for one in (early, late, other)] == [
        Cell(10, of=1),
        Cell(60, of=1),
        Cell(None, why="not_asked"),
    ]
    assert "accounts_shared" not in told.notes
    later = compared(early, late, since=day(10))
    assert total(later, early, "followers") == Cell(None, why="no_own_days")
    opened = open_figure(later.query, of=early.id, figure="followers", per="total", at=AT)
    assert (opened.cell.why, list(opened.rows)) == ("no_own_days", [])


def test_an_account_that_carried_two_campaigns_at_once_is_said_to(store: Store) -> None:
    spring, (first,) = campaign("Spring")
    rain, (second,) = campaign("Rain")
    account = carried(spring, first)
    assert "accounts_shared" not in compared(spring, rain).notes
    carried(rain, second, account)
    assert "accounts_shared" not in compared(spring, rain).notes  # nothing is told of it
    for number in (1, 12):
        save(PlatformFollowers(account_id=account.id, captured_at=noon(number), value=number))
    told = compared(spring, rain)
    assert "accounts_shared" in told.notes
    assert [total(told, one, "followers").value for one in (spring, rain)] == [11, 11]


def test_an_account_that_carried_two_campaigns_on_other_days_counts_once_for_each(store: Store) -> None:
    early, (first,) = campaign("Early", starts_on=day(1), ends_on=day(20))
    late, (second,) = campaign("Late", starts_on=day(10), ends_on=day(28))
    young, _posts = campaign("Young", starts_on=day(19), ends_on=day(28))
    account = carried(early, first)
    carried(late, second, account)
    for number, value in ((1, 100), (3, 110), (9, 150), (12, 175)):
        save(PlatformFollowers(account_id=account.id, captured_at=noon(number), value=value))
    assert "accounts_shared" in compared(early, late, align="launch").notes
    told = compared(early, late, young, align="launch")  # three days of each
    assert [total(told, one, "followers").value for one in (early, late)] == [10, 25]
    assert "accounts_shared" not in told.notes


def test_a_goal_is_opened_by_its_name(store: Store, reads: Reads, does: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    goal = wants(spring, "Brochure")
    reads(spring.id, post, day(1))
    does(spring.id, f"goal:{goal}", day(1))
    does(spring.id, "signup", day(2), person=2)
    query = ComparisonQuery((spring.id, rain.id))
    told = open_figure(query, of=spring.id, figure="conversions", per="total", at=AT)
    assert [(row.key, row.name, row.value.value) for row in told.rows] == [
        ("2026-11-02", "signup", 1),
        ("2026-11-01", "goal:Brochure", 1),
    ]
    with current_app.test_request_context():
        assert [wording.fact_name(row.name) for row in told.rows] == ["Sign-up", "Goal reached: Brochure"]


def test_only_days_with_too_many_people_to_hold_one_by_one_are_estimates(reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    for number, people in ((1, 4), (2, 150), (3, 600)):
        reads(spring.id, post, day(number), views=people)
    query = ComparisonQuery((spring.id, rain.id))
    told = open_figure(query, of=spring.id, figure="reach", per="total", kind="day", at=AT)
    many, some, few = (row.value for row in told.rows)
    assert few == Cell(4)
    assert some == Cell(150, 150, 150)
    assert not many.is_exact
    assert many.low < 600 < many.high
    said = [presenting.said(one, "people").text for one in (many, some, few)]
    assert (said[0][0], *said[1:]) == ("~", "150", "4")


def test_what_was_before_counting_is_missing_and_not_nought(store: Store, reads: Reads) -> None:
    early, _posts = campaign("Early", starts_on=day(-60), ends_on=day(-30))
    half, (post,) = campaign("Half", starts_on=day(1))
    reads(half.id, post, day(3), views=2)
    told = compared(early, half, since=day(-60), until=day(4), mode="daily", measure="views")
    before = compared(early, half, since=day(-60), until=day(2))
    for figure in ("views", "engaged", "reach", "readers", "seconds"):
        assert total(before, early, figure) == Cell(None, why="before_counting")
    assert total(told, half, "views") == Cell(2)
    lines = {one.subject_id: [point.value for point in one.points] for one in told.chart.series}
    assert (set(lines[early.id][:-2]), lines[early.id][-2:]) == ({None}, [0, 0])
    assert lines[half.id][-4:] == [None, None, 2, 0]
    assert "before_counting" in told.notes
    assert "before_counting" not in compared(half, early, since=day(3), until=day(4)).notes


def test_what_the_team_noted_goes_with_the_answer(store: Store, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    reads(spring.id, post, day(1))
    owner = nadia()
    for said, about, is_private in (("Fair", spring.id, False), ("Snow", None, False), ("Mine", None, True)):
        save(
            Annotation(
                campaign_id=about, day=day(2), words_en=said, is_private=is_private,
                owner_id=owner.id, edited_at=AT,
            )
        )  # fmt: skip
    told = compared(spring, rain)
    assert [(one.day, one.subject_id, one.words) for one in told.happened] == [
        (day(2), spring.id, {"en": "Fair"}),
        (day(2), None, {"en": "Snow"}),
    ]
    assert thaw(freeze(told)).happened == told.happened
    with current_app.test_request_context():
        said = list(presenting.happened_in_words(told))
    assert said == ["2 Nov 2026: Fair · Spring", "2 Nov 2026: Snow"]


def test_a_rate_of_people_has_the_interval_of_wilson(store: Store, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    reads(spring.id, post, day(1), views=20, engaged=5)
    cell = compared(spring, rain).rows[0].cells["reached"]["readers"]
    assert cell.low is not None
    assert cell.high is not None
    assert (cell.value, round(cell.low), round(cell.high)) == (250, 112, 469)


def test_every_rate_says_what_it_may_be(store: Store, reads: Reads, does: Reads) -> None:
    money = [MoneyLine("cost", Decimal("50"), "CNY")]
    spring, posts = campaign("Spring", posts=6, money=money)
    rain, _posts = campaign("Rain", posts=3, money=money)
    wants(spring, "Brochure")
    for number, post in enumerate(posts):
        people = 100 * number + 1
        counts = {"views": 20 + number, "engaged": 5 + number, "verified": 2 + number}
        reads(spring.id, post, day(1), first_person=people, **counts)
        for _ in range(number):
            does(spring.id, "comment", day(2), person=people, post=post)
    does(spring.id, "signup", day(2), person=900)  # below no post
    told = compared(spring, rain)
    cells = told.rows[0].cells
    rates = {(per, key): cell for per in ("post", "reached", "money") for key, cell in cells[per].items()}
    rates["total", "seconds"] = cells["total"]["seconds"]
    rates = {name: cell for name, cell in rates.items() if cell.value is not None}
    known = {name for name, cell in rates.items() if cell.low is not None}
    assert set(rates) - known == {("post", "cost")}  # it is written down
    assert rates["money", "reach"].low == rates["money", "reach"].high  # so few people are counted one by one
    for name in known - {("money", "reach"), ("money", "readers"), ("reached", "cost")}:
        cell = rates[name]
        assert cell.low <= cell.value <= cell.high, name  # type: ignore[operator]
        assert cell.low < cell.high, name  # type: ignore[operator]
    comments = cells["post"]["comments"], cells["reached"]["comments"]
    assert [one.value for one in comments] == [15 / 6, 1000 * 15 / 135]
    assert comments[1].low == pytest.approx(comments[0].low * 6 * 1000 / 135)  # type: ignore[operator]
    few = told.rows[1].cells
    assert few["post"]["comments"] == Cell(0, 0, pytest.approx(3.67 / 3, abs=0.01), of=3)  # type: ignore[arg-type]
    assert few["reached"]["comments"].why == "nobody_reached"


def test_what_no_campaign_has_is_not_divided_on_the_page(store: Store, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    reads(spring.id, post, day(1), views=20, engaged=5)
    with current_app.test_request_context():
        told = compared(spring, rain)
        total, _post, reached, money = presenting.groups_of(told)
    assert len(total.lines) == len(told.columns)
    assert [line.key for line in reached.lines] == ["readers", "views", "verified", "comments"]
    assert (money.lines, money.why) == ([], "No cost is written down for these days.")


def test_an_answer_that_was_frozen_before_a_column_came_is_read_without_it(
    store: Store, reads: Reads
) -> None:
    spring, (post,) = campaign("Spring")
    reads(spring.id, post, day(1))
    rain, _posts = campaign("Rain")
    told = compared(spring, rain)
    before = [
        replace(row, cells={**row.cells, "post": {"views": row.cells["post"]["views"]}}) for row in told.rows
    ]
    old = thaw(freeze(replace(told, rows=before)))
    with current_app.test_request_context():
        assert [line.key for line in presenting.groups_of(old)[1].lines] == ["views"]
        per_post = [one.key for one in content_of(old).figures if one.per == "Per post"]
    assert per_post == ["views", "views"]


def test_campaigns_that_differ_are_said_to(store: Store, reads: Reads) -> None:
    strong, many = campaign("Strong", posts=8, state="finished")
    weak, few = campaign("Weak", posts=8, state="finished")
    for place, (one, other) in enumerate(zip(many, few, strict=True)):
        reads(strong.id, one, day(1), views=40 + place * 3)
        reads(weak.id, other, day(1), views=5 + place, first_person=500)
    (verdict,) = compared(weak, strong, measure="views").verdicts
    assert (verdict.kind, verdict.first, verdict.second) == ("leads", strong.id, weak.id)
    assert verdict.low is not None
    assert verdict.low > 3


def test_parts_add_up_to_the_whole_and_people_do_not(store: Store, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    reads(spring.id, post, day(1), views=3, channel="account:7", device="m")
    reads(spring.id, post, day(1), views=2, channel="search", hour=15)  # the same people again
    told = compared(spring, rain, split="channel", measure="views")
    parts = {part.key: part.cells[spring.id] for part in told.parts}
    assert {key: (cells["views"].value, cells["reach"].value) for key, cells in parts.items()} == {
        "account:7": (3, 3),
        "search": (2, 2),
    }
    assert total(told, spring, "reach").value == 3
    devices = compared(spring, rain, split="device").parts
    assert {part.key: part.cells[spring.id]["views"].value for part in devices} == {"m": 3, "d": 2}
    assert devices[0].cells[spring.id]["verified"] == Cell(None, why="not_split")


def test_posts_and_sections_split_it_too(store: Store, reads: Reads) -> None:
    section = make_section("field-notes", name={"en": "Field notes"})
    at = datetime(2026, 11, 1, 6, tzinfo=UTC)
    posts = [make_post("In", section=section, published_at=at), make_post("Out", published_at=at)]
    spring = make_campaign("Spring", posts=posts, zone="UTC")
    rain, _posts = campaign("Rain")
    reads(spring.id, posts[0].id, day(1), views=3)
    reads(spring.id, posts[1].id, day(1), views=1)
    by_post = compared(spring, rain, split="post", measure="views").parts
    assert [(part.name, part.cells[spring.id]["views"].value) for part in by_post][:2] == [
        ("In", 3),
        ("Out", 1),
    ]
    by_section = compared(spring, rain, split="section", measure="views").parts
    assert [(part.name, part.cells[spring.id]["views"].value) for part in by_section] == [
        ("Field notes", 3),
        ("", 1),
    ]


def test_by_audience_stands_what_people_said_of_themselves(store: Store, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    reads(spring.id, post, day(1), views=3)
    below = asked(post_id=post, asks_audience=True)
    on_page = asked(campaign_id=spring.id, asks_audience=True)
    unasked = asked(post_id=post)
    elsewhere = asked(asks_audience=True)
    for number, (poll, audience, verdict, on) in enumerate(
        [
            (below, "users", "human", day(1)),
            (on_page, "users", "human", day(2)),
            (below, "purchasers", "human", day(2)),
            (below, None, "human", day(2)),
            (below, "users", "crawler", day(2)),
            (below, "users", "human", day(9)),
            (unasked, None, "human", day(2)),
            (elsewhere, "users", "human", day(2)),
        ]
    ):
        at = datetime.combine(on, time(12), UTC)
        save(
            PollAnswer(
                poll_id=poll.id,
                score=9,
                audience=audience,
                verdict=verdict,
                at=at,
                window=1,
                once=f"{number}",
            )
        )
    told = compared(spring, rain, split="audience", measure="views", since=day(1), until=day(4))
    assert {part.key: part.cells[spring.id]["answers"].value for part in told.parts} == {
        "users": 2, "purchasers": 1, "decision_makers": 0, "others": 0, "?": 1,
    }  # fmt: skip
    assert {part.key: part.cells[spring.id]["views"] for part in told.parts} == {
        **dict.fromkeys(("users", "purchasers", "decision_makers", "others"), Cell(None, why="not_tied")),
        "?": Cell(3),
    }
    assert {part.cells[rain.id]["answers"].value for part in told.parts} == {0}
    assert "audience_unknown" in told.notes
    lines = presenting.people_lines(told, "answers")
    assert [(line.label, line.cells[0].text) for line in lines][:2] == [("Users", "2"), ("Purchasers", "1")]
    assert presenting.people_lines(told, "reach") == []


def test_what_came_before_makes_a_ghost_and_a_projection(store: Store, reads: Reads) -> None:
    for number in range(3):
        past, (post,) = campaign(
            f"Past {number}", starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31), state="finished"
        )
        reads(past.id, post, date(2026, 3, 1), views=10)
        reads(past.id, post, date(2026, 3, 20), views=30, first_person=100)
    young, (post,) = campaign("Young", starts_on=day(20), ends_on=date(2026, 12, 20), state="running")
    other, (second,) = campaign("Other", starts_on=day(1), state="running")
    reads(young.id, post, day(20), views=4)
    reads(other.id, second, day(1), views=4)
    told = compared(young, other, align="launch", measure="views")
    lines = {(one.kind, one.subject_id): one for one in told.chart.series}
    assert [point.value for point in lines["ghost", None].points] == [10, 10]
    ahead = lines["projection", young.id].points
    assert (ahead[0].x, ahead[-1].value, lines["projection", young.id].of) == (
        2,
        16,
        3,
    )  # four times, as before
    assert [(one.kind, one.day) for one in told.verdicts] == [("few", None)]


def test_six_campaigns_ask_no_more_than_two(store: Store, reads: Reads) -> None:
    made = [campaign(f"Campaign {number}", posts=3) for number in range(6)]
    for one, posts in made:
        reads(one.id, posts[0], day(1), views=2)
    of_two, of_six = (_asked(store, *(one for one, _ in made[:many])) for many in (2, 6))
    assert of_two == of_six < 64


def _asked(store: Store, *campaigns: Campaign) -> int:
    """How many queries of both databases a comparison takes."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engines = {db.engine, store.engine}
    compared(*campaigns)  # what is learned from the past is learned once a day
    db.session.expunge_all()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        compared(*campaigns)
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_a_campaign_that_is_not_there_is_not_found(store: Store) -> None:
    spring, _posts = campaign("Spring")
    with pytest.raises(NotFound):
        compare_campaigns(ComparisonQuery((spring.id, 9_999)), at=AT)
