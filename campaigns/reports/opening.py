"""A figure opened: how it is worked out, of what, and the rows it is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from campaigns.engagement.platform.claiming import FOLLOWED
from campaigns.engagement.store import ALL, EXACT_BELOW
from campaigns.reports import counted
from campaigns.reports.definitions import BY_KEY, DONE, OF_POSTS, PER_COLUMNS
from campaigns.reports.figures.intervals import winsorised_mean
from campaigns.reports.gathering import Known, gather
from campaigns.reports.networks import tells_shown
from campaigns.reports.rows import cost_lines, row_of
from campaigns.reports.shapes import Cell, Column, ComparisonQuery, Per, Subject
from cms.core.errors import NotFound
from cms.core.later import later

if TYPE_CHECKING:
    import numpy as np
else:
    np = later("numpy")

AT_ONCE = 50  # rows on a page
ROWS_OF: Mapping[str, tuple[str, ...]] = {  # what a column opens to, the usual first
    "reach": ("day", "channel"),
    "views": ("day", "post", "channel"),
    "engaged": ("day", "post", "channel"),
    "readers": ("day", "channel"),
    "seconds": ("day", "post", "channel"),
    "verified": ("day", "post", "channel"),
    "conversions": ("fact",),
    "comments": ("fact",),
    "entries": ("fact",),
    "followers": ("account",),
    "shown": ("account",),
    "cost": ("money",),
}
PEOPLE: Mapping[str, counted.People] = {"reach": "people", "readers": "people_engaged"}


@dataclass(frozen=True)
class OpenedRow:
    """One of what a figure is made of: a day, a post, a channel, an account, a line of the plan, a goal."""

    key: str
    name: str
    value: Cell


@dataclass(frozen=True)
class Opened:
    """A figure, what it is divided by, and a page of its rows. `rest` is what none of the rows has."""

    subject: Subject
    column: Column
    per: Per
    as_of: datetime | None
    cell: Cell
    whole: Cell
    base: Cell | None
    kind: str
    kinds: Sequence[str]
    rows: Sequence[OpenedRow]
    rest: int | None
    is_added: bool  # whether the rows add up to the whole
    number: int  # of the page
    pages: int
    mean: float | None = None  # of posts: beside it their median, and the mean that is not led by one post
    median: float | None = None
    steady: float | None = None


def open_figure(
    query: ComparisonQuery, *, of: int, figure: str, per: Per, kind: str = "", number: int = 1, at: datetime
) -> Opened:
    """Raises `NotFound` for a campaign that is not compared, and for a figure there is not."""
    if of not in query.campaign_ids or figure not in BY_KEY:
        raise NotFound
    if per != "total" and figure not in PER_COLUMNS.get(per, ()):
        raise NotFound
    known = gather(query, at=at)
    one = next(subject for subject in known.subjects if subject.id == of)
    cells = row_of(known, one).cells
    kinds = ROWS_OF[figure]
    chosen = kind if kind in kinds else kinds[0]
    rows = _ROWS[chosen](known, one, figure)
    whole = cells["total"][figure]
    is_added = figure not in PEOPLE and BY_KEY[figure].unit != "seconds" and figure not in ("shown",)
    pages = max(1, -(-len(rows) // AT_ONCE))
    shown = min(max(1, number), pages)
    added = sum(int(row.value.value or 0) for row in rows)
    few = rows[(shown - 1) * AT_ONCE : shown * AT_ONCE]
    values = [post.counts[figure] for post in known.posts[of]] if per == "post" and figure in OF_POSTS else []
    return Opened(
        subject=one,
        column=BY_KEY[figure],
        per=per,
        as_of=known.as_of,
        cell=cells[per][figure],
        whole=whole,
        base=_base(known, one, per, cells["total"]),
        kind=chosen,
        kinds=kinds,
        rows=[_estimated(one, figure, row) for row in few] if chosen == "day" and figure in PEOPLE else few,
        rest=int(whole.value) - added if is_added and whole.value is not None else None,
        is_added=is_added,
        number=shown,
        pages=pages,
        mean=float(np.mean(values)) if values else None,
        median=float(np.median(values)) if values else None,
        steady=winsorised_mean(values) if values else None,
    )


def _base(known: Known, one: Subject, per: Per, total: Mapping[str, Cell]) -> Cell | None:
    if per == "total":
        return None
    return {"post": Cell(len(known.posts[one.id])), "reached": total["reach"], "money": total["cost"]}[per]


def _days(known: Known, one: Subject, figure: str) -> list[OpenedRow]:
    """Every day on which something happened, the newest first."""
    rows = []
    for cell in reversed(known.days[one.id]):
        value = Cell(getattr(cell, PEOPLE[figure])) if figure in PEOPLE else _counted(cell.counts, figure)
        rows.append(OpenedRow(cell.day.isoformat(), "", value))
    return rows


def _estimated(one: Subject, figure: str, row: OpenedRow) -> OpenedRow:
    """People of a day, where they are too many to be surely exact: what they may be."""
    if (row.value.value or 0) < EXACT_BELOW:
        return row
    day = date.fromisoformat(row.key)
    return replace(row, value=_people(replace(one, since=day, until=day), figure))


def _people(one: Subject, figure: str, channel: str = ALL) -> Cell:
    """Different people of a campaign on its days."""
    told = counted.reach_of([one], channel=channel, metric=PEOPLE[figure]).get(one.id)
    return Cell(told.people, told.low, told.high, is_exact=told.is_exact) if told else Cell(0)


def _posts(known: Known, one: Subject, figure: str) -> list[OpenedRow]:
    """Every post, the largest first."""
    rows = [
        OpenedRow(str(post.id), post.title, _counted(post.counts, figure)) for post in known.posts[one.id]
    ]
    return sorted(rows, key=lambda row: -(row.value.value or 0))


def _channels(known: Known, one: Subject, figure: str) -> list[OpenedRow]:
    """Every channel, the largest first; people of each are different people of that channel alone."""
    names = {f"account:{carrier.id}": carrier.name for carrier in known.carriers[one.id]}
    added: dict[str, dict[str, int]] = {}
    for cell in counted.days_of([one], by="channel")[one.id]:
        of = added.setdefault(cell.key, dict.fromkeys(cell.counts, 0))
        for name, count in cell.counts.items():
            of[name] += count
    rows = []
    for key, counts in added.items():
        value = _people(one, figure, key) if figure in PEOPLE else _counted(counts, figure)
        rows.append(OpenedRow(key, names.get(key, ""), value))
    return sorted(rows, key=lambda row: (-(row.value.value or 0), row.key))


def _counted(counts: Mapping[str, int], figure: str) -> Cell:
    if figure != "seconds":
        return Cell(counts[figure])
    views = counts["views"]
    return Cell(counts["seconds"] / views, of=views) if views else Cell(None, why="no_views")


def _facts(known: Known, one: Subject, figure: str) -> list[OpenedRow]:
    """By day and by what it was, the newest first."""
    added: dict[tuple[str, str], int] = {}
    for fact in known.facts_on_days(one, *DONE[figure]):
        name = known.goals[one.id].get(fact.key, fact.key) if fact.kind == "goal" else fact.key
        key = (fact.day.isoformat(), f"{fact.kind}:{name}" if name else fact.kind)
        added[key] = added.get(key, 0) + fact.count
    return [OpenedRow(day, name, Cell(count)) for (day, name), count in sorted(added.items(), reverse=True)]


def _money(known: Known, one: Subject, _figure: str) -> list[OpenedRow]:
    """The costs of the plan, as it has them."""
    return [
        OpenedRow(
            line.spent_on.isoformat() if line.spent_on else "",
            " · ".join(filter(None, (line.description, line.channel))),
            Cell(line.amount, currency=line.currency),
        )
        for line in cost_lines(known, one)
    ]


def _accounts(known: Known, one: Subject, figure: str) -> list[OpenedRow]:
    """The accounts that carried it, and what their networks say."""
    said = known.said[one.id]
    values = said.gained if figure == "followers" else said.shown
    if figure == "followers" and one.own_days is None:
        return []
    return [
        OpenedRow(str(carrier.id), carrier.name, _told(values.get(carrier.id), carrier.channel, figure))
        for carrier in known.carriers[one.id]
    ]


def _told(value: int | None, network: str, figure: str) -> Cell:
    if value is not None:
        return Cell(value)
    tells = network in FOLLOWED if figure == "followers" else tells_shown(network)
    return Cell(None, why="not_yet_told" if tells else "never_told")


_ROWS: dict[str, Callable[[Known, Subject, str], list[OpenedRow]]] = {
    "day": _days,
    "post": _posts,
    "channel": _channels,
    "fact": _facts,
    "account": _accounts,
    "money": _money,
}
