"""A comparison laid out in tables, as its page shows it. Charts are drawn from these tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import gettext as _

from campaigns.plans.wording import MEASURE_NAMES, day_word
from campaigns.reports import wording
from campaigns.reports.definitions import COLUMNS, PER_COLUMNS
from campaigns.reports.shapes import Cell, Chart, Comparison, Happening, Per, Point, Series, Unit
from cms.core.languages import localized


@dataclass(frozen=True)
class Said:
    """A figure in words, with what a chart needs of it and where it opens."""

    text: str
    interval: str = ""
    why: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    of: int = 0  # the campaign it is of


@dataclass(frozen=True)
class Line:
    """A row of a table: its head and a figure for each campaign."""

    key: str
    label: str
    cells: Sequence[Said]
    x: str = ""


@dataclass(frozen=True)
class Group:
    """Lines under a heading; where there are none, why."""

    per: Per
    label: str
    lines: Sequence[Line]
    why: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a column of the table that the chart is drawn from."""

    label: str
    colour: int
    is_dashed: bool


def groups_of(compared: Comparison) -> list[Group]:
    """All figures in all, then for each of something. What no campaign has stands once, in all, and is not divided."""
    groups = []
    for per, label in wording.PERS.items():
        lines = [_line(compared, key, per) for key in columns_of(compared, per)]
        some = [line for line in lines if per == "total" or not all(cell.why for cell in line.cells)]
        why = "" if some else " ".join(dict.fromkeys(cell.why for line in lines for cell in line.cells))
        groups.append(Group(per, str(label), some, why))
    return groups


def columns_of(compared: Comparison, per: Per) -> list[str]:
    """Which figures an answer has: what was frozen knows no columns that came later."""
    some = PER_COLUMNS.get(per, tuple(one.key for one in COLUMNS))
    return [key for key in some if all(key in row.cells[per] for row in compared.rows)]


def said(cell: Cell, unit: Unit, of: int = 0) -> Said:
    """A cell in words."""
    return Said(
        wording.cell_in_words(cell, unit),
        wording.interval_in_words(cell, unit),
        wording.why(cell),
        cell.value,
        cell.low,
        cell.high,
        of,
    )


def _line(compared: Comparison, key: str, per: Per) -> Line:
    unit = wording.unit_of(key, per)
    cells = [said(row.cells[per][key], unit, row.subject.id) for row in compared.rows]
    return Line(key, wording.column_name(key), cells)


def heads_of(compared: Comparison) -> list[Head]:
    """The columns of the chart's table: campaigns, where they may come to, and the median of those before."""
    return [_head(one, compared) for one in compared.chart.series]


def chart_lines(chart: Chart) -> list[Line]:
    """A line for each day: a date, or the day since launch, the first of which is 0."""
    points = [{point.x: point for point in one.points} for one in chart.series]
    longest = max((x for one in points for x in one), default=-1) + 1
    lines = []
    for x in range(longest):
        label = chart.days[x].isoformat() if chart.days else _("Day %(number)s", number=x)
        cells = [_point(one.get(x), series) for one, series in zip(points, chart.series, strict=True)]
        lines.append(Line(str(x), label, cells, chart.days[x].isoformat() if chart.days else str(x)))
    return lines


def part_lines(compared: Comparison) -> list[Line]:
    """The chosen measure of each part, by campaign."""
    return [
        Line(
            part.key,
            wording.part_name(compared.query.split or "", part.key, part.name),
            [said(part.cells[one.id][compared.query.measure], "count", one.id) for one in compared.subjects],
        )
        for part in compared.parts
    ]


def people_lines(compared: Comparison, figure: Literal["reach", "answers"]) -> list[Line]:
    """People of each part, where they are told apart: those reached, or those who said in an answer what they are."""
    unit: Unit = "people" if figure == "reach" else "count"
    return [
        Line(
            part.key,
            wording.part_name(compared.query.split or "", part.key, part.name),
            [said(part.cells[one.id][figure], unit, one.id) for one in compared.subjects],
        )
        for part in compared.parts
        if all(figure in cells for cells in part.cells.values())
    ]


def known_lines(compared: Comparison) -> list[tuple[str, list[str | int]]]:
    """Of how much of each campaign figures are known: what it is called, and what is said of each."""

    def of(known: int, whole: int) -> str:
        return str(_("%(known)s of %(all)s", known=known, all=whole))

    rows = compared.rows
    lines: list[tuple[str, list[str | int]]] = [
        (_("Accounts whose network tells figures"), [of(row.coverage.known, row.coverage.of) for row in rows])
    ]
    if any(row.targets for row in rows):
        lines.append((_("Targets met"), [of(row.met, len(row.targets)) for row in rows]))
    return [*lines, (_("Posts published"), [row.subject.posts for row in rows])]


def verdicts_in_words(compared: Comparison) -> Iterator[tuple[str, str, str]]:
    """What can be said of each two, what it hinges on in a sentence of its own or none, and its kind."""
    names = names_of(compared)
    titles = {one.post_id: one.title for one in compared.biggest}
    for one in compared.verdicts:
        hinges = ""
        if one.hinges_on:
            title = titles.get(one.hinges_on, "") or str(one.hinges_on)
            hinges = _("Without one post, “%(title)s”, they could not be told apart.", title=title)
        yield wording.verdict_in_words(one, names), hinges, one.kind


def biggest_in_words(compared: Comparison) -> Iterator[str]:
    """The post that a campaign owes most to, where it is a third or more."""
    names = names_of(compared)
    for one in compared.biggest:
        yield _(
            "%(percent)s of %(name)s comes from one post, “%(title)s”. In the verdict it weighs as much as the next one.",
            percent=wording.number(one.share, "share"),
            name=names[one.subject_id],
            title=one.title,
        )


def happened_in_words(compared: Comparison) -> Iterator[str]:
    """What the team noted on these days, by day."""
    names = names_of(compared)
    for one in compared.happened:
        about = names.get(one.subject_id or 0)
        said = _("%(name)s: %(said)s", name=day_word(one.day), said=localized(dict(one.words)))
        yield f"{said} · {about}" if about else said


def notes_by_x(compared: Comparison, happened: Iterable[Happening]) -> dict[str, str]:
    """What happened, in words, by the `x` of a line of the chart: a date, or a day since launch of the campaign it is
    about. By launch, a note about all campaigns stands on a different day of each, and is left out."""
    is_by_launch = compared.query.align == "launch"
    begins = {one.id: one.since for one in compared.subjects}
    found: dict[str, str] = {}
    for one in happened:
        if is_by_launch and one.subject_id is None:
            continue
        x = str((one.day - begins[one.subject_id or 0]).days) if is_by_launch else one.day.isoformat()
        said = localized(dict(one.words))
        found[x] = f"{found[x]}; {said}" if x in found else said
    return found


def laid_out(compared: Comparison, happened: Iterable[Happening]) -> dict[str, Any]:
    """What the parts of its page need, at the desk and for who got it by link. `happened` stands in the chart."""
    query = compared.query
    return {
        "names": names_of(compared),
        "notes_by_x": notes_by_x(compared, happened),
        "groups": groups_of(compared),
        "known": known_lines(compared),
        "heads": heads_of(compared),
        "chart_rows": chart_lines(compared.chart),
        "part_rows": part_lines(compared),
        "reach_rows": people_lines(compared, "reach"),
        "answer_rows": people_lines(compared, "answers"),
        "verdicts": list(verdicts_in_words(compared)),
        "biggest": list(biggest_in_words(compared)),
        "has_targets": any(row.targets for row in compared.rows),
        "measure_name": wording.column_name(query.measure),
        "measure_names": MEASURE_NAMES,
        "split_name": wording.SPLITS.get(query.split or "", ""),
        "window": compared.window,
    }


def names_of(compared: Comparison) -> Mapping[int, str]:
    """What each campaign is called."""
    return {one.id: localized(dict(one.name)) for one in compared.subjects}


def _point(point: Point | None, series: Series) -> Said:
    if point is None or point.value is None:
        return Said("–")
    is_exact = series.kind == "actual"
    return said(Cell(point.value, point.low, point.high, is_exact=is_exact), "count")


def _head(series: Series, compared: Comparison) -> Head:
    if series.subject_id is None:
        label = _("Median of %(number)s past campaigns", number=series.of)
        return Head(label, 6, is_dashed=True)
    name = names_of(compared)[series.subject_id]
    colour = next(one.colour for one in compared.subjects if one.id == series.subject_id)
    if series.kind == "projection":
        return Head(_("%(name)s, may come to", name=name), colour, is_dashed=True)
    return Head(name, colour, is_dashed=False)
