"""From the bytes of a CSV file to rows of text, whatever program wrote them. Nothing in a cell is ever worked out: a
formula is the text that it is."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from cms.core.errors import Invalid
from cms.core.text import strip_control
from cms.core.walltime import zone_named

MOST_BYTES = 1_000_000
MOST_ROWS = 350
LONGEST_CELL = 20_000  # characters
COLUMNS: Mapping[str, tuple[str, ...]] = {  # the names of each column, in any case
    "id": ("id", "row", "编号"),
    "post": ("post", "内容", "文章"),
    "account": ("account", "账号", "帐号"),
    "at": ("at", "time", "date", "时间"),
    "zone": ("zone", "timezone", "time zone", "时区"),
    "text": ("text", "文字", "正文"),
    "media": ("media", "pictures", "图片"),
}
NEEDED = ("post", "account", "at")
DELIMITERS = (",", ";", "\t", "，")
_FORMULA = ("=", "+", "-", "@")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Row:
    """One line of the table, its cells trimmed. `number` is that of the line in the file, the header being 1."""

    number: int
    id: str = ""
    post: str = ""
    account: str = ""
    at: str = ""
    zone: str = ""
    text: str = ""
    media: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table that was read. `zone` holds for rows that name none."""

    rows: tuple[Row, ...]
    zone: str
    encoding: str
    unknown: tuple[str, ...]  # columns that were not read


def read_sheet(data: bytes, *, zone: str) -> Sheet:
    """Read a table: UTF-8 with or without a mark, UTF-16, or GB 18030; parted by commas, semicolons or tabs.

    Raises `Invalid` (field "file") with a sentence, and for a zone that is none (field "zone").
    """
    zone_named(zone)
    if len(data) > MOST_BYTES:
        raise _refused(_("This file is larger than 1 MB. Please split it."))
    text, encoding = _decoded(data)
    lines = [(number, cells) for number, cells in _cells(text) if any(one.strip() for one in cells)]
    if not lines:
        raise _refused(_("This file is empty."))
    (_number, header), *body = lines
    places, unknown = _places(header)
    if len(body) > MOST_ROWS:
        raise _refused(_("This table has more than %(most)d lines. Please split it.", most=MOST_ROWS))
    if not body:
        raise _refused(_("There is nothing below the names of the columns."))
    rows = tuple(_row(number, cells, places) for number, cells in body)
    return Sheet(rows, zone, encoding, tuple(unknown))


def _decoded(data: bytes) -> tuple[str, str]:
    # Programs in Chinese write GB 18030 where they do not write UTF-8.
    for encoding in ["utf-16"] if data.startswith(_UTF16) else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, encoding.removesuffix("-sig")
    raise _refused(_("This is no text file in UTF-8. Please save the table as “CSV UTF-8”."))


def _cells(text: str) -> list[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    if first.lower().startswith("sep="):  # Excel's own way to say what parts the cells
        text = text.split("\n", 1)[1] if "\n" in text else ""
        delimiter, skipped = first.strip()[4:5] or ",", 1
    else:
        delimiter, skipped = max(DELIMITERS, key=first.count), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found, begins = [], 1 + skipped
    try:
        for cells in reader:
            found.append((begins, cells))
            begins = reader.line_num + 1 + skipped
    except csv.Error as error:
        sentence = _(
            "Line %(number)d cannot be read: a quotation mark is missing, or stands alone.", number=begins
        )
        raise _refused(sentence) from error
    return found


def _places(header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each column stands, and the names that are none of ours."""
    known = {name: column for column, names in COLUMNS.items() for name in names}
    places: dict[str, int] = {}
    unknown = []
    for place, said in enumerate(header):
        column = known.get(" ".join(said.split()).casefold())
        if column is None:
            unknown += [said.strip()[:80]] if said.strip() else []
        elif column in places:
            raise _refused(_("The column “%(name)s” comes twice.", name=column))
        else:
            places[column] = place
    missing = [one for one in NEEDED if one not in places]
    if missing:
        raise _refused(
            _(
                "The first line must name the columns. These are missing: %(missing)s.",
                missing=", ".join(missing),
            )
        )
    return places, unknown


def _row(number: int, cells: Sequence[str], places: Mapping[str, int]) -> Row:
    said = {column: _cell(cells[place]) for column, place in places.items() if place < len(cells)}
    return Row(number, **said)


def _cell(said: str) -> str:
    """As it was meant: without space around it, and without the mark that keeps programs from working out a formula."""
    text = strip_control(said).strip()[:LONGEST_CELL]
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, errors={"file": sentence})
