"""Conversions added up. Pure: what is divided by nought, and what may not be added, is decided here."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from campaigns.goals.queries import Conversion


@dataclass
class Sum:
    """Of one goal. People are added over days: each is counted on the day of their first time in a window."""

    count: int = 0
    people: int = 0
    value: dict[str, int] = field(default_factory=dict)  # by currency; two currencies are never one sum
    channels: dict[str, int] = field(default_factory=dict)  # the count of each

    def add(self, row: Conversion) -> None:
        """One row more."""
        self.count += row.count
        self.people += row.people
        self.channels[row.channel] = self.channels.get(row.channel, 0) + row.count
        for currency, units in row.value.items():
            self.value[currency] = self.value.get(currency, 0) + units

    @property
    def best_channels(self) -> list[tuple[str, int]]:
        """The largest first, those alike by name."""
        return sorted(((name, count) for name, count in self.channels.items() if count), key=_by_count)


def sums(rows: Iterable[Conversion]) -> dict[int, Sum]:
    """By goal; a goal that nobody reached is not in it."""
    found: dict[int, Sum] = {}
    for row in rows:
        found.setdefault(row.goal_id, Sum()).add(row)
    return found


def rate(people: int, reached: int | None) -> float | None:
    """Which part of the people reached did it; None when nobody was, or nobody knows how many."""
    return people / reached if reached else None


def _by_count(one: tuple[str, int]) -> tuple[int, str]:
    return -one[1], one[0]
