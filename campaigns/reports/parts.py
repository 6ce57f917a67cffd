"""The figures of each campaign by channel, post, section, audience, country, language or device.

Parts of counts add up to the whole; parts of people do not, as one may come by two channels, and are never added.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import get_args
from zoneinfo import ZoneInfo

from sqlalchemy import select

from campaigns.engagement.store import ALL
from campaigns.plans.models import AUDIENCES
from campaigns.polls import queries as polls
from campaigns.reports import counted
from campaigns.reports.gathering import Known
from campaigns.reports.shapes import Cell, Part, Subject
from cms.core.database import db
from cms.core.languages import localized
from cms.topics.models import Section

MOST = 12  # the largest; what is left is one part more
MEASURES = ("views", "engaged", "seconds", "verified")
WITHOUT_CLICKS = (
    "country",
    "language",
    "device",
)  # a click is verified later, by a page that says none of these
REST, UNKNOWN = "…", "?"
Counts = Mapping[str, Mapping[int, Counter[str]]]  # by part, then campaign


def parts_of(known: Known) -> list[Part]:
    """The parts, the most viewed first; the last may be all the others together."""
    split = known.query.split
    if split is None:
        return []
    if split == "audience":
        return _audiences(known)
    counts, names = _SPLITS.get(split, _by_store)(known)
    order = sorted(counts, key=lambda key: (-sum(one["views"] for one in counts[key].values()), key))
    kept = order if len(order) <= MOST + 1 else order[:MOST]
    told = [Part(key, names.get(key, ""), _cells(known, counts[key])) for key in kept]
    if len(kept) < len(order):
        rest = {
            one.id: sum((counts[key].get(one.id, Counter()) for key in order[MOST:]), Counter())
            for one in known.subjects
        }
        told.append(Part(REST, "", _cells(known, rest)))
    return _with_people(known, told) if split == "channel" else told


def _cells(known: Known, counts: Mapping[int, Counter[str]]) -> dict[int, dict[str, Cell]]:
    cells = {one.id: _figures(counts.get(one.id, Counter())) for one in known.subjects}
    if known.query.split in WITHOUT_CLICKS:
        return {one: {**figures, "verified": Cell(None, why="not_split")} for one, figures in cells.items()}
    return cells


def _figures(counts: Counter[str]) -> dict[str, Cell]:
    views = counts["views"]
    seconds = Cell(counts["seconds"] / views, of=views) if views else Cell(None, why="no_views")
    return {**{name: Cell(counts[name]) for name in MEASURES}, "seconds": seconds}


def _with_people(known: Known, parts: Sequence[Part]) -> list[Part]:
    """Different people of each channel; of what is left over nobody knows."""
    told, of = [], counted.reach_by_channel(known.subjects, [one.key for one in parts if one.key != REST])
    for part in parts:
        reach = of.get(part.key, {})
        cells = {}
        for number, figures in part.cells.items():
            one = reach.get(number)
            people = Cell(one.people, one.low, one.high, is_exact=one.is_exact) if one else Cell(0)
            cells[number] = {**figures, "reach": Cell(None, why="not_added") if part.key == REST else people}
        told.append(Part(part.key, part.name, cells))
    return told


def _by_store(known: Known) -> tuple[Counts, dict[str, str]]:
    """By channel, country, language or device, as the store splits them."""
    by: counted.By = next(one for one in get_args(counted.By) if one == known.query.split)
    counts: dict[str, dict[int, Counter[str]]] = {}
    for campaign, cells in counted.days_of(known.subjects, by=by).items():
        for cell in cells:
            counts.setdefault(cell.key or UNKNOWN, {}).setdefault(campaign, Counter()).update(cell.counts)
    names = {f"account:{one.id}": one.name for some in known.carriers.values() for one in some}
    return counts, names if known.query.split == "channel" else {}


def _by_post(known: Known) -> tuple[Counts, dict[str, str]]:
    counts = {
        str(post.id): {campaign: post.counts} for campaign, some in known.posts.items() for post in some
    }
    return counts, {str(post.id): post.title for some in known.posts.values() for post in some}


def _by_section(known: Known) -> tuple[Counts, dict[str, str]]:
    counts: dict[str, dict[int, Counter[str]]] = {}
    for campaign, some in known.posts.items():
        for post in some:
            key = str(post.section_id or UNKNOWN)
            counts.setdefault(key, {}).setdefault(campaign, Counter()).update(post.counts)
    ids = [int(key) for key in counts if key != UNKNOWN]
    sections = db.session.scalars(select(Section).where(Section.id.in_(ids))).all() if ids else []
    return counts, {str(one.id): localized(one.name) for one in sections}


def _audiences(known: Known) -> list[Part]:
    """Who says of themselves that they use, buy or decide. Answers are tied to no visit, so what readers did is of
    nobody known; how many said so is."""
    told = polls.declared([_place(known, one) for one in known.subjects])
    whole = {
        one.id: sum((Counter(cell.counts) for cell in known.days[one.id] if cell.key == ALL), Counter())
        for one in known.subjects
    }
    untied = dict.fromkeys(MEASURES, Cell(None, why="not_tied"))
    parts = [
        Part(key, "", {one: {**untied, "answers": Cell(told[one].get(key, 0))} for one in whole})
        for key in AUDIENCES
    ]
    unsaid = {
        one: {**_figures(counts), "answers": Cell(told[one].get("", 0))} for one, counts in whole.items()
    }
    return [*parts, Part(UNKNOWN, "", unsaid)]


def _place(known: Known, one: Subject) -> polls.Place:
    """Its questions are on its own page and below its posts, on the days that are looked at."""
    zone = ZoneInfo(one.zone)
    since, until = (datetime.combine(day, time(), zone) for day in (one.since, one.until + counted.DAY))
    return polls.Place(one.id, [post.id for post in known.posts[one.id]], since, until)


_SPLITS: dict[str, Callable[[Known], tuple[Counts, dict[str, str]]]] = {
    "post": _by_post,
    "section": _by_section,
}
