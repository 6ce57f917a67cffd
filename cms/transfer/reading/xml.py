"""XML from strangers: streamed, without DTD, entities or outside references, and within limits.

Expat is told to stop at `<!DOCTYPE`, before anything could be declared, so neither a billion laughs nor the
small DTD that grows to 100 kB gets anywhere. Exports of old systems hold control characters that XML forbids;
they are taken out on the way rather than making a whole site unreadable.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from cms.transfer.reading.vocabulary import UnreadableSource

DEEPEST = 60
LARGEST_ITEM = 32 * 1024 * 1024  # bytes between the ends of two items
_FORBIDDEN = bytes(c for c in range(32) if c not in (9, 10, 13))


class _Tidy:
    """A binary file without forbidden control characters, and with a limit on what one item may take."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.since_item = 0
        self.removed = 0
        head = file.read(4)
        file.seek(0)
        self.is_wide = (
            head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head
        )  # UTF-16 needs its zero bytes

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.since_item += len(data)
        if self.since_item > LARGEST_ITEM:
            raise UnreadableSource(
                f"One item of this file is larger than {LARGEST_ITEM // 1024 // 1024} MB. Nothing was imported."
            )
        if self.is_wide or not data:
            return data
        clean = data.translate(None, _FORBIDDEN)
        self.removed += len(data) - len(clean)
        return clean or self.read(size)


def local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def elements(path: Path, *, parents: tuple[str, ...]) -> Iterator[Element]:
    """Each element that stands directly inside one of `parents`, complete; it is forgotten after its turn.

    Raises `UnreadableSource` where the file is broken or hostile.
    """
    try:
        with path.open("rb") as file:
            yield from _elements(_Tidy(file), parents)
    except DefusedXmlException as error:
        raise UnreadableSource(
            f"{path.name} declares a document type or entities, which an export never needs. Nothing was imported."
        ) from error
    except ParseError as error:
        line, column = error.position
        raise UnreadableSource(
            f"{path.name} is not well-formed XML: line {line}, column {column} ({_reason(error)}). Nothing was imported."
        ) from error
    except (OSError, LookupError, ValueError) as error:  # unreadable, or an encoding nobody knows
        raise UnreadableSource(f"{path.name} cannot be read as XML: {error}.") from error


def _elements(file: _Tidy, parents: tuple[str, ...]) -> Iterator[Element]:
    above: list[Element] = []
    events = iterparse(file, events=("start", "end"), forbid_dtd=True)
    for event, element in events:
        if event == "start":
            above.append(element)
            if len(above) > DEEPEST:
                raise UnreadableSource(f"This file nests deeper than {DEEPEST} levels. Nothing was imported.")
            continue
        above.pop()
        if above and local(above[-1].tag) in parents:
            yield element
            above[-1].clear()  # the element and its text; memory stays that of one item
            file.since_item = 0


def _reason(error: ParseError) -> str:
    return str(error).partition(":")[0]
