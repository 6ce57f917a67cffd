"""The figures of one campaign, each with what it may be and, where it is missing, why."""

from collections import Counter

from campaigns.engagement.store import Reach, Totals
from campaigns.plans.models import CampaignMoney
from campaigns.plans.services.moving import today
from campaigns.reports import targets
from campaigns.reports.definitions import COLUMNS, DONE
from campaigns.reports.figures.intervals import ratio_interval
from campaigns.reports.figures.ratios import bounds, one_currency
from campaigns.reports.gathering import Known
from campaigns.reports.rates import Cells, rates_of
from campaigns.reports.shapes import Cell, Coverage, Per, Row, Subject, TargetMet

COUNTS = ("views", "engaged", "verified")
COUNTED_BY_US = (*COUNTS, "reach", "readers", "seconds", "conversions", "comments")


def row_of(known: Known, one: Subject) -> Row:
    """Its figures, the same for each of something, its targets, and of how many channels there are figures."""
    total = _totals(known, one)
    cells: dict[Per, Cells] = {"total": total, **rates_of(known, one, total)}
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
    figures["seconds"] = _reading_time(known, one, added["seconds"], views)
    figures["conversions"] = _conversions(known, one)
    figures["comments"] = Cell(sum(fact.count for fact in known.facts_on_days(one, *DONE["comments"])))
    entries = known.facts_on_days(one, *DONE["entries"])
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


def _reading_time(known: Known, one: Subject, seconds: int, views: int) -> Cell:
    """Of a view, with what it may be when posts are drawn anew."""
    if not views:
        return Cell(None, why="no_views")
    posts = known.posts[one.id]
    drawn = ratio_interval(
        tuple(float(post.counts["seconds"]) for post in posts),
        tuple(float(post.counts["views"]) for post in posts),
    )
    low, high = drawn or (None, None)
    return Cell(seconds / views, low, high, of=views)


def _conversions(known: Known, one: Subject) -> Cell:
    """Without a goal nothing was wanted, and that is not nobody: but who signed up did so all the same."""
    facts = known.facts_on_days(one, *DONE["conversions"])
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
