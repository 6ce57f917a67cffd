"""Counting votes. Pure, and in one pass."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ballot:
    """A vote without its voter. Held ones are in quarantine; void ones were taken out by a person, with a reason."""

    key: str
    entry: str
    state: str = "counted"  # or "held", "void"


@dataclass(frozen=True)
class Tally:
    """How many votes each entry has, and how many are not counted and why."""

    counted: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    void: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Of those that count."""
        return sum(self.counted.values())


class StrangeBallot(ValueError):
    """One that is there twice, or of a kind or an entry that is not there."""


def tally(ballots: Iterable[Ballot], entries: Iterable[str]) -> Tally:
    """Count them. Every entry is in the count; votes for none of them, and ballots that are there twice, are refused."""
    known = frozenset(entries)
    counts: dict[str, Counter[str]] = {"counted": Counter(), "held": Counter(), "void": Counter()}
    seen: set[str] = set()
    for ballot in ballots:
        if ballot.key in seen or ballot.entry not in known or ballot.state not in counts:
            raise StrangeBallot(ballot.key)
        seen.add(ballot.key)
        counts[ballot.state][ballot.entry] += 1
    zero = dict.fromkeys(sorted(known), 0)
    return Tally({**zero, **counts["counted"]}, dict(counts["held"]), dict(counts["void"]))
