"""Figures for each of something, with what each may be: for a post, for 1,000 people reached, for 100 of money."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from math import hypot

from campaigns.plans.money import DIGITS
from campaigns.reports.definitions import DONE, OF_POSTS, PER_BASE, PER_COLUMNS
from campaigns.reports.figures.intervals import (
    EXACT,
    Bounds,
    Error,
    combined,
    error_of,
    mean_interval,
    poisson_interval,
    wilson,
)
from campaigns.reports.figures.ratios import for_money, per
from campaigns.reports.gathering import Known
from campaigns.reports.shapes import Cell, Per, Subject

Cells = dict[str, Cell]


def rates_of(known: Known, one: Subject, total: Cells) -> dict[Per, Cells]:
    """By what it is divided by, then by column."""
    posts = _by_post(known, one)
    sure = {key: _bounds(values, int(total[key].value or 0)) for key, values in posts.items()}
    sure |= {key: _bounds_of_people(total[key]) for key in ("reach", "readers")}
    return {
        "post": _per_post(len(known.posts[one.id]), posts, sure, total),
        "reached": _per_reached(sure, total),
        "money": _per_money(sure, total),
    }


def _by_post(known: Known, one: Subject) -> dict[str, list[int]]:
    """How often it is known of each post, by column."""
    posts, done = known.posts[one.id], Counter[tuple[str, int | None]]()
    for fact in known.facts_on_days(one, *chain.from_iterable(DONE.values())):
        done[fact.kind, fact.post] += fact.count
    counted = {key: [post.counts[key] for post in posts] for key in OF_POSTS}
    return counted | {
        key: [sum(done[kind, post.id] for kind in kinds) for post in posts] for key, kinds in DONE.items()
    }


def _bounds(values: Sequence[int], whole: int) -> Bounds | None:
    """Between what a total lies when posts are drawn anew. What happened below no post, and what never did, happens one by
    one. None where there are too few posts to say how far they differ."""
    told = sum(values)
    drawn = mean_interval(tuple(map(float, values))) if told else (0.0, 0.0)
    if drawn is None:
        return None
    rest = max(0, whole - told)
    least, most = poisson_interval(rest) if rest or not whole else (0.0, 0.0)
    below = hypot(told - drawn[0] * len(values), rest - least)
    above = hypot(drawn[1] * len(values) - told, most - rest)
    return max(0.0, whole - below), whole + above


def _bounds_of_people(cell: Cell) -> Bounds | None:
    """By the error of telling them apart; few are told apart one by one."""
    return None if cell.low is None or cell.high is None else (cell.low, cell.high)


def _per_post(
    many: int, posts: Mapping[str, Sequence[int]], sure: Mapping[str, Bounds | None], total: Cells
) -> Cells:
    """The mean over its posts. What it cost is known."""
    cells: Cells = {}
    for key in PER_COLUMNS["post"]:
        whole, bounds = total[key], sure.get(key)
        if whole.value is not None and key in OF_POSTS:
            told = sum(posts[key])
            whole, bounds = Cell(told), _bounds(posts[key], told)
        cells[key] = _within(_divided(whole, many, 1, "no_posts"), bounds, many, 1)
    return cells


def _per_reached(sure: Mapping[str, Bounds | None], total: Cells) -> Cells:
    """For every 1,000 people reached. Of people it is a share, with Wilson's interval. Followers come of anything: how many
    they might have been nobody can say. What it cost is known, and for how many people is not."""
    reach, times = total["reach"], PER_BASE["reached"]
    cells: Cells = {}
    for key in PER_COLUMNS["reached"]:
        cell = _divided(total[key], reach.value, times, "nobody_reached")
        cell = replace(cell, is_exact=cell.is_exact and reach.is_exact)
        if key != "followers" and cell.value is not None and reach.value:
            bounds, of = sure.get(key), reach.value
            if key == "readers":
                bounds = _bounds_of_share(total[key], int(of))
            if key == "cost" and sure["reach"]:
                bounds = (total[key].value or 0, total[key].value or 0)
            cell = _within(cell, bounds, of, times, error_of(sure["reach"], of))
        cells[key] = cell
    return cells


def _bounds_of_share(cell: Cell, of: int) -> Bounds:
    """So many people of so many, as there may be of any so many, with the error of telling them apart."""
    people = min(of, int(cell.value or 0))
    low, high = (bound * of for bound in wilson(people, of) or (0.0, 1.0))
    told = _bounds_of_people(cell)
    return combined(people, error_of((low, high), people), error_of(told, people)) if people else (low, high)


def _per_money(sure: Mapping[str, Bounds | None], total: Cells) -> Cells:
    """For 100 of the currency it was paid in."""
    cost = total["cost"]
    cells: Cells = {}
    for key in PER_COLUMNS["money"]:
        value = total[key].value
        if cost.value is None or value is None:
            cells[key] = Cell(None, why=cost.why or total[key].why)
        elif not cost.value:
            cells[key] = Cell(None, why="no_cost")
        else:
            digits = DIGITS[cost.currency or ""]
            told = for_money(value, int(cost.value), digits=digits)
            cell = Cell(told, is_exact=total[key].is_exact, currency=cost.currency)
            cells[key] = _within(cell, sure.get(key), cost.value / 10**digits, PER_BASE["money"])
    return cells


def _within(cell: Cell, bounds: Bounds | None, of: float, times: int, error: Error = EXACT) -> Cell:
    """A figure with what it may be: between these, divided by the same, which may be wrong by so much itself."""
    if cell.value is None or bounds is None:
        return cell
    low, high = (bound * times / of for bound in bounds)
    if cell.value:
        low, high = combined(cell.value, error_of((low, high), cell.value), divided_by=error)
    return replace(cell, low=low, high=high)


def _divided(cell: Cell, base: float | None, times: int, why: str) -> Cell:
    if cell.value is None:
        return Cell(None, why=cell.why)
    value = per(cell.value, base, times=times)
    if value is None:
        return Cell(None, why=why)
    return Cell(value, is_exact=cell.is_exact, currency=cell.currency, of=int(base or 0))
