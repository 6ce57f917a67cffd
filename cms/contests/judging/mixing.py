"""Jury and public in one value. Pure.

Each side is first brought to the same range within the contest, from 0 for its lowest to 1 for its highest entry (feature
scaling, min-max): points of a jury and counts of votes have nothing else in common. Then the weights of the rules apply.
An entry that nobody on the jury scored has no value; an entry without votes has none of them, which is a true zero.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

PLACES = Decimal("0.0001")
ALL = 100


def mix(
    jury: Mapping[str, Decimal | None], votes: Mapping[str, int], *, public_weight: int
) -> dict[str, Decimal | None]:
    """From 0 to 100. Weights are whole per cent; what the public does not weigh, the jury does."""
    if not 0 <= public_weight <= ALL:
        raise ValueError("a weight is from 0 to 100")
    if public_weight == 0:
        return dict(jury)
    public = scaled({entry: Decimal(votes.get(entry, 0)) for entry in jury})
    if public_weight == ALL:
        return {entry: _tidy(ALL * value) for entry, value in public.items()}
    judged = scaled({entry: value for entry, value in jury.items() if value is not None})
    return {
        entry: _tidy((ALL - public_weight) * judged[entry] + public_weight * public[entry])
        if entry in judged
        else None
        for entry in jury
    }


def scaled(values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """From 0 for the lowest to 1 for the highest; a half for all when they are all the same."""
    if not values:
        return {}
    lowest, highest = min(values.values()), max(values.values())
    if lowest == highest:
        return dict.fromkeys(values, Decimal("0.5"))
    return {entry: (value - lowest) / (highest - lowest) for entry, value in values.items()}


def _tidy(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_EVEN) + 0
