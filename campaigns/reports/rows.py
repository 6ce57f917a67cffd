"""The figures of one campaign, each with what it may be and, where it is missing, why."""

from collections import Counter
from dataclasses import replace

from campaigns.engagement.store import Reach, Totals
from campaigns.plans.models import CampaignMoney
from campaigns.plans.money import DIGITS
from campaigns.plans.services.moving import today
from campaigns.reports import targets
from campaigns.reports.definitions import COLUMNS, OF_POSTS, PER_BASE, PER_COLUMNS
from campaigns.reports.figures.intervals import mean_interval, wilson
from campaigns.reports.figures.ratios import bounds, for_money, one_currency, per
from campaigns.reports.gathering import Known
from campaigns.reports.shapes import Cell, Coverage, Per, Row, Subject, TargetMet

Cells = dict[str, Cell]
COUNTS = ("views", "engaged", "verified")
COUNTED_BY_US = (*COUNTS, "reach", "readers", "seconds", "conversions", "comments")


def row_of(known: Known, one: Subject) -> Row:
    """Its figures, the same for each of something, its targets, and of how many channels there are figures."""
    total = _totals(known, one)
    cells: dict[Per, Cells] = {
        "total": total,
        "post": _per_post(known, one, total),
        "reached": _per_reached(total),
        "money": _per_money(total),
    }
    return Row(
        one, cells, Coverage(len(known.said[one.id].known), len(known.carriers[one.id])), _targets(known, one)
    )


def cost_lines(known: Known, one: Subject) -> list[CampaignMoney]:
    """What was spent on its days, and what has no day."""
    return [
        line
        for line in known.campaigns[one.id].money
        if line.side == "cost" and (line.spent_on is None or one.since <= line.spent_on <= one.until)
    ]


def _totals(known: Known, one: Subject) -> Cells:
    if not one.days:
        return {column.key: Cell(None, why="not_begun") for column in COLUMNS}
    days = known.days[one.id]
    added = {name: sum(cell.counts[name] for cell in days) for name in (*COUNTS, "seconds")}
    views = added["views"]
    figures = {name: Cell(added[name]) for name in COUNTS}
    figures["reach"] = _people(known.reach.get(one.id))
    figures["readers"] = _people(known.readers.get(one.id))
    figures["seconds"] = Cell(added["seconds"] / views, of=views) if views else Cell(None, why="no_views")
    figures["conversions"] = _conversions(known, one)
    figures["comments"] = Cell(sum(fact.count for fact in known.facts_on_days(one, "comment")))
    entries = known.facts_on_days(one, "entry")
    figures["entries"] = (
        Cell(sum(fact.count for fact in entries)) if entries else Cell(None, why="no_contest")
    )
    figures["followers"] = _followers(known, one)
    figures["shown"] = _shown(known, one)
    figures["cost"] = _cost(known, one)
    if known.is_uncounted(one):
        unknown = [key for key in COUNTED_BY_US if figures[key].why != "no_goals"]
        figures |= dict.fromkeys(unknown, Cell(None, why="before_counting"))
    return {column.key: figures[column.key] for column in COLUMNS}


def _conversions(known: Known, one: Subject) -> Cell:
    """Without a goal nothing was wanted, and that is not nobody: but who signed up did so all the same."""
    facts = known.facts_on_days(one, "goal", "signup")
    if not facts and not known.goals[one.id]:
        return Cell(None, why="no_goals")
    return Cell(sum(fact.count for fact in facts))


def _people(told: Reach | None) -> Cell:
    """Nobody came: exactly nobody."""
    if told is None:
        return Cell(0)
    return Cell(told.people, told.low, told.high, is_exact=told.is_exact)


def _followers(known: Known, one: Subject) -> Cell:
    """Of the accounts whose networks tell; below nought when they left."""
    if one.own_days is None:
        return Cell(None, why="no_own_days")
    told = [gained for gained in known.said[one.id].gained.values() if gained is not None]
    return Cell(sum(told), of=len(told)) if told else Cell(None, why="not_asked")


def _shown(known: Known, one: Subject) -> Cell:
    """One network says a number; of several only bounds are known."""
    told = bounds(known.said[one.id].shown.values())
    if told is None:
        return Cell(None, why="not_asked")
    low, high = told
    return Cell(low) if low == high else Cell(None, low, high, is_exact=False, why="bounds")


def _cost(known: Known, one: Subject) -> Cell:
    costs: dict[str, int] = {}
    for line in cost_lines(known, one):
        costs[line.currency] = costs.get(line.currency, 0) + line.amount
    told = one_currency(costs)
    if told is None:
        return Cell(None, why="mixed_currencies" if costs else "no_cost")
    currency, units = told
    return Cell(units, currency=currency)


def _per_post(known: Known, one: Subject, total: Cells) -> Cells:
    """The mean over its posts. What is known of each post has an interval from resampling them."""
    posts = known.posts[one.id]
    cells: Cells = {}
    for key in PER_COLUMNS["post"]:
        if not posts:
            cells[key] = Cell(None, why="no_posts")
        elif key in OF_POSTS:
            values = [post.counts[key] for post in posts]
            low, high = mean_interval(tuple(map(float, values))) or (None, None)
            cells[key] = Cell(per(sum(values), len(values)), low, high, of=len(values))
        else:
            cells[key] = _divided(total[key], len(posts), 1, "no_posts")
    return cells


def _per_reached(total: Cells) -> Cells:
    """For every 1,000 people reached. Of people it is a share, with Wilson's interval."""
    reach, times = total["reach"].value, PER_BASE["reached"]
    is_exact = total["reach"].is_exact
    cells: Cells = {}
    for key in PER_COLUMNS["reached"]:
        cell = _divided(total[key], reach, times, "nobody_reached")
        cell = replace(cell, is_exact=cell.is_exact and is_exact)
        if key == "readers" and cell.value is not None and reach:
            low, high = wilson(int(total[key].value or 0), int(reach)) or (0, 0)
            cell = Cell(cell.value, low * times, high * times, is_exact=cell.is_exact, of=int(reach))
        cells[key] = cell
    return cells


def _per_money(total: Cells) -> Cells:
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
            cells[key] = Cell(told, is_exact=total[key].is_exact, currency=cost.currency)
    return cells


def _divided(cell: Cell, base: float | None, times: int, why: str) -> Cell:
    if cell.value is None:
        return Cell(None, why=cell.why)
    value = per(cell.value, base, times=times)
    return (
        Cell(value, is_exact=cell.is_exact, of=int(base or 0)) if value is not None else Cell(None, why=why)
    )


def _targets(known: Known, one: Subject) -> list[TargetMet]:
    """Of its whole life so far, whatever days are looked at."""
    life, done, on = known.life.get(one.id, Totals()), Counter[str](), today(one.zone, known.at)
    for fact in known.facts[one.id]:
        done[fact.kind] += fact.count
    return [
        TargetMet(
            target.measure,
            target.label,
            target.number,
            target.by_on,
            value=targets.so_far(target.measure, life, done),
            is_exact=targets.is_exact(target.measure, life),
            is_over=on > (target.by_on or one.ends_on),
        )
        for target in known.campaigns[one.id].targets
    ]
