"""CSV and XLSX."""

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from campaigns.reports.exporting.content import Content, Number
from cms.core.later import later
from cms.people.acts import csv_cell

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = later("xlsxwriter")

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def as_csv(content: Content, *, with_bom: bool) -> bytes:
    """A row for each figure of each campaign, then every table under its title, in UTF-8. `with_bom` is for spreadsheets
    that take it for another code.

    Numbers have a full stop and no grouping; what is missing is empty, with the reason beside it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            _("Campaign"),
            _("In all or per"),
            _("Figure"),
            _("Value"),
            _("From"),
            _("To"),
            _("Unit"),
            _("Why it is missing"),
        ]
    )
    for one in content.figures:
        numbers = [_plain(number) for number in (one.value, one.low, one.high)]
        words = (one.campaign, one.per, one.name)
        unit = one.currency or one.unit
        writer.writerow([*map(csv_cell, words), *numbers, unit, csv_cell(one.why)])
    for table in content.tables:
        writer.writerows([[], [csv_cell(table.title)], [*map(csv_cell, table.heads)]])
        writer.writerows(
            [csv_cell(one) if isinstance(one, str) else _plain(one) for one in row] for row in table.rows
        )
    writer.writerow([])
    for fact in content.facts:
        writer.writerow([*map(csv_cell, fact)])
    for name, lines in (
        (_("Verdicts"), content.verdicts),
        (_("Noted"), (*content.notes, *content.annotations)),
    ):
        writer.writerows([name, csv_cell(said)] for said in lines)
    return (BOM * with_bom + out.getvalue()).encode()


def as_xlsx(content: Content) -> bytes:
    """Sheets of figures, of the lines of the chart, of parts and targets, and of what everything means."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": content.title, "comments": content.facts[0][1]})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _sheet(book, _("Figures"), _figure_rows(content), bold, wrapped)
        for table in (content.chart, *content.tables):
            _sheet(book, table.sheet, [table.heads, *table.rows], bold, wrapped)
        _sheet(book, _("Verdicts"), [[_("Verdicts")], *([one] for one in content.verdicts)], bold, wrapped)
        _sheet(book, _("Definitions"), list(_meaning_rows(content)), bold, wrapped)
        about = [
            [content.title, ""],
            *content.facts,
            *([one, ""] for one in (*content.notes, *content.annotations)),
        ]
        _sheet(book, _("About"), about, bold, wrapped)
    return out.getvalue()


def _figure_rows(content: Content) -> list[Sequence[Any]]:
    """A row for each figure; of each campaign its value, and from where to where it may lie."""
    heads: list[str] = [_("In all or per"), _("Figure"), _("Unit")]
    for name in content.campaigns:
        heads += [name, _("From"), _("To")]
    rows: list[Sequence[Any]] = [heads]
    for per, lines in content.by_group().items():
        for name, figures in lines.items():
            unit = ", ".join(dict.fromkeys(one.currency or one.unit for one in figures))
            numbers = [number for one in figures for number in (one.value, one.low, one.high)]
            rows.append([per, name, unit, *numbers])
    return rows


def _meaning_rows(content: Content) -> Iterator[Sequence[Any]]:
    yield [_("Figure"), _("What it means"), _("How it is worked out"), _("When"), _("Version")]
    for one in content.meanings:
        yield [one.name, one.words, one.formula, one.clock, one.version]


def _sheet(book: Any, name: str, rows: Sequence[Sequence[Any]], bold: Any, wrapped: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 40, 18)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            how = bold if number == 0 else wrapped
            if isinstance(value, int | float | Decimal):
                sheet.write_number(number, column, value, how)
            elif value is not None:
                sheet.write_string(number, column, value, how)


def _plain(number: Number | None) -> str:
    return "" if number is None else f"{number:f}" if isinstance(number, Decimal) else repr(number)
