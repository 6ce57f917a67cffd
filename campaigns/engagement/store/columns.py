"""Events side by side: a column for each thing that is said of them, as reading them one by one costs most.

Lines of the spool are cut at their tabs all at once. Numbers become arrays; words of which many are alike (what a browser
says of itself, what a page is about) are kept once, with a code for each event. An `Event` is only made of a row when
somebody asks for it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from campaigns.engagement.lines import KINDS, Line, read_line, write_line
from campaigns.engagement.store.events import HOUR, Event, month_at
from campaigns.engagement.store.grouping import Numbers, distinct

Flags = NDArray[np.bool_]
VIEW, READ, CLICK, FETCH, FACT, LOST = range(len(KINDS))
_TABS = 18  # in a line
_DIGITS = 19  # of the largest number
_NOUGHTS, _SIX, _UPPER = (np.uint64(int(byte * 8, 16)) for byte in ("30", "06", "f0"))
_PAIRS = np.uint64(0x000000FF000000FF)
_KEEP = np.array(
    [(2**64 - 1) ^ (2 ** (64 - 8 * digits) - 1) for digits in range(9)], np.uint64
)  # the last so many
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_KIND = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Words:
    """What is said of each event, where many say the same: each word once, and its code for each event."""

    codes: Numbers
    words: list[Any]

    @classmethod
    def of(cls, said: Sequence[Any]) -> "Words":
        """From one word for each event."""
        words = list(dict.fromkeys(said))
        number = {word: code for code, word in enumerate(words)}
        return cls(np.fromiter(map(number.__getitem__, said), np.int64, len(said)), words)

    def each(self, of: Callable[[Any], Any], kind: Any = np.int64) -> Any:
        """An array of a number (or of another `kind`) for each event, asked once for each word."""
        made = np.empty(len(self.words), kind)
        made[:] = [of(word) for word in self.words]
        return made[self.codes]

    def become(self, of: Callable[[Any], Any]) -> "Words":
        """Other words for these; words that become the same are one."""
        other = Words.of([of(word) for word in self.words])
        return Words(other.codes[self.codes], other.words)

    def take(self, rows: NDArray[Any]) -> "Words":
        """Of some events."""
        return Words(self.codes[rows], self.words)

    def list(self) -> list[Any]:
        """The word of each event."""
        return list(map(self.words.__getitem__, self.codes.tolist()))


@dataclass(frozen=True)
class Lines:
    """Lines as they were read, without their ends: where each lies in the text of all."""

    text: bytes
    starts: Numbers
    ends: Numbers

    def take(self, rows: NDArray[Any]) -> "Lines":
        """Of some events."""
        return Lines(self.text, self.starts[rows], self.ends[rows])

    def __getitem__(self, row: int) -> bytes:
        return self.text[self.starts[row] : self.ends[row]]

    def joined(self) -> bytes:
        """All of them, with `\\n` between: mostly they lie like that already."""
        if (self.starts[1:] == self.ends[:-1] + 1).all():
            return self.text[self.starts[0] : self.ends[-1]] if len(self.starts) else b""
        places = map(slice, self.starts.tolist(), self.ends.tolist())
        return b"\n".join(map(self.text.__getitem__, places))


@dataclass
class Batch(Sequence[Event]):
    """Events, in the order in which they are added up."""

    lines: Lines
    at: Numbers
    visitor: Numbers
    view: Numbers
    sequence: Numbers
    seconds: Numbers
    depth: Numbers
    how: Words  # kind and hints
    subject: Words
    click: NDArray[Any]
    browser: Words  # referrer, utm, language, device, agent, value
    origin: Words  # network, country
    # who did it and what it is about: see Event
    verdict: Words = field(default_factory=lambda: Words(np.empty(0, np.int64), []))  # verdict, rule, version
    place: Words = field(default_factory=lambda: Words(np.empty(0, np.int64), []))  # post, link, campaign
    channel: Words = field(default_factory=lambda: Words(np.empty(0, np.int64), []))
    window: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    day: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    campaign_day: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    again: Numbers = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def of(cls, events: Sequence[Event]) -> "Batch":
        """From single ones."""
        said = [event.said or write_line(event.line)[:-1] for event in events]
        batch = _cut(b"".join(one + b"\n" for one in said))
        if batch is None:
            raise ValueError("an event holds a line that is none of ours")
        batch.verdict = Words.of([(event.verdict, event.rule, event.version) for event in events])
        batch.place = Words.of([(event.post, event.link, event.campaign) for event in events])
        batch.channel = Words.of([event.channel for event in events])
        for name in ("window", "day", "campaign_day", "again"):
            setattr(batch, name, np.array([getattr(event, name) for event in events], np.int64))
        return batch

    def take(self, rows: NDArray[Any]) -> "Batch":
        """Some of them, by a mask or by their numbers; of a batch whose columns are all there, or that was just read."""
        return Batch(*(_taken(getattr(self, one.name), rows) for one in fields(self)))

    @cached_property
    def kind(self) -> Numbers:
        """As in KINDS, by number."""
        made: Numbers = self.how.each(lambda how: _KIND[how[0]])
        return made

    @cached_property
    def is_human(self) -> Flags:
        """By its verdict."""
        made: Flags = self.verdict.each(lambda told: told[0] == "human", np.bool_)
        return made

    @cached_property
    def has_click(self) -> Flags:
        """Whether it names a click."""
        return np.asarray(self.click != "", np.bool_)

    @cached_property
    def month(self) -> Numbers:
        """In which each was, UTC."""
        first, of = distinct(self.at // HOUR)
        return np.array([month_at(int(self.at[row])) for row in first.tolist()], np.int64)[of]

    def __len__(self) -> int:
        return len(self.at)

    @overload
    def __getitem__(self, row: int) -> Event: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Event]: ...
    def __getitem__(self, row: int | slice) -> Event | Sequence[Event]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        if row >= len(self):
            raise IndexError(row)
        post, link, campaign = self.place.words[self.place.codes[row]]
        verdict, rule, version = self.verdict.words[self.verdict.codes[row]]
        return Event(
            self.line(row),
            verdict,
            rule,
            version,
            int(self.window[row]),
            post,
            link,
            campaign,
            int(self.day[row]),
            int(self.campaign_day[row]),
            self.channel.words[self.channel.codes[row]],
            int(self.again[row]),
            self.lines[row],
        )

    def __iter__(self) -> Iterator[Event]:
        return (self[row] for row in range(len(self)))

    def line(self, row: int) -> Line:
        """What one of them says."""
        return next(self.some(np.array([row])))

    def some(self, rows: Numbers) -> Iterator[Line]:
        """What some of them say."""
        numbers = (self.view, self.sequence, self.seconds, self.depth)
        for at, (kind, hints), visitor, subject, click, more, browser, origin in zip(
            self.at[rows].tolist(),
            self.how.take(rows).list(),
            self.visitor[rows].tolist(),
            self.subject.take(rows).list(),
            self.click[rows].tolist(),
            zip(*(one[rows].tolist() for one in numbers), strict=True),
            self.browser.take(rows).list(),
            self.origin.take(rows).list(),
            strict=True,
        ):
            yield Line(at, kind, hints, visitor, subject, click, *more, *browser, *origin)


def of_kind(events: Sequence[Event], kind: str) -> list[Event]:
    """Those of one kind; of a batch no others are made."""
    if isinstance(events, Batch):
        return [events[row] for row in np.flatnonzero(events.kind == _KIND[kind]).tolist()]
    return [event for event in events if event.line.kind == kind]


def read_lines(whole: bytes) -> tuple[Batch, int]:
    """Events of whole lines, of which nothing is told yet; and how many lines say nothing."""
    batch = _cut(whole)
    if batch is not None:
        return batch, 0
    lines = whole.split(b"\n")[:-1]  # one of them is unusual: look at each
    good = [write_line(line) for line in map(read_line, lines) if line is not None]
    batch = _cut(b"".join(good))
    assert batch is not None
    return batch, len(lines) - len(good)


def _cut(whole: bytes) -> Batch | None:
    """None where a line is not as `write_line` makes it."""
    said = np.frombuffer(whole, np.uint8)
    marks = np.flatnonzero(said < ord(" "))  # lines hold no other control characters
    if len(marks) % (_TABS + 1):
        return None
    edges = np.ascontiguousarray(marks.reshape(-1, _TABS + 1).T)
    ends = edges[-1]
    starts = np.append(0, ends + 1)[:-1]
    is_whole = (said[edges[:-1]] == ord("\t")).all() and (said[ends] == ord("\n")).all()
    if not (
        is_whole and (edges[0] == starts + 1).all() and (said[starts] == ord("2")).all() and _is_text(whole)
    ):
        return None
    padded = b"0" * 8 + whole
    eights: NDArray[np.uint64] = np.ndarray(
        (len(whole) + 1,), np.dtype("<u8"), padded, strides=(1,)
    )  # that end there
    numbers = [_numbers(eights, edges[one] + 1, edges[one + 1]) for one in (0, 3, 6, 7, 8, 9)]
    how = _words(whole, eights, edges[1], edges[3])
    if any(one is None for one in numbers) or not {kind for kind, _ in how.words} <= _KIND.keys():
        return None
    click = np.full(len(ends), "", object)
    rows = np.flatnonzero(edges[6] > edges[5] + 1)
    click[rows] = [one.decode() for one in _pieces(whole, edges[5][rows], edges[6][rows])]
    words = (_words(whole, eights, edges[one], edges[end]) for one, end in ((4, 5), (10, 16), (16, 18)))
    subject, browser, origin = words
    columns: list[Any] = [*numbers, how, subject.become(lambda one: one[0]), click, browser, origin]
    return Batch(Lines(whole, starts, ends), *columns)


def _is_text(whole: bytes) -> bool:
    try:
        whole.decode()
    except UnicodeDecodeError:
        return False
    return True


def _numbers(eights: NDArray[np.uint64], first: Numbers, end: Numbers) -> Numbers | None:
    """Eight digits at a time, of all lines at once. None where one is no number, or larger than 63 bits."""
    if not len(first):
        return first
    lengths = end - first
    longest = int(lengths.max())
    if int(lengths.min()) < 1 or longest > _DIGITS:
        return None
    number = np.zeros(len(first), np.uint64)
    for part in range(-(-longest // 8)):  # the last eight first
        keep = _KEEP[np.clip(lengths - 8 * part, 0, 8)]
        digits = (eights[end - 8 * part] & keep) | (_NOUGHTS & ~keep)
        digits -= (
            _NOUGHTS  # what is less than "0" or more than "9" now has one of the four upper bits, or gets it
        )
        if ((digits | (digits + _SIX)) & _UPPER).any():
            return None
        digits = digits * np.uint64(10) + (
            digits >> np.uint64(8)
        )  # two and two, then four and four, then all
        pairs = (digits & _PAIRS) * np.uint64(0x000F424000000064)
        pairs += ((digits >> np.uint64(16)) & _PAIRS) * np.uint64(0x0000271000000001)
        number += (pairs >> np.uint64(32)) * np.uint64(10 ** (8 * part))
    return None if (number >= 2**63).any() else number.astype(np.int64)


def _pieces(whole: bytes, tab: Numbers, end: Numbers) -> list[bytes]:
    return [whole[one:other] for one, other in zip((tab + 1).tolist(), end.tolist(), strict=True)]


def _words(whole: bytes, eights: NDArray[np.uint64], tab: Numbers, end: Numbers) -> Words:
    """Only one of those that are alike is made a word."""
    alike = _alike(eights, tab + 1, end)
    if alike is None:
        return Words.of(_pieces(whole, tab, end)).become(_parts)
    first, of = alike
    return Words(of, list(map(_parts, _pieces(whole, tab[first], end[first]))))


def _parts(said: bytes) -> tuple[str, ...]:
    return tuple(said.decode().split("\t"))


def _alike(eights: NDArray[np.uint64], first: Numbers, end: Numbers) -> tuple[Numbers, Numbers] | None:
    """Groups of pieces that are the same: the first of each, and the group of each piece.

    Pieces are told apart by a sum of their bytes, eight at a time, and then compared with the first of their group. None
    where that is another one after all: somebody has found two with the same sum.
    """
    lengths = end - first
    sums = lengths.astype(np.uint64)
    parts: list[tuple[Numbers, NDArray[np.uint64]]] = []
    rows = np.arange(len(first))
    while len(rows := rows[lengths[rows] > 8 * len(parts)]):
        left = lengths[rows] - 8 * len(parts)
        part = eights[end[rows] - 8 * len(parts)] & _KEEP[np.minimum(left, 8)]
        mixed = (sums[rows] ^ part) * _FACTOR
        sums[rows] = mixed ^ (mixed >> np.uint64(32))
        parts.append((rows, part))
    groups = distinct(sums)
    same = groups[0][groups[1]]
    if (lengths != lengths[same]).any():
        return None
    seen = np.empty(len(first), np.uint64)
    for rows, part in parts:
        seen[rows] = part
        if (part != seen[same[rows]]).any():
            return None
    return groups


def _taken(column: Any, rows: NDArray[Any]) -> Any:
    if isinstance(column, Words):
        return column.take(rows) if len(column.codes) else column
    if isinstance(column, Lines):
        return column.take(rows)
    return column[rows] if len(column) else column
