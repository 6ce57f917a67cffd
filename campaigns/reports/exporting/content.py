"""What every file holds: figures as numbers and as words, the lines of the chart, verdicts, and what each figure means."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from campaigns.plans.money import from_smallest
from campaigns.plans.wording import MEASURE_NAMES, day_word
from campaigns.reports import presenting, wording
from campaigns.reports.definitions import WORDS
from campaigns.reports.shapes import Cell, Comparison, Per
from cms.core.languages import localized
from cms.core.pages import exact_time

Number = int | float | Decimal


@dataclass(frozen=True)
class Figure:
    """One figure of one campaign. `value` None is missing, and `why` says why. Money is in units: yuan, not fen."""

    campaign: str
    per: str
    key: str
    name: str
    value: Number | None
    low: Number | None
    high: Number | None
    text: str
    interval: str
    why: str
    unit: str
    currency: str


@dataclass(frozen=True)
class Meaning:
    """A column in words."""

    name: str
    words: str
    formula: str
    clock: str
    version: int


@dataclass(frozen=True)
class Table:
    """A head and rows under it. Each row begins with its own head; `sheet` is what it is called in a workbook, `words` are
    the columns that hold words."""

    sheet: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Number | str | None]]
    words: Collection[int] = (0,)


@dataclass(frozen=True)
class Content:
    """A comparison, ready to be written. Everything that is said is in the reader's language."""

    title: str
    facts: Sequence[tuple[str, str]]  # what was asked, and when it was so
    campaigns: Sequence[str]
    figures: Sequence[Figure]
    chart: Table
    tables: Sequence[Table]  # what is known of the campaigns, of their parts, and of their targets
    verdicts: Sequence[str]
    notes: Sequence[str]
    meanings: Sequence[Meaning]
    chart_name: str
    colours: Sequence[int]  # of the lines of the chart
    dashed: Sequence[bool]
    annotations: Sequence[str] = ()

    def by_group(self) -> Mapping[str, Mapping[str, Sequence[Figure]]]:
        """Figures by what they are divided by, then by column, in the order of the campaigns."""
        found: dict[str, dict[str, list[Figure]]] = {}
        for one in self.figures:
            found.setdefault(one.per, {}).setdefault(one.name, []).append(one)
        return found


def content_of(compared: Comparison) -> Content:
    """Lay it out, in the language of the request."""
    heads = presenting.heads_of(compared)
    names = [localized(dict(one.name)) for one in compared.subjects]
    return Content(
        title=_("Campaigns compared"),
        facts=list(_facts(compared)),
        campaigns=names,
        figures=list(_figures(compared)),
        chart=Table(
            _("By day"),
            wording.column_name(compared.query.measure),
            [_("Day"), *(one.label for one in heads)],
            [
                [line.label, *(cell.value for cell in line.cells)]
                for line in presenting.chart_lines(compared.chart)
            ],
        ),
        tables=[
            Table(
                _("What is known"),
                _("What is known"),
                [_("Figure"), *names],
                [[label, *said] for label, said in presenting.known_lines(compared)],
            ),
            *_parts(compared, names),
            *_targets(compared),
        ],
        verdicts=list(_verdicts(compared)),
        notes=[str(wording.NOTES[note]) for note in compared.notes],
        meanings=[
            Meaning(
                str(WORDS[one.key].name),
                str(WORDS[one.key].words),
                str(WORDS[one.key].formula),
                str(wording.CLOCKS[one.clock]),
                one.version,
            )
            for one in compared.columns
        ],
        chart_name=_chart_name(compared),
        colours=[one.colour for one in heads],
        dashed=[one.is_dashed for one in heads],
        annotations=list(presenting.happened_in_words(compared)),
    )


def as_number(value: float | None, cell: Cell) -> Number | None:
    """As a spreadsheet works with it: money in units of its currency, everything else as it is."""
    return from_smallest(round(value), cell.currency) if value is not None and cell.currency else value


def _facts(compared: Comparison) -> Iterator[tuple[str, str]]:
    yield _("As of"), exact_time(compared.as_of) if compared.as_of else _("Nothing is counted yet.")
    for one in compared.subjects:
        span = f"{day_word(one.since)} – {day_word(one.until)}"
        days = _("%(days)s, in %(zone)s", days=span, zone=one.zone)
        yield localized(dict(one.name)), days
    yield _("Laid side by side"), str(wording.ALIGNS[compared.query.align])
    yield (
        _("People are told apart within"),
        _("one month") if compared.window == "month" else _("one day"),
    )
    yield _("What this is"), _("Descriptive, not causal: campaigns are not given out by lot.")


def _figures(compared: Comparison) -> Iterator[Figure]:
    for per, label in wording.PERS.items():
        for key in presenting.columns_of(compared, per):
            for name, row in zip(
                (localized(dict(one.name)) for one in compared.subjects), compared.rows, strict=True
            ):
                yield _figure(name, per, str(label), key, row.cells[per][key])


def _figure(campaign: str, per: Per, label: str, key: str, cell: Cell) -> Figure:
    unit = wording.unit_of(key, per)
    is_money = unit == "money"
    return Figure(
        campaign=campaign,
        per=label,
        key=key,
        name=wording.column_name(key),
        value=as_number(cell.value, cell) if is_money else cell.value,
        low=as_number(cell.low, cell) if is_money else cell.low,
        high=as_number(cell.high, cell) if is_money else cell.high,
        text=wording.cell_in_words(cell, unit),
        interval=wording.interval_in_words(cell, unit),
        why=wording.why(cell),
        unit=unit,
        currency=cell.currency or "",
    )


def _parts(compared: Comparison, names: Sequence[str]) -> Iterator[Table]:
    """The measure by part, then people where they are told apart."""
    split = compared.query.split
    if not split:
        return
    part, measure = str(wording.SPLITS[split]), wording.column_name(compared.query.measure)
    for sheet, title, lines in (
        (
            _("Parts"),
            _("%(measure)s by %(part)s", measure=measure, part=part),
            presenting.part_lines(compared),
        ),
        (
            _("People reached"),
            _("People reached by %(part)s", part=part),
            presenting.people_lines(compared, "reach"),
        ),
        (_("Answers"), _("Answers by %(part)s", part=part), presenting.people_lines(compared, "answers")),
    ):
        if lines:
            rows = [[line.label, *(cell.value for cell in line.cells)] for line in lines]
            yield Table(sheet, title, [part, *names], rows)


def _targets(compared: Comparison) -> Iterator[Table]:
    """Of the whole life of each campaign, where there are any."""
    rows = [
        [
            localized(dict(row.subject.name)),
            one.label or str(MEASURE_NAMES[one.measure]),
            day_word(one.by_on) if one.by_on else "",
            one.number,
            one.value,
            wording.target_state(one)
            if one.is_exact
            else _("%(state)s, by an estimate", state=wording.target_state(one)),
        ]
        for row in compared.rows
        for one in row.targets
    ]
    if rows:
        heads = [_("Campaign"), _("Target"), _("By"), _("Wanted"), _("So far"), _("State")]
        yield Table(_("Targets"), _("Targets, of the whole life of each campaign"), heads, rows, (0, 1, 2, 5))


def _verdicts(compared: Comparison) -> Iterator[str]:
    """What can be said, with what it hinges on, and which post weighs most."""
    for words, hinges, _kind in presenting.verdicts_in_words(compared):
        yield f"{words} {hinges}".strip()
    yield from presenting.biggest_in_words(compared)


def _chart_name(compared: Comparison) -> str:
    query = compared.query
    return (
        f"{wording.column_name(query.measure)} · {wording.ALIGNS[query.align]} · {wording.MODES[query.mode]}"
    )
