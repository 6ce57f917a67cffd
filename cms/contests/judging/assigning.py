"""Who scores which entry: enough jurors for each, none of them in conflict, and loads as even as that allows. Pure.

An assignment of least cost is found as in Harvey, Ladner, Lovasz and Tamir, "Semi-matchings for bipartite graphs and load
balancing" (2006): start with any, and move work along paths that lead from a juror with more to one with at least two less;
when there is no such path, no other assignment is more even. What was scored already stays where it is.
"""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

Pair = tuple[str, str]  # entry, juror


@dataclass(frozen=True)
class Plan:
    """All pairs, in order, and the entries that cannot get enough jurors, with how many they lack."""

    pairs: Sequence[Pair]
    short: dict[str, int] = field(default_factory=dict)

    def labels(self) -> set[str]:
        """Every juror who has something."""
        return {juror for _entry, juror in self.pairs}

    def load(self, jurors: Iterable[str]) -> dict[str, int]:
        """How many entries each juror has."""
        held = [juror for _entry, juror in self.pairs]
        return {juror: held.count(juror) for juror in jurors}


def assign(
    entries: Sequence[str],
    jurors: Sequence[str],
    *,
    per_entry: int,
    seed: str,
    conflicts: Collection[Pair] = (),
    fixed: Collection[Pair] = (),
) -> Plan:
    """So many jurors for each entry. `fixed` pairs are kept and count; nobody gets an entry twice or in conflict."""
    state = _State(entries, jurors, set(conflicts), fixed)
    shuffled = Random(seed)  # noqa: S311 - so that the same seed gives the same plan
    order = list(entries)
    shuffled.shuffle(order)
    short: dict[str, int] = {}
    for entry in order:
        lacking = per_entry - len(state.jurors_of[entry])
        free = [one for one in jurors if state.may_get(entry, one)]
        shuffled.shuffle(free)
        free.sort(key=lambda one: state.load[one])
        for juror in free[: max(lacking, 0)]:
            state.give(entry, juror)
        if lacking > len(free):
            short[entry] = lacking - len(free)
    while state.even_out():
        pass
    return Plan(sorted(state.pairs()), dict(sorted(short.items())))


class _State:
    def __init__(
        self,
        entries: Sequence[str],
        jurors: Sequence[str],
        conflicts: set[Pair],
        fixed: Collection[Pair],
    ) -> None:
        self.conflicts, self.fixed = conflicts, {one for one in fixed if one[0] in set(entries)}
        self.jurors_of: dict[str, set[str]] = {entry: set() for entry in entries}
        self.active = list(jurors)
        self.load = dict.fromkeys(jurors, 0)
        for entry, juror in sorted(self.fixed):
            self.give(entry, juror)

    def pairs(self) -> list[Pair]:
        return [(entry, juror) for entry, holders in self.jurors_of.items() for juror in holders]

    def may_get(self, entry: str, juror: str) -> bool:
        return juror not in self.jurors_of[entry] and (entry, juror) not in self.conflicts

    def give(self, entry: str, juror: str) -> None:
        self.jurors_of[entry].add(juror)
        self.load[juror] = self.load.get(juror, 0) + 1  # a fixed score may be by somebody who left

    def even_out(self) -> bool:
        """Move work along one path that makes loads more even; false when there is none."""
        held: dict[str, list[str]] = {}
        for entry, juror in sorted(self.pairs()):
            if (entry, juror) not in self.fixed:
                held.setdefault(juror, []).append(entry)
        return any(self._move_from(juror, held) for juror in sorted(held, key=lambda one: -self.load[one]))

    def _move_from(self, start: str, held: dict[str, list[str]]) -> bool:
        came: dict[str, tuple[str, str]] = {}  # juror: who gives which entry
        todo, seen = deque([start]), {start}
        while todo:
            giver = todo.popleft()
            for entry in held.get(giver, ()):
                for taker in self.active:
                    if taker in seen or not self.may_get(entry, taker):
                        continue
                    seen.add(taker)
                    came[taker] = (giver, entry)
                    if self.load[taker] <= self.load[start] - 2:
                        self._move(start, taker, came)
                        return True
                    todo.append(taker)
        return False

    def _move(self, start: str, end: str, came: dict[str, tuple[str, str]]) -> None:
        self.load[start] -= 1
        self.load[end] += 1
        taker = end
        while taker != start:
            giver, entry = came[taker]
            self.jurors_of[entry].remove(giver)
            self.jurors_of[entry].add(taker)
            taker = giver
