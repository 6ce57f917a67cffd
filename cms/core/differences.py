"""What differs between two texts, as people read it: paragraph by paragraph, then word by word in Latin scripts and
character by character in Chinese, with scraps of agreement between two changes left out. Pure, and done within a deadline:
what cannot be compared in time is shown as replaced.
"""

import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from diff_match_patch import diff_match_patch

from cms.core.text import count_words

SECONDS = 1.5
LONGEST = 250_000  # characters of each text; beyond, nothing is compared
MOST_PAIRED = 3_000  # paragraphs changed in a row; of more, none is taken for another rewritten
BAND = 25  # how far a rewritten paragraph is looked for among those that changed with it
MOST_PARAGRAPHS = 10_000
NEIGHBOURS = 1  # unchanged paragraphs shown beside a change
FEWEST_FOLDED = 3
LIKENESS = 0.35  # share of words two paragraphs must have in common to be the same one, rewritten
_TOKEN = re.compile(
    r"[^\W\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+(?:['\u2019][^\W\u2e80-\u9fff]+)?|[ \t]+|.",
    re.DOTALL,
)
_FIRST_SIGN, _LAST_SIGN = 0x20000, 0x2A6DF  # letters to the library, so that it likes the ends of words


@dataclass(frozen=True)
class Piece:
    """A run of text that is in both texts ("same"), only in the old one ("gone") or only in the new one ("new")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """One paragraph in both texts, side by side. `kind` is "same", "changed", "gone" or "new"."""

    kind: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    inline: tuple[Piece, ...]


@dataclass(frozen=True)
class Block:
    """Paragraphs in a row; folded when they are the same and away from any change."""

    rows: tuple[Row, ...]
    is_folded: bool


@dataclass(frozen=True)
class Difference:
    """All paragraphs in order, without blank ones, and how many words came and went."""

    rows: tuple[Row, ...]
    added: int
    removed: int

    @property
    def changes(self) -> int:
        """How many paragraphs changed."""
        return sum(1 for row in self.rows if row.kind != "same")

    @property
    def blocks(self) -> list[Block]:
        """The paragraphs, with long runs of unchanged ones folded: one stays on each side of a change."""
        blocks: list[Block] = []
        for is_same, group in groupby(self.rows, lambda row: row.kind == "same"):
            run = tuple(group)
            head = min(NEIGHBOURS, len(run)) if blocks else 0
            is_last = run[-1] is self.rows[-1]
            tail = len(run) if is_last else len(run) - NEIGHBOURS
            if not is_same or tail - head < FEWEST_FOLDED:
                blocks.append(Block(run, is_folded=False))
                continue
            parts = [(run[:head], False), (run[head:tail], True), (run[tail:], False)]
            blocks.extend(Block(rows, is_folded) for rows, is_folded in parts if rows)
        return blocks

    @property
    def is_empty(self) -> bool:
        """Whether the two say the same."""
        return self.changes == 0


def difference(old: str, new: str, *, seconds: float = SECONDS) -> Difference:
    """Compare two texts. `added` and `removed` count words as `count_words` does."""
    until = time.monotonic() + seconds
    rows: list[Row] = []
    for gone, came in _blocks(old, new, until):
        if gone is came:
            rows.extend(_row("same", (Piece("same", line),)) for line in gone)
        else:
            rows.extend(_compared(before, after, until) for before, after in _paired(gone, came, until))
    rows = [row for row in rows if any(piece.text.strip() for piece in row.inline)]
    return Difference(tuple(rows), _words(rows, "new"), _words(rows, "gone"))


def words_changed(old: str, new: str) -> tuple[int, int]:
    """How many words the new text has that the old one had not, and the other way round, wherever they stand."""
    before, after = Counter(_words_of(old)), Counter(_words_of(new))
    return (after - before).total(), (before - after).total()


def _words_of(text: str) -> list[str]:
    return [token for token in _TOKEN.findall(text) if token[0].isalnum()]


def _blocks(old: str, new: str, until: float) -> list[tuple[list[str], list[str]]]:
    """Runs of paragraphs that are in both texts (the same list twice), and runs that were replaced."""
    before, after = old.splitlines(), new.splitlines()
    if before == after:
        return [(before, before)]
    if max(len(old), len(new)) > LONGEST or max(len(before), len(after)) > MOST_PARAGRAPHS:
        return [([old], []), ([], [new])]
    blocks: list[tuple[list[str], list[str]]] = []
    gone: list[str] = []
    came: list[str] = []
    for kind, lines in _changes(before, after, until):
        if kind < 0:
            gone.extend(lines)
        elif kind > 0:
            came.extend(lines)
        else:
            if gone or came:
                blocks.append((gone, came))
            blocks.append((lines, lines))
            gone, came = [], []
    return [*blocks, (gone, came)] if gone or came else blocks


def _changes(
    before: Sequence[str], after: Sequence[str], until: float, *, is_prose: bool = False
) -> list[tuple[int, list[str]]]:
    """The library compares strings, so every item becomes one letter, and is read back afterwards."""
    signs = _Signs()
    library = diff_match_patch()
    library.Diff_Timeout = max(0.001, until - time.monotonic())  # seconds; zero would mean for ever
    found = library.diff_main(signs.written(before), signs.written(after), False)
    if is_prose:
        library.diff_cleanupSemantic(found)
    return [(kind, signs.read(text)) for kind, text in found]


class _Signs:
    """A letter for every token: itself when it is one, else one from a script the library takes for letters."""

    def __init__(self) -> None:
        self._signs: dict[str, str] = {}
        self._tokens: dict[str, str] = {}

    def written(self, tokens: Sequence[str]) -> str:
        return "".join(self._sign(token) for token in tokens)

    def read(self, text: str) -> list[str]:
        return [self._tokens[sign] for sign in text]

    def _sign(self, token: str) -> str:
        if token not in self._signs:
            is_plain = len(token) == 1 and not _FIRST_SIGN <= ord(token) <= 0x10FFFF
            sign = token if is_plain else self._next()
            self._signs[token], self._tokens[sign] = sign, token
        return self._signs[token]

    def _next(self) -> str:
        code = _FIRST_SIGN + len(self._signs)
        return chr(code if code <= _LAST_SIGN else code - _LAST_SIGN + 0xF0000)


def _paired(gone: list[str], came: list[str], until: float) -> list[tuple[str | None, str | None]]:
    """Which paragraph became which: the alignment, in order, that keeps most words together."""
    if len(gone) == len(came) == 1:
        return [(gone[0], came[0])]
    if time.monotonic() > until or len(gone) + len(came) > MOST_PAIRED:
        return [*((one, None) for one in gone), *((None, one) for one in came)]
    before, after = [set(_words_of(one)) for one in gone], [set(_words_of(one)) for one in came]
    likeness = {
        (i, j): like
        for i in range(len(gone))
        for j in range(max(0, i - BAND), min(len(came), i + BAND + 1))
        if (like := _likeness(before[i], after[j])) >= LIKENESS
    }
    best: dict[tuple[int, int], float] = {}
    for i in reversed(range(len(gone))):
        for j in reversed(range(max(0, i - BAND), min(len(came), i + BAND + 1))):
            together = likeness[i, j] + best.get((i + 1, j + 1), 0.0) if (i, j) in likeness else 0.0
            best[i, j] = max(together, best.get((i + 1, j), 0.0), best.get((i, j + 1), 0.0))
    pairs: list[tuple[str | None, str | None]] = []
    i = j = 0
    while i < len(gone) and j < len(came):
        here = best.get((i, j), 0.0)
        if (i, j) in likeness and here == likeness[i, j] + best.get((i + 1, j + 1), 0.0):
            pairs.append((gone[i], came[j]))
            i, j = i + 1, j + 1
        elif here == best.get((i + 1, j), 0.0):
            pairs.append((gone[i], None))
            i += 1
        else:
            pairs.append((None, came[j]))
            j += 1
    return [*pairs, *((one, None) for one in gone[i:]), *((None, one) for one in came[j:])]


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one), len(other), 1)


def _compared(before: str | None, after: str | None, until: float) -> Row:
    if before is None:
        return _row("new", (Piece("new", after or ""),))
    if after is None:
        return _row("gone", (Piece("gone", before),))
    if time.monotonic() > until:
        return _row("changed", (Piece("gone", before), Piece("new", after)))
    kinds = {-1: "gone", 0: "same", 1: "new"}
    found = _changes(_TOKEN.findall(before), _TOKEN.findall(after), until, is_prose=True)
    return _row("changed", tuple(Piece(kinds[kind], "".join(tokens)) for kind, tokens in found))


def _row(kind: str, pieces: tuple[Piece, ...]) -> Row:
    before = tuple(piece for piece in pieces if piece.kind != "new")
    after = tuple(piece for piece in pieces if piece.kind != "gone")
    return Row(kind, before, after, pieces)


def _words(rows: Sequence[Row], kind: str) -> int:
    return sum(count_words(piece.text) for row in rows for piece in row.inline if piece.kind == kind)
