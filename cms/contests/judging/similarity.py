"""What two texts have in common, for a person to look at. Never a verdict. Pure.

Texts are cut into shingles, runs of units (A. Z. Broder, "On the resemblance and containment of documents", 1997): a unit
is a Latin word or one Han character, both folded as the search does. `contained` is how much of the entry stands in the
other text, `resemblance` how much of both together is shared. Shingles are compared exactly, through an index of where
they are: for the few hundred entries of a contest no estimate (MinHash) is needed, and an exact figure can be shown with
its passages.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from cms.core.text import is_ideographic, search_runs

LENGTH = 5  # units of a shingle
LEAST_SHARED = 0.1  # of an entry, below which a pair is not shown ...
LEAST_RUN = 16  # ... unless so many units stand there in one piece
MOST_PASSAGES = 5


@dataclass(frozen=True)
class Likeness:
    """What an entry has in common with another text, and the longest passages of it."""

    entry: str
    other: str
    contained: float
    resemblance: float
    longest: int  # units in one piece
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Shingled:
    """A text as units and the hashes of its shingles, in order."""

    units: tuple[str, ...]
    shingles: tuple[int, ...]


def shingle(text: str) -> Shingled:
    """Cut a plain text up."""
    units = tuple(_units(text))
    hashes = tuple(_hash(units[at : at + LENGTH]) for at in range(len(units) - LENGTH + 1))
    return Shingled(units, hashes)


class Index:
    """The shingles of a contest's entries."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        self.texts = {key: shingle(text) for key, text in entries.items()}
        self.sets = {key: frozenset(one.shingles) for key, one in self.texts.items()}
        self._where: dict[int, list[str]] = {}
        for key in sorted(self.sets):
            for one in self.sets[key]:
                self._where.setdefault(one, []).append(key)

    def compare_with(self, other: str, text: str) -> list[Likeness]:
        """What each entry has in common with a text from elsewhere; the most first."""
        cut = shingle(text)
        return self._likenesses(other, cut, frozenset(cut.shingles), self.sets.keys())

    def among_themselves(self) -> Iterator[Likeness]:
        """Each pair of entries once, from the side of the shorter one, of which more may stand in the other."""
        for key in sorted(self.texts):
            mine = (len(self.sets[key]), key)
            shorter = {one for one, them in self.sets.items() if (len(them), one) < mine}
            yield from self._likenesses(key, self.texts[key], self.sets[key], shorter)

    def _likenesses(
        self, other: str, cut: Shingled, theirs: frozenset[int], entries: Iterable[str]
    ) -> list[Likeness]:
        asked, shared = set(entries), dict[str, int]()
        for one in theirs:
            for key in self._where.get(one, ()):
                if key in asked:
                    shared[key] = shared.get(key, 0) + 1
        found = [self._likeness(key, count, other, theirs) for key, count in sorted(shared.items())]
        shown = [one for one in found if one.contained >= LEAST_SHARED or one.longest >= LEAST_RUN]
        return sorted(shown, key=lambda one: (-one.contained, one.entry))

    def _likeness(self, key: str, count: int, other: str, theirs: frozenset[int]) -> Likeness:
        mine = self.sets[key]
        runs = sorted(_runs(self.texts[key], theirs), key=len, reverse=True)
        return Likeness(
            key,
            other,
            count / len(mine),
            count / len(mine | theirs),
            len(runs[0]),
            tuple(_sentence(run) for run in runs[:MOST_PASSAGES]),
        )


def _units(text: str) -> Iterator[str]:
    for run in search_runs(text):
        if is_ideographic(run):
            yield from run
        else:
            yield run


def _hash(units: tuple[str, ...]) -> int:
    return int.from_bytes(blake2b("\x1f".join(units).encode(), digest_size=8).digest())


def _runs(text: Shingled, theirs: frozenset[int]) -> Iterator[tuple[str, ...]]:
    """The passages of a text whose shingles are all there."""
    start: int | None = None
    for at, one in enumerate((*text.shingles, None)):
        if one is not None and one in theirs:
            start = at if start is None else start
        elif start is not None:
            yield text.units[start : at + LENGTH - 1]
            start = None


def _sentence(units: tuple[str, ...]) -> str:
    said = ""
    for unit in units:
        glued = not said or (is_ideographic(unit) and is_ideographic(said[-1]))
        said += unit if glued else f" {unit}"
    return said
