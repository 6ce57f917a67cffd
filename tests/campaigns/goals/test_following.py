"""Who reached a goal: once or each time, brought by the campaign, heard once however often a batch is read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line
from campaigns.engagement.store import Store
from campaigns.goals import following, queries, services
from campaigns.goals.models import FollowedLink, Goal, Touch
from campaigns.plans.models import Campaign, CampaignPost
from cms.core import clock
from cms.core.database import db, transaction
from tests.campaigns.engagement.conftest import NOW
from tests.campaigns.links.making import make_account, make_campaign, make_link
from tests.factories import make_post, read_again, save

Collect = Callable[[], dict[str, int]]
VIEW = Line(NOW, "view", "P", 1, "page:/archive", view=5, agent="browser:firefox")
TODAY = date(2026, 11, 21)


def make_goal(campaign: Campaign, **fields: Any) -> Goal:
    """A goal that counts: the archive is opened."""
    usual = {"name": "Goal", "kind": "page", "path": "/archive", "subject": "page:/archive"}
    if "kind" in fields:
        usual = {"name": "Goal"}
    return save(Goal(campaign_id=campaign.id, created_at=clock.now(), **{**usual, **fields}))


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    """One with a post, which shows it to people."""
    made, post = make_campaign(), make_post("Spring notes")
    save(CampaignPost(post_id=post.id, campaign_id=made.id, added_at=clock.now()))
    return made


@pytest.fixture
def told(counting: Gate, collect: Collect) -> Callable[..., list[tuple[Any, ...]]]:
    """Write lines, collect them, and say what was reached: goal, channel, post, day, count, people."""

    def tell(*lines: Line) -> list[tuple[Any, ...]]:
        for line in lines:
            counting.spool.write(line)
        collect()
        campaigns = [one.id for one in db.session.query(Campaign)]
        rows = queries.conversions(
            campaigns, since=TODAY - timedelta(days=5), until=TODAY + timedelta(days=5)
        )
        return [(one.goal_id, one.channel, one.post_id, one.day, one.count, one.people) for one in rows]

    return tell


def seen(visitor: int = 1, at: int = NOW - 60_000, **fields: Any) -> Line:
    """Somebody opened the post of the campaign."""
    post = db.session.query(CampaignPost).first()
    assert post is not None
    return replace(
        VIEW, at=at, visitor=visitor, view=1000 + visitor, subject=f"post:{post.post_id}", **fields
    )


def test_a_person_counts_once_for_a_goal_and_a_window(campaign: Campaign, told) -> None:
    goal = make_goal(campaign)
    again = [replace(VIEW, view=number, at=NOW + number * 60_000) for number in (6, 7)]
    assert told(seen(), VIEW, *again) == [(goal.id, "direct", None, TODAY, 1, 1)]
    assert told(replace(VIEW, view=8), seen(2), replace(VIEW, view=9, visitor=2)) == [
        (goal.id, "direct", None, TODAY, 2, 2)
    ]


def test_every_time_counts_where_the_goal_says_so(campaign: Campaign, told) -> None:
    goal = make_goal(campaign, is_each=True)
    again = [replace(VIEW, view=number, at=NOW + number * 60_000) for number in (6, 7)]
    assert told(seen(), VIEW, *again, again[0]) == [(goal.id, "direct", None, TODAY, 3, 1)]


def test_only_whom_the_campaign_reached_before_counts(campaign: Campaign, told) -> None:
    goal = make_goal(campaign)
    assert told(VIEW, replace(VIEW, view=6, visitor=2), seen(2, at=NOW + 1)) == []
    assert told(replace(VIEW, view=7, visitor=2, at=NOW + 60_000)) == [(goal.id, "direct", None, TODAY, 1, 1)]


def test_the_public_page_of_the_campaign_reaches_people_too(campaign: Campaign, told) -> None:
    goal = make_goal(campaign)
    page = replace(VIEW, at=NOW - 1000, view=4, subject=f"page:/campaigns/{campaign.slug}")
    assert told(page, VIEW) == [(goal.id, "direct", None, TODAY, 1, 1)]


def test_one_page_may_be_the_goal_of_two_campaigns_and_counts_for_who_brought_them(
    campaign: Campaign, told
) -> None:
    other = make_campaign("warm-homes")
    goal = make_goal(campaign)
    make_goal(other)
    assert told(seen(), VIEW) == [(goal.id, "direct", None, TODAY, 1, 1)]


def test_machines_and_ourselves_reach_nothing(campaign: Campaign, told) -> None:
    make_goal(campaign)
    robots = [replace(VIEW, view=6, agent="crawler:google"), replace(VIEW, view=7, hints="Ps")]
    assert told(seen(), *robots) == []


def test_who_asks_not_to_be_tracked_is_no_person_and_counts_on_the_campaign_alone(
    campaign: Campaign, told
) -> None:
    post = db.session.query(CampaignPost).one().post_id
    once = make_goal(campaign, kind="fact", fact="download")
    each = make_goal(campaign, kind="fact", fact="download", is_each=True)
    fact = Line(
        NOW, "fact", "Pd", 0, f"post:{post}", view=9, agent="browser:firefox", value="download:plan.pdf"
    )
    assert once.id != each.id
    assert told(fact, replace(fact, view=10, subject="page:/archive")) == [
        (each.id, "direct", post, TODAY, 1, 0)
    ]


def test_a_fact_is_a_goal_by_its_kind_or_its_key(campaign: Campaign, told) -> None:
    anything = make_goal(campaign, kind="fact", fact="share")
    copied = make_goal(campaign, kind="fact", fact="share", fact_key="copy")
    make_goal(campaign, kind="fact", fact="share", fact_key="mail")
    fact = Line(NOW, "fact", "P", 1, "page:/archive", view=9, agent="browser:firefox", value="share:copy")
    assert told(seen(), fact, fact) == [
        (anything.id, "direct", None, TODAY, 1, 1),
        (copied.id, "direct", None, TODAY, 1, 1),
    ]


def test_a_link_counts_once_our_page_was_really_shown_and_for_the_account_it_stood_on(
    campaign: Campaign, told
) -> None:
    account = make_account()
    link = make_link("/archive", campaign_id=campaign.id, account_id=account.id)
    goal = make_goal(campaign, kind="link", link_id=link.id)
    click = replace(VIEW, kind="click", subject=f"link:{link.id}", view=0, click="abcdef-00001")
    assert told(click, replace(click, visitor=2, click="abcdef-00002")) == []
    assert told(replace(VIEW, at=NOW + 900, click="abcdef-00001")) == [
        (goal.id, f"account:{account.id}", None, TODAY, 1, 1)
    ]


def test_a_batch_that_is_heard_twice_counts_once(
    campaign: Campaign, counting: Gate, store: Store, told
) -> None:
    goal = make_goal(campaign, is_each=True)
    lines = (seen(), VIEW)
    assert told(*lines) == [(goal.id, "direct", None, TODAY, 1, 1)]
    assert told(*lines) == [(goal.id, "direct", None, TODAY, 1, 1)]
    store.rebuild()
    assert told() == [(goal.id, "direct", None, TODAY, 1, 1)]


def test_days_are_days_of_the_campaign(campaign: Campaign, told) -> None:
    with transaction():
        read_again(Campaign, campaign.id).zone = "Pacific/Auckland"
    goal = make_goal(campaign)
    assert told(seen(), VIEW) == [(goal.id, "direct", None, TODAY + timedelta(days=1), 1, 1)]


def test_an_ended_goal_counts_no_more_and_keeps_what_it_has(campaign: Campaign, told) -> None:
    goal = make_goal(campaign)
    assert len(told(seen(), VIEW)) == 1
    with transaction():
        services.end_goal(goal.id, at=clock.now())
    assert told(seen(2), replace(VIEW, view=9, visitor=2)) == [(goal.id, "direct", None, TODAY, 1, 1)]


def test_without_goals_nothing_is_looked_at(app: Flask, count_queries: list[str]) -> None:
    before = len(count_queries)
    assert following.follow([]) == []
    assert len(count_queries) - before == 1


def test_what_was_reached_is_worth_what_the_goal_says_and_currencies_stay_apart(
    campaign: Campaign, told
) -> None:
    make_goal(campaign, value_units=1250, currency="CNY", is_each=True)
    make_goal(campaign, value_units=300, currency="EUR")
    make_goal(campaign)
    told(seen(), VIEW, replace(VIEW, view=6, at=NOW + 60_000))
    rows = queries.conversions([campaign.id], since=TODAY, until=TODAY + timedelta(days=1))
    assert [one.value for one in rows] == [{"CNY": 2500}, {"EUR": 300}, {}]
    assert queries.conversions([], since=TODAY, until=TODAY) == []


def test_when_the_window_is_over_nobody_was_reached_in_it(campaign: Campaign) -> None:
    at = datetime(2026, 12, 5, tzinfo=UTC)
    recent = round(at.timestamp() * 1000) - 1000
    with transaction():
        for window in (202611, 202612):
            db.session.add(Touch(campaign_id=campaign.id, window=window, visitor=1, at=NOW))
        link = make_link_row(campaign)
        db.session.add(FollowedLink(click="old", link_id=link, at=NOW))
        db.session.add(FollowedLink(click="new", link_id=link, at=recent))
    with transaction():
        assert services.forget_touches(at=at, window="month") == 2
    assert [one.window for one in db.session.query(Touch)] == [202612]
    assert [one.click for one in db.session.query(FollowedLink)] == ["new"]


def make_link_row(campaign: Campaign) -> int:
    """Inside the transaction that is open."""
    from campaigns.links import services as links

    return links.mint_link(
        target="/archive", post_id=None, account_id=None, campaign_id=campaign.id, source="a", medium="b",
        by=None, at=clock.now(),
    ).id  # fmt: skip
