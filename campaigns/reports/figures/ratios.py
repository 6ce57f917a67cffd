"""One figure for each of another. Nothing is divided by nothing: the answer is None then, and never nought."""

from collections.abc import Iterable, Mapping

HUNDRED = 100


def per(value: float | None, base: float | None, *, times: int = 1) -> float | None:
    """`value` for every `times` of `base`; None when either is missing or the base is nought."""
    return None if value is None or not base else value * times / base


def for_money(value: float | None, units: int | None, *, digits: int) -> float | None:
    """`value` for 100 of the currency, of which `units` of the smallest unit were spent; `digits` are its decimals."""
    return per(value, None if units is None else units / 10**digits, times=HUNDRED)


def one_currency(costs: Mapping[str, int]) -> tuple[str, int] | None:
    """The currency and the sum, when there is exactly one: two are never added."""
    return next(iter(costs.items())) if len(costs) == 1 else None


def bounds(said: Iterable[int | None]) -> tuple[int, int] | None:
    """What networks say of how many saw it: between the largest and the sum, as one person may be in several of them.

    Networks that say nothing (None) are left out; None when none says anything. A union is never smaller than its
    largest part, and never larger than their sum (Bonferroni).
    """
    known = [one for one in said if one is not None]
    return (max(known), sum(known)) if known else None
