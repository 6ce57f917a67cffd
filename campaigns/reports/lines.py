"""The lines of the chart: what was counted, where a young campaign may come to, and the median of those before."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from campaigns.engagement.store import Cell
from campaigns.reports.counted import span
from campaigns.reports.figures.curves import Value, cumulative, days_between, laid_out
from campaigns.reports.figures.maturity import FULL_DAYS, ghost, projection
from campaigns.reports.gathering import Known
from campaigns.reports.past import Past
from campaigns.reports.shapes import Chart, Point, Series, Subject


def chart_of(known: Known, past: Mapping[str, Past]) -> Chart:
    """The measure by day. By launch, day 0 is the first day of each, and ghost and projection are drawn."""
    query, subjects = known.query, known.subjects
    is_launch = query.align == "launch"
    length = max(one.days for one in subjects)
    first, end = span(subjects)
    shared = [day for day in days_between(first, end) if day < end]
    series = []
    for one in subjects:
        days = days_between(one.since, one.since + timedelta(days=length - 1))
        shown_days = days if is_launch else shared
        values = counted(known.days[one.id], one, shown_days, query.measure, began=known.began)
        shown = cumulative(values) if query.mode == "cumulative" else values
        series.append(Series("actual", one.id, [Point(x, value) for x, value in enumerate(shown)]))
    if is_launch:
        series += _projections(known, past, length)
        series += _ghosts(known, past, length)
    return Chart(query.measure, query.align, query.mode, series, () if is_launch else shared)


def counted(
    cells: Sequence[Cell], one: Subject, days: Sequence[date], measure: str, *, began: date | None
) -> list[Value]:
    """The count of each day; None where it has none yet, is not looked at, or lies before counting began."""
    by_day = {cell.day: cell.counts[measure] for cell in cells}
    first = max(one.since, min((one.starts_on, *by_day)))  # before it there was nothing to count
    if began is not None:
        first = max(first, min((began, *by_day)))  # before it nobody counted
    return laid_out(by_day, days, known=(first, one.until))


def _projections(known: Known, past: Mapping[str, Past], length: int) -> list[Series]:
    """Of those that are not over and younger than the longest line: added up only, as that is what was learned."""
    if known.query.mode != "cumulative":
        return []
    found = []
    for one in known.subjects:
        if one.state in ("finished", "archived") or not 0 < one.days < FULL_DAYS:
            continue
        value = sum(cell.counts[known.query.measure] for cell in known.days[one.id])
        bands = projection(past[one.kind].curves, value=value, day=one.days, days=max(length, _planned(one)))
        if bands:
            points = [
                Point(one.days + step, band.middle, band.low, band.high) for step, band in enumerate(bands)
            ]
            found.append(Series("projection", one.id, points, of=len(past[one.kind].curves)))
    return found


def _planned(one: Subject) -> int:
    """How long it is to last, and no longer than is learned."""
    return min(FULL_DAYS, (one.ends_on - one.starts_on).days + 1)


def _ghosts(known: Known, past: Mapping[str, Past], length: int) -> list[Series]:
    """One for all, when the same campaigns are a measure for each; none of a mixture, which would be nobody's median."""
    taught = {one.curves for one in past.values()}
    if len(taught) > 1:
        return []
    learned = taught.pop()
    values = ghost(learned, min(length, FULL_DAYS), is_cumulative=known.query.mode == "cumulative")
    if values is None:
        return []
    return [Series("ghost", None, [Point(x, value) for x, value in enumerate(values)], of=len(learned))]
