"""Clean HTML as plain text that keeps its paragraphs and its addresses."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import unquote

_BLOCKS = frozenset(
    "p h2 h3 h4 h5 h6 blockquote figure figcaption pre table section details summary dl ul ol hr div".split()
)
_LINES = frozenset("li tr dt dd br".split())
_SKIPPED = frozenset(("audio", "video", "rp", "rt"))


def readable(html: str, names: Mapping[str, str] | None = None) -> str:
    """The words of clean HTML: a blank line between paragraphs, list items on lines of their own, the address of a link
    behind its words where they are not the address themselves.

    A handle of ours is a stranger's elsewhere, so instead of it the name of who is meant stands (`names`, by handle).
    """
    reader = _Reader(names or {})
    reader.feed(html)
    reader.close()
    text = re.sub(r"[^\S\n]*\n[^\S\n]*", "\n", "".join(reader.pieces))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


class _Reader(HTMLParser):
    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._names = names
        self.pieces: list[str] = []
        self._addresses: list[tuple[str, int]] = []  # where links lead, and the piece their words begin at
        self._skipping = 0
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Lines begin."""
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
        elif tag in _LINES:
            self.pieces.append("\n• " if tag == "li" else "\n")
        elif tag in ("td", "th"):
            self.pieces.append(" ")
        elif tag == "a":
            self._addresses.append((dict(attrs).get("href") or "", len(self.pieces)))
        if tag == "pre":
            self._verbatim += 1

    def handle_endtag(self, tag: str) -> None:
        """Lines end, and a link says where it leads."""
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
        elif tag == "a" and self._addresses:
            address, begins = self._addresses.pop()
            said = "".join(self.pieces[begins:]).strip()
            if address.startswith("/@") and said.startswith("@"):
                handle = unquote(address.removeprefix("/@"))
                self.pieces[begins:] = [self._names.get(handle, said.removeprefix("@"))]
            elif address.startswith(("https://", "http://")) and not _says(said, address):
                self.pieces.append(f" ({address})" if said else address)
        if tag == "pre":
            self._verbatim = max(0, self._verbatim - 1)

    def handle_data(self, data: str) -> None:
        """Words; runs of space are one, but in code."""
        if not self._skipping:
            self.pieces.append(data if self._verbatim else re.sub(r"\s+", " ", data))


def _says(said: str, address: str) -> bool:
    bare = re.sub(r"^https?://(www\.)?", "", address).rstrip("/")
    return re.sub(r"^https?://(www\.)?", "", said).rstrip("/") == bare or said.startswith(("#", "@"))
