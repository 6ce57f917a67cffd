"""Days in a row: laid beside each other by date or by age, a day at a time or added up. A missing day stays missing."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate

Value = int | float | None


def days_between(since: date, until: date) -> list[date]:
    """Every day from the first to the last, both counted; none when the last is before the first."""
    return [since + timedelta(days=number) for number in range((until - since).days + 1)]


def age_on(day: date, starts_on: date) -> int:
    """Which day of a campaign it is: 1 on its first day, 0 before it."""
    return max(0, (day - starts_on).days + 1)


def horizon(ages: Sequence[int]) -> int:
    """How many days the youngest has lived; campaigns that have not begun (age 0) shorten nobody. 0 when none has."""
    return min((age for age in ages if age > 0), default=0)


def laid_out(counted: Mapping[date, int], days: Sequence[date], *, known: tuple[date, date]) -> list[Value]:
    """The count of each day: 0 where nothing happened, None outside the days that are known (first, last)."""
    first, last = known
    return [counted.get(day, 0) if first <= day <= last else None for day in days]


def cumulative(values: Sequence[Value]) -> list[Value]:
    """Added up from the first known day on; None stays None and adds nothing."""
    sums = accumulate(value or 0 for value in values)
    return [None if value is None else added for value, added in zip(values, sums, strict=True)]
