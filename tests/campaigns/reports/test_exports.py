"""Files of a comparison hold the figures of its page, as numbers where numbers are worked with."""

import csv
import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import pypdfium2
import pytest
from flask import Flask
from flask_babel import force_locale
from PIL import Image

from campaigns.reports import presenting
from campaigns.reports.exporting.content import Content, content_of
from campaigns.reports.exporting.paper import as_pdf, as_png
from campaigns.reports.exporting.tables import as_csv, as_xlsx
from tests.campaigns.reports.made import comparison

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def english(app: Flask) -> Iterator[Content]:
    """As an English reader gets it."""
    with app.test_request_context(), force_locale("en"):
        yield content_of(comparison())


def texts_of(pdf: bytes) -> list[str]:
    """The words of each page."""
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        words = page.get_textpage()
        pages.append(words.get_text_range())
        words.close()
        page.close()
    document.close()
    return pages


def cells_of(xlsx: bytes, sheet: int = 1) -> dict[str, str | float]:
    """Cells by place; numbers as numbers."""
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        shared = [
            "".join(one.itertext())
            for one in ElementTree.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{SHEET}si")
        ]
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    assert not list(root.iter(f"{SHEET}f"))  # nothing is worked out
    found: dict[str, str | float] = {}
    for cell in root.iter(f"{SHEET}c"):
        value = cell.find(f"{SHEET}v")
        if value is not None and value.text is not None:
            is_words = cell.get("t") == "s"
            found[cell.get("r", "")] = shared[int(value.text)] if is_words else float(value.text)
    return found


def test_csv_has_plain_numbers_and_no_formula(english: Content) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(english, with_bom=False).decode())))
    assert rows[0][:4] == ["Campaign", "In all or per", "Figure", "Value"]
    named = {(one[0], one[1], one[2]): one[3:] for one in rows if len(one) == 8}
    assert named["'=SUM(A1:A9)", "In all", "Views"] == ["1204", "", "", "count", ""]
    assert named["Night bus", "In all", "Cost"] == ["139400.00", "", "", "CNY", ""]
    assert named["Night bus", "Per post", "Views"] == ["22.0", "11.0", "44.0", "count", ""]
    assert named["Night bus", "In all", "Followers gained"][0] == ""
    assert named["Night bus", "In all", "Followers gained"][4] == "No network has told us."


def test_csv_has_every_table_of_the_page(english: Content) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(english, with_bom=False).decode())))
    parts = rows.index(["Views by Channel"])
    assert rows[parts - 1 : parts + 3] == [
        [],
        ["Views by Channel"],
        ["Channel", "'=SUM(A1:A9)", "Night bus"],
        ["Search engines", "1000", "11"],
    ]
    assert ["Night bus", "Views", "31 Oct 2026", "2000", "88", "Not met"] in rows
    assert ["Noted", "2 Oct 2026: The fair opened"] in rows
    assert any(row[:1] == ["Verdicts"] and "“The long road”" in row[1] for row in rows)


def test_the_mark_of_utf8_is_a_choice(english: Content) -> None:
    assert as_csv(english, with_bom=True) == b"\xef\xbb\xbf" + as_csv(english, with_bom=False)


def test_a_workbook_has_numbers_as_numbers_and_what_they_mean(english: Content) -> None:
    book = as_xlsx(english)
    figures = cells_of(book)
    assert figures["D1"] == "=SUM(A1:A9)"
    views = next(place[1:] for place, said in figures.items() if place[0] == "B" and said == "Views")
    assert (figures[f"D{views}"], figures[f"G{views}"]) == (1204, 88)
    days = cells_of(book, 2)
    assert (days["B2"], days.get("B3"), days["B4"]) == (400, None, 804)  # missing is empty, not nought
    known, parts, targets = (cells_of(book, sheet) for sheet in (3, 4, 5))
    assert (known["A3"], known["B3"], known["C3"]) == ("Targets met", "1 of 2", "0 of 2")
    assert (parts["A2"], parts["B2"], parts["C2"]) == ("Search engines", 1000, 11)
    assert [targets[f"{place}2"] for place in "BCDEF"] == ["Views", "31 Oct 2026", 2000, 1204, "Not met"]
    assert [targets[f"{place}3"] for place in "BDEF"] == ["People reached", 50, 1104, "Met, by an estimate"]
    assert "“The long road”" in str(cells_of(book, 6)["A3"])
    assert cells_of(book, 7)["A2"] == "People reached"
    assert "As of" in cells_of(book, 8).values()


@pytest.mark.slow
def test_every_figure_of_the_page_stands_in_the_pdf_and_definitions_last(app: Flask) -> None:
    compared = comparison()
    for language, title in (("en", "Page 1 of"), ("zh", "每所学校一条线")):
        with app.test_request_context(environ_overrides={"parley.locale": language}):
            pages = texts_of(as_pdf(content_of(compared)))
            shown = [
                cell.text
                for group in presenting.groups_of(compared)
                for line in group.lines
                for cell in line.cells
            ]
            content = content_of(compared)
            meaning = content.meanings[-1].words
        whole = "".join(pages)
        assert title in whole
        shown += [str(row[0]) for table in content.tables for row in table.rows]
        shown += [str(row[-1]) for row in content.tables[-1].rows]  # where targets stand
        printed = "".join(whole.split())  # a cell may take two lines
        assert {one for one in shown if "".join(one.split()) not in printed} == set()
        assert meaning[:12] in pages[-1]
        assert meaning[:12] not in "".join(pages[:-1])


@pytest.mark.slow
def test_the_font_is_in_the_pdf_and_the_picture_is_its_first_page(english: Content) -> None:
    pdf = as_pdf(english)
    assert b"/FontFile2" in pdf
    assert as_pdf(english) == pdf
    with Image.open(io.BytesIO(as_png(english))) as picture:
        assert picture.format == "PNG"
        assert picture.width > picture.height > 1000
