"""Places: equal value, equal place, and the places behind are left out: 1, 2, 2, 4. Pure.

A tie is broken only by what the rules published, in that order. A lot is the last resort and needs the seed that was
stored before anybody knew who would need it: the lower SHA-256 of seed and entry goes first, so anybody can draw it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

LOT = "lot"


@dataclass(frozen=True)
class Break:
    """One way to tell equal entries apart: its published name, and what each entry has of it; the higher goes first."""

    name: str
    values: Mapping[str, Decimal]  # an entry that has nothing here goes behind those that have


@dataclass(frozen=True)
class Place:
    """Where an entry stands. No rank: disqualified, or nobody scored it."""

    entry: str
    rank: int | None
    value: Decimal | None
    is_shared: bool = False
    broken_by: str = ""  # what told it from the entry of equal value before it


def places(
    values: Mapping[str, Decimal | None],
    breaks: Sequence[Break] = (),
    *,
    seed: str = "",
    draws_lot: bool = False,
    disqualified: frozenset[str] = frozenset(),
) -> list[Place]:
    """All entries, the best first; those that have no value, then those that are disqualified, at the end.

    Values are compared as they are: round them first. Raises `ValueError` for a lot without a seed.
    """
    if draws_lot and not seed:
        raise ValueError("a lot needs the seed that was stored for it")
    ways = [*breaks, Break(LOT, _lots(values, seed))] if draws_lot else list(breaks)
    ranked = [
        (value, entry) for entry, value in values.items() if value is not None and entry not in disqualified
    ]
    keyed = sorted(((_key(value, entry, ways), entry) for value, entry in ranked), key=lambda one: one)
    found: list[Place] = []
    for number, (key, entry) in enumerate(keyed):
        before = keyed[number - 1][0] if number else None
        after = keyed[number + 1][0] if number + 1 < len(keyed) else None
        rank = found[-1].rank if key == before else number + 1
        told = _told_by(before, key, ways) if before is not None else ""
        found.append(Place(entry, rank, values[entry], key in (before, after), told))
    behind = sorted(values.keys() - {one.entry for one in found}, key=lambda one: (one in disqualified, one))
    return found + [Place(entry, None, values[entry]) for entry in behind]


Key = tuple[tuple[int, Decimal], ...]


def _key(value: Decimal, entry: str, ways: Sequence[Break]) -> Key:
    rest = [way.values.get(entry) for way in ways]
    return tuple((1, Decimal()) if one is None else (0, -one) for one in [value, *rest])


def _told_by(before: Key, key: Key, ways: Sequence[Break]) -> str:
    """What tells two neighbours apart, when it is not their value."""
    if before == key or before[0] != key[0]:
        return ""
    return next(way.name for way, a, b in zip(ways, before[1:], key[1:], strict=True) if a != b)


def _lots(values: Mapping[str, object], seed: str) -> dict[str, Decimal]:
    return {entry: -Decimal(int(sha256(f"{seed}:{entry}".encode()).hexdigest(), 16)) for entry in values}
