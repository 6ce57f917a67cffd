"""PDF, and the first page of it as PNG: figures first, then the chart of the same numbers, definitions at the end."""

import io
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

import pypdfium2
from flask_babel import get_locale, pgettext
from flask_babel import gettext as _
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing, Line, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as PaperTable

from campaigns.reports.exporting.content import Content, Table
from cms.core.fonts import font_for

PAGE = landscape(A4)
MARGIN = 16 * mm
WIDTH = PAGE[0] - 2 * MARGIN - 12  # of text: the frame of a page keeps six points on each side
COLOURS = tuple(map(colors.HexColor, ("#0b6e99", "#c2570c", "#4d7c0f", "#86198f", "#a16207", "#475569")))
DASHES = (
    (),
    (6, 2),
    (2, 2),
    (8, 2, 2, 2),
    (1, 2),
    (4, 4),
)  # of campaigns, so that lines are told apart in grey
INK, QUIET, LINE = map(colors.HexColor, ("#1c1917", "#6b645c", "#d6d0c8"))
LOWEST, HIGHEST = 55 * mm, 120 * mm  # of the chart
SHARPNESS = 2  # pixels for each point of the picture


def as_pdf(content: Content) -> bytes:
    """The whole report, A4 across."""
    font = font_for(repr(content) + _("Page %(number)s of %(of)s", number=0, of=0) + "".join(_labels()))
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=PAGE,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=content.title,
        subject=content.facts[0][1],
        invariant=True,
    )
    document.build(list(_story(content, _Styles(font))), canvasmaker=_numbered(font))
    return out.getvalue()


def as_png(content: Content) -> bytes:
    """The first page of the report as a picture."""
    document = pypdfium2.PdfDocument(as_pdf(content))
    try:
        first = document[0]
        picture = first.render(scale=SHARPNESS).to_pil()
        first.close()
    finally:
        document.close()
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Styles:
    """Of text, all in one font: size and colour make the difference, never a false bold."""

    def __init__(self, font: str) -> None:
        self.font = font
        self.title = self._style("title", 18, 24, spaceAfter=4)
        self.head = self._style("head", 12, 18, spaceBefore=8, keepWithNext=1)
        self.text = self._style("text", 9, 13)
        self.term = self._style("term", 9, 12, spaceBefore=4)
        self.small = self._style("small", 7.5, 10, textColor=QUIET)
        self.cell = self._style("cell", 9, 12)
        self.number = self._style("number", 9, 12, alignment=2)

    def _style(self, name: str, size: float, leading: float, **more: object) -> ParagraphStyle:
        kept = {"textColor": INK, "wordWrap": "CJK" if _is_chinese() else None, **more}
        return ParagraphStyle(name, fontName=self.font, fontSize=size, leading=leading, **kept)


def _is_chinese() -> bool:
    return str(get_locale()).startswith("zh")


def _labels() -> tuple[str, ...]:
    return (
        _("Verdicts"),
        _("Definitions"),
        _("Figure"),
        pgettext("of a report", "Notes"),
        _("version %(number)s", number=0),
    )


def _story(content: Content, styles: _Styles) -> Iterator[Flowable]:
    yield Paragraph(escape(content.title), styles.title)
    for name, said in content.facts:
        yield Paragraph(escape(_("%(name)s: %(said)s", name=name, said=said)), styles.small)
    yield Spacer(1, 3 * mm)
    yield _figures(content, styles)
    if content.verdicts:
        yield Paragraph(_("Verdicts"), styles.head)
        for one in content.verdicts:
            yield Paragraph(escape(one), styles.text)
    yield _NamedChart(content, styles)
    for table in content.tables:
        yield Paragraph(escape(table.title), styles.head)
        yield _plain_table(table, styles)
    if content.notes or content.annotations:
        yield Paragraph(pgettext("of a report", "Notes"), styles.head)
        for one in (*content.notes, *content.annotations):
            yield Paragraph(escape(one), styles.text)
    head = [Paragraph(_("Definitions"), styles.head)]
    for meaning in content.meanings:
        version = _("version %(number)s", number=meaning.version)
        said = ("" if _is_chinese() else " ").join((meaning.words, meaning.formula, meaning.clock))
        named = Paragraph(escape(f"{meaning.name} · {version}"), styles.term)
        yield KeepTogether([*head, named, Paragraph(escape(said), styles.small)])
        head = []


def _figures(content: Content, styles: _Styles) -> Flowable:
    """All figures, the interval below each, the reason where there is none."""
    rows: list[list[Paragraph]] = [
        [
            Paragraph(_("Figure"), styles.cell),
            *(Paragraph(escape(one), styles.number) for one in content.campaigns),
        ]
    ]
    groups: list[int] = []
    for per, lines in content.by_group().items():
        groups.append(len(rows))
        rows.append(
            [Paragraph(escape(per), styles.small), *([Paragraph("", styles.cell)] * len(content.campaigns))]
        )
        for name, figures in lines.items():
            cells = [
                Paragraph(
                    escape(one.text)
                    + (
                        f'<br/><font size="7" color="#6b645c">{escape(one.interval)}</font>'
                        if one.interval
                        else ""
                    ),
                    styles.number,
                )
                for one in figures
            ]
            rows.append([Paragraph(escape(name), styles.cell), *cells])
    return _table(rows, len(content.campaigns), groups)


def _plain_table(table: Table, styles: _Styles) -> Flowable:
    def written(row: Sequence[object]) -> list[Paragraph]:
        said = ["–" if one is None else one if isinstance(one, str) else f"{one:,}" for one in row]
        return [
            Paragraph(escape(one), styles.cell if column in table.words else styles.number)
            for column, one in enumerate(said)
        ]

    return _table([written(row) for row in (table.heads, *table.rows)], len(table.heads) - 1, [])


def _table(rows: list[list[Paragraph]], columns: int, groups: Sequence[int]) -> Flowable:
    width = WIDTH
    first = min(70 * mm, width / (columns + 1) * 1.6)
    table = PaperTable(rows, colWidths=[first, *([(width - first) / columns] * columns)], repeatRows=1)
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            *(("SPAN", (0, row), (-1, row)) for row in groups),
            *(("TOPPADDING", (0, row), (-1, row), 6) for row in groups),
        ]
    )
    return table


class _NamedChart(Flowable):  # type: ignore[misc]  # the library has no types
    """The chart below its name, as high as the page has room for, so that no page stays half empty; on the next page where
    that would be too low."""

    def __init__(self, content: Content, styles: _Styles) -> None:
        super().__init__()
        self._content, self._styles = content, styles
        self._name = Paragraph(escape(content.chart_name), styles.head)

    def wrap(self, width: float, room: float) -> tuple[float, float]:
        """How much it takes of the room of this page; more than there is where it waits for the next."""
        above = self._name.wrap(width, room)[1] + self._styles.head.spaceBefore
        self._height = min(room - above, HIGHEST) if room - above >= LOWEST else HIGHEST
        return width, above + self._height

    def draw(self) -> None:
        """Below its name."""
        _chart(self._content, self._styles, self._height).drawOn(self.canv, 0, 0)
        self._name.drawOn(self.canv, 0, self._height)


def _chart(content: Content, styles: _Styles, height: float) -> Drawing:
    """A line for each campaign, broken where a day is missing; what is no measurement is thin."""
    width = WIDTH
    drawing = Drawing(width, height)
    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = 40, 40, width - 60, height - 60
    pieces = [(line, piece) for line in range(len(content.colours)) for piece in _pieces(content, line)]
    if not pieces:
        drawing.add(String(40, height / 2, "–", fontName=styles.font, fontSize=9, fillColor=QUIET))
        return drawing
    plot.data = [piece for _line, piece in pieces]
    for number, (line, _piece) in enumerate(pieces):
        colour = content.colours[line]
        plot.lines[number].strokeColor = COLOURS[colour - 1]
        plot.lines[number].strokeWidth = 0.7 if content.dashed[line] else 1.6
        plot.lines[number].strokeDashArray = (1, 2) if content.dashed[line] else DASHES[colour - 1] or None
    plot.yValueAxis.valueMin = 0
    plot.yValueAxis.labelTextFormat = lambda value: f"{value:,.0f}"
    days = [str(row[0]) for row in content.chart.rows]
    plot.xValueAxis.labelTextFormat = lambda value: (
        days[round(value)] if 0 <= round(value) < len(days) else ""
    )
    plot.xValueAxis.maximumTicks = 8
    for axis in (plot.xValueAxis, plot.yValueAxis):
        axis.labels.fontName, axis.labels.fontSize, axis.labels.fillColor = styles.font, 7, QUIET
        axis.strokeColor = LINE
    drawing.add(plot)
    for number, (name, colour) in enumerate(zip(content.chart.heads[1:], content.colours, strict=True)):
        x, y = 40 + number % 3 * (width / 3), 14 - number // 3 * 11
        dash = (1, 2) if content.dashed[number] else DASHES[colour - 1] or None
        drawing.add(
            Line(
                x,
                y + 3,
                x + 18,
                y + 3,
                strokeColor=COLOURS[colour - 1],
                strokeWidth=1.6,
                strokeDashArray=dash,
            )
        )
        drawing.add(String(x + 22, y, name, fontName=styles.font, fontSize=7.5, fillColor=INK))
    return drawing


def _pieces(content: Content, line: int) -> Iterator[list[tuple[int, float]]]:
    values = [(x, row[line + 1]) for x, row in enumerate(content.chart.rows)]
    for is_there, some in groupby(values, key=lambda one: one[1] is not None):
        if is_there:
            yield [(x, float(value)) for x, value in some if value is not None]


def _numbered(font: str) -> type[Canvas]:
    """A canvas that knows how many pages there are once the last is made."""

    class Numbered(Canvas):  # type: ignore[misc]  # the library has no types
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)
            self._pages: list[dict[str, object]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFont(font, 7.5)
                self.setFillColor(QUIET)
                said = _("Page %(number)s of %(of)s", number=number, of=len(self._pages))
                self.drawRightString(PAGE[0] - MARGIN - 6, 8 * mm, said)
                super().showPage()
            super().save()

    return Numbered
