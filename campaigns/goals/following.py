"""Finds conversions among what was collected: each becomes a fact of its goal and is kept with what led to it.

`goal:ID` is said once for each person, goal and window; where every time counts, `goaltime:ID` beside it for each time.
Both carry a number made of what they are, so a batch that is heard twice counts once. What is kept here (whom a
campaign reached, which links were followed) is the same however often it is heard.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from campaigns.engagement.lines import number_of
from campaigns.engagement.store import Event
from campaigns.engagement.store.events import day_number
from campaigns.goals.models import FollowedLink, Goal, Touch
from campaigns.plans.models import Campaign
from cms.core.database import db, is_writing, transaction

ONCE, EACH = "goal", "goaltime"  # kinds of the facts
AT_ONCE = 300  # rows in one statement
Person = tuple[int, int, int]  # campaign, window, visitor


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a goal that counts, with its campaign's address and zone."""

    id: int
    campaign_id: int
    slug: str
    zone: str
    kind: str
    subject: str
    link_id: int | None
    fact: str
    fact_key: str
    is_each: bool


@dataclass(frozen=True)
class Doing:
    """Somebody did what a goal wants; `number` tells this time from others, 0 when nothing does."""

    goal: Wanted
    event: Event
    number: int


def follow(events: Sequence[Event]) -> list[Event]:
    """The conversions among the events of a batch, as events."""
    goals = _wanted()
    if not goals:
        return []
    done_by = [one for one in events if one.verdict == "human"]
    touches = _touches(done_by, {goal.campaign_id: goal.slug for goal in goals})
    clicks = _followed(done_by, {goal.link_id for goal in goals if goal.link_id})
    if touches or clicks:
        with nullcontext() if is_writing() else transaction():  # the sample site is one transaction
            _insert(Touch, [_touch(key, at) for key, at in touches.items()])
            _insert(FollowedLink, clicks)
    doings = [*_pages_and_facts(done_by, goals), *_links(done_by, goals)]
    reached = _reached(doings)
    return [made for one in doings if _counts(one, reached) for made in _conversions(one)]


def _wanted() -> list[Wanted]:
    columns = (Goal.id, Goal.campaign_id, Campaign.slug, Campaign.zone, Goal.kind, Goal.subject, Goal.link_id)
    more = (Goal.fact, Goal.fact_key, Goal.is_each)
    rows = db.session.execute(select(*columns, *more).join(Campaign).where(Goal.ended_at.is_(None)))
    return [Wanted(**row) for row in rows.mappings()]


def _touches(events: Iterable[Event], slugs: Mapping[int, str]) -> dict[Person, int]:
    """Whom campaigns reached, and when first: a view of a post or of its public page, or a click on a link."""
    pages = {f"page:/campaigns/{slug}": campaign for campaign, slug in slugs.items()}
    first: dict[Person, int] = {}
    for event in events:
        line = event.line
        campaign = event.campaign if event.campaign in slugs else pages.get(line.subject)
        if campaign and line.visitor and line.kind in ("view", "click"):
            first.setdefault((campaign, event.window, line.visitor), line.at)
    return first


def _touch(key: Person, at: int) -> dict[str, int]:
    return {"campaign_id": key[0], "window": key[1], "visitor": key[2], "at": at}


def _followed(events: Iterable[Event], links: set[int]) -> list[dict[str, Any]]:
    return [
        {"click": one.line.click, "link_id": one.link, "at": one.line.at}
        for one in events
        if one.line.kind == "click" and one.line.click and one.link in links
    ]


def _pages_and_facts(events: Iterable[Event], goals: Iterable[Wanted]) -> Iterator[Doing]:
    of_page: dict[str, list[Wanted]] = {}
    of_fact: dict[str, list[Wanted]] = {}
    for goal in goals:
        if goal.kind == "page":
            of_page.setdefault(goal.subject, []).append(goal)
        elif goal.kind == "fact":
            of_fact.setdefault(f"{goal.fact}:{goal.fact_key}" if goal.fact_key else goal.fact, []).append(
                goal
            )
    for event in events:
        line = event.line
        if line.kind == "view":
            wanted: Sequence[Wanted] = of_page.get(line.subject, ())
        elif line.kind == "fact":
            parts = line.value.split(":")
            named = dict.fromkeys(
                (parts[0], ":".join(parts[:2]), line.value)
            )  # answer, answer:3, answer:3:17
            wanted = [goal for name in named for goal in of_fact.get(name, ())]
        else:
            continue
        yield from (Doing(goal, event, line.view) for goal in wanted)


def _links(events: Iterable[Event], goals: Iterable[Wanted]) -> Iterator[Doing]:
    """Views with the number of a click that was given out by a goal's link: those are verified."""
    of_link: dict[int, list[Wanted]] = {}
    for goal in goals:
        if goal.link_id:
            of_link.setdefault(goal.link_id, []).append(goal)
    views = [one for one in events if one.line.kind == "view" and one.line.click] if of_link else []
    given: dict[str, int] = {}
    for some in _batched(sorted({one.line.click for one in views})):
        rows = select(FollowedLink.click, FollowedLink.link_id).where(FollowedLink.click.in_(some))
        given |= dict(db.session.execute(rows).all())
    for event in views:
        goals_of_link = of_link.get(given.get(event.line.click, 0), ())
        yield from (Doing(goal, event, number_of(event.line.click)) for goal in goals_of_link)


def _reached(doings: Iterable[Doing]) -> dict[Person, int]:
    """When the campaigns of these goals first reached who did it."""
    people = {_person(one) for one in doings}
    columns = (Touch.campaign_id, Touch.window, Touch.visitor)
    found: dict[Person, int] = {}
    for some in _batched(sorted(people)):
        for row in db.session.execute(select(*columns, Touch.at).where(tuple_(*columns).in_(some))):
            found[row.campaign_id, row.window, row.visitor] = row.at
    return found


def _person(doing: Doing) -> Person:
    return doing.goal.campaign_id, doing.event.window, doing.event.line.visitor


def _counts(doing: Doing, reached: Mapping[Person, int]) -> bool:
    """The campaign brought them: it happened on something of the campaign, or the campaign had reached them before."""
    if doing.event.campaign == doing.goal.campaign_id or doing.goal.kind == "link":
        return True
    at = reached.get(_person(doing))
    return at is not None and at <= doing.event.line.at


def _conversions(doing: Doing) -> Iterator[Event]:
    """Who cannot be told apart is no person, and counts only where every time counts."""
    goal, event = doing.goal, doing.event
    if event.line.visitor:
        yield _made(doing, f"{ONCE}:{goal.id}", number_of(f"{event.window}:{event.line.visitor}"))
    if goal.is_each:
        yield _made(doing, f"{EACH}:{goal.id}", doing.number)


def _made(doing: Doing, value: str, number: int) -> Event:
    event, campaign = doing.event, doing.goal.campaign_id
    at = datetime.fromtimestamp(event.line.at / 1000, UTC).astimezone(ZoneInfo(doing.goal.zone))
    line = replace(
        event.line, kind="fact", value=value, view=number, click="", sequence=0, seconds=0, depth=0
    )
    return replace(event, line=line, campaign=campaign, campaign_day=day_number(at.date()), again=0, said=b"")


def _insert(model: type[Touch] | type[FollowedLink], rows: list[dict[str, Any]]) -> None:
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert if is_postgres else sqlite.insert
    for some in _batched(rows):
        db.session.execute(insert(model).values(some).on_conflict_do_nothing())


def _batched(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
