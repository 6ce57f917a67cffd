"""How far a campaign is on its way to a target, and how far it would be if it went evenly from day to day. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Standing = Literal["unknown", "ahead_of_start", "met", "on_track", "behind", "missed"]
SLACK = 0.1  # of what is expected today: days differ, and a tenth less is no news


@dataclass(frozen=True)
class Pace:
    """A target today. `expected` is what even progress would have brought by the end of today; None before it begins."""

    value: int | None  # None: nobody counts it
    number: int  # the target
    expected: int | None
    standing: Standing

    @property
    def percent(self) -> int | None:
        """The part of the target that is reached, in whole percent; more than 100 when it is passed."""
        return None if self.value is None else self.value * 100 // self.number

    @property
    def behind(self) -> int:
        """How much is lacking to even progress."""
        return 0 if self.value is None or self.expected is None else max(0, self.expected - self.value)


def pace(value: int | None, number: int, *, starts_on: date, by_on: date, today: date) -> Pace:
    """Where a target of `number` stands that counts from `starts_on` and is due at the end of `by_on`."""
    gone = share_gone(starts_on, by_on, today)
    expected = None if gone is None else round(number * gone)
    return Pace(value, number, expected, _standing(value, number, expected, is_over=today > by_on))


def share_gone(starts_on: date, ends_on: date, today: date) -> float | None:
    """The part of the days that is over when today is over, 0 to 1; None before the first. A campaign of one day is all
    over on that day."""
    if today < starts_on:
        return None
    days = max(1, (ends_on - starts_on).days + 1)
    return min(1.0, ((today - starts_on).days + 1) / days)


def _standing(value: int | None, number: int, expected: int | None, *, is_over: bool) -> Standing:
    if value is None:
        return "unknown"
    if value >= number:
        return "met"
    if is_over:
        return "missed"
    if expected is None:
        return "ahead_of_start"
    return "on_track" if value >= expected * (1 - SLACK) else "behind"
