"""Goals of campaigns, and who reached them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import HTTPException

from campaigns.engagement.installing import store
from campaigns.engagement.store import Fact
from campaigns.goals.following import EACH, ONCE
from campaigns.goals.models import Goal
from campaigns.links.models import Link
from campaigns.links.targets import is_ours
from cms.core.database import db
from cms.core.errors import NotFound
from cms.posts.models import Post

MOST_LINKS = 200


@dataclass(frozen=True)
class Conversion:
    """How often one goal was reached on one day by one channel. Exact: nothing here is estimated."""

    campaign_id: int
    goal_id: int
    channel: str  # how the visitor came
    post_id: int | None  # on which it happened
    day: date  # in the campaign's zone
    count: int  # every time, or each person once, as the goal says
    people: int  # who had not done it before in their window, and can be told apart
    value: dict[str, int]  # in the smallest unit, by currency; empty when the goal has none


def get_goal(goal_id: int) -> Goal:
    """One goal with its campaign and link; raises `NotFound`."""
    found = db.session.scalars(_whole().where(Goal.id == goal_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def goals_of(campaign_id: int) -> Sequence[Goal]:
    """The goals of a campaign: those that count first, in the order they were set."""
    order = (Goal.ended_at.is_not(None), Goal.id)
    return db.session.scalars(_whole().where(Goal.campaign_id == campaign_id).order_by(*order)).all()


def conversions(campaign_ids: Collection[int], *, since: date, until: date) -> list[Conversion]:
    """What was reached from `since` to the day before `until`, by campaign, goal, channel, post and day."""
    if not campaign_ids:
        return []
    goals = {
        one.id: one for one in db.session.scalars(select(Goal).where(Goal.campaign_id.in_(campaign_ids)))
    }
    facts = store().facts(campaigns=campaign_ids, posts=None, since=since, until=until, kinds=[ONCE, EACH])
    return conversions_of(facts, goals.values())


def conversions_of(facts: Iterable[Fact], goals: Iterable[Goal]) -> list[Conversion]:
    """Facts of goals put together, people beside times. Those of a goal that is gone are left out."""
    known = {str(one.id): one for one in goals}
    counts: dict[tuple[int, int, str, int, date], list[int]] = {}
    for fact in facts:
        goal = known.get(fact.key)
        if goal is None:
            continue
        where = (goal.campaign_id, goal.id, fact.channel, fact.post or 0, fact.day)
        counted = counts.setdefault(where, [0, 0])
        if fact.kind == ONCE:
            counted[1] += fact.count
        if (fact.kind == EACH) == goal.is_each:
            counted[0] += fact.count
    return [
        Conversion(campaign, goal, channel, post or None, day, count, people, _value(known[str(goal)], count))
        for (campaign, goal, channel, post, day), (count, people) in sorted(counts.items())
    ]


def _value(goal: Goal, count: int) -> dict[str, int]:
    return {goal.currency: goal.value_units * count} if goal.currency and goal.value_units is not None else {}


def links_to_choose(campaign_id: int) -> list[tuple[int, str]]:
    """The links of a campaign that lead to pages of ours, the newest first: only those can be verified."""
    rows = db.session.scalars(
        select(Link).where(Link.campaign_id == campaign_id).order_by(Link.id.desc()).limit(MOST_LINKS)
    )
    return [(one.id, one.label or f"{one.target} · {one.code}") for one in rows if is_ours(one.target)]


def warning_of(goal: Goal) -> str:
    """Why nothing can reach a goal as things are: `missing`, `hidden`, `uncounted` page; empty when it can."""
    if goal.kind != "page":
        return ""
    if goal.subject.startswith("post:"):
        post = db.session.get(Post, int(goal.subject.removeprefix("post:")))
        return "" if post is not None and post.is_live else "hidden"
    try:
        endpoint, _arguments = current_app.url_map.bind("").match(goal.path, method="GET")
    except HTTPException:
        return "missing"
    if endpoint in ("site.show_post", "site.show_note"):  # a post would have been found
        return "missing"
    return "" if getattr(current_app.view_functions[endpoint], "parley_counted", False) else "uncounted"


def _whole() -> Select[Goal]:
    return select(Goal).options(joinedload(Goal.campaign), joinedload(Goal.link))
