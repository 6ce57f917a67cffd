"""A certificate as PDF: A4 across, its characters embedded, a QR code that leads to the page that says whether it holds."""

import io
from dataclasses import dataclass

import segno
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from cms.core.fonts import font_for

WIDTH, HEIGHT = landscape(A4)
INK, QUIET, LINE, ACCENT = map(colors.HexColor, ("#1c1917", "#57534e", "#d6d0c8", "#0b6e99"))
CODE = 26 * mm
MIDDLE = WIDTH / 2
WIDEST = WIDTH - 70 * mm


@dataclass(frozen=True)
class Words:
    """What stands on it, in one language."""

    site: str
    heading: str
    name: str
    said: str
    title: str
    contest: str
    day: str
    code: str
    address: str
    check: str


def as_pdf(words: Words) -> bytes:
    """One page."""
    font = font_for("".join(vars(words).values()))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=True)
    canvas.setTitle(f"{words.heading} {words.code}")
    canvas.setStrokeColor(LINE)
    canvas.rect(12 * mm, 12 * mm, WIDTH - 24 * mm, HEIGHT - 24 * mm)
    canvas.setFillColor(ACCENT)
    canvas.rect(12 * mm, HEIGHT - 15 * mm, WIDTH - 24 * mm, 3 * mm, stroke=0, fill=1)
    for text, size, high, colour in (
        (words.site, 14, 172, QUIET),
        (words.heading, 34, 148, INK),
        (words.name, 30, 121, ACCENT),
        (words.said, 15, 102, INK),
        (words.title, 20, 86, INK),
        (words.contest, 14, 70, QUIET),
    ):
        canvas.setFillColor(colour)
        canvas.setFont(font, _fitting(text, font, size))
        canvas.drawCentredString(MIDDLE, high * mm, text)
    canvas.setFillColor(QUIET)
    canvas.setFont(font, 10)
    canvas.drawString(25 * mm, 32 * mm, words.day)
    canvas.setFont(font, 9)
    canvas.drawString(25 * mm, 25 * mm, f"{words.check} {words.address}")
    _draw_code(canvas, words.address, WIDTH - 25 * mm - CODE, 21 * mm)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _fitting(text: str, font: str, size: float) -> float:
    """The size at which a line fits the page."""
    width = pdfmetrics.stringWidth(text, font, size)
    return size if width <= WIDEST else size * WIDEST / width


def _draw_code(canvas: Canvas, address: str, left: float, bottom: float) -> None:
    rows = [list(row) for row in segno.make_qr(address, error="m").matrix]
    side = CODE / len(rows)
    canvas.setFillColor(INK)
    for number, row in enumerate(rows):
        for column, is_dark in enumerate(row):
            if is_dark:
                canvas.rect(
                    left + column * side, bottom + CODE - (number + 1) * side, side, side, stroke=0, fill=1
                )
