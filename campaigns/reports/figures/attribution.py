"""To what somebody owes a conversion: five ways to part one credit among the times a person came before it.

Credits are fractions and add up to exactly 1 for each conversion. None of the models knows a cause: they are conventions,
and what matters is whether the order of channels hangs on the convention.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Literal, TypeVar, get_args

Model = Literal["first", "last", "linear", "position", "decay"]
MODELS: tuple[Model, ...] = get_args(Model)
HALF_LIFE = timedelta(days=7)  # of decay: a time a week before the conversion weighs half
ENDS = Fraction(2, 5)  # of position: the first and the last, each; the rest is for those between
FEW = 30  # conversions below which an order says little
Key = TypeVar("Key", bound=Hashable)
Touches = Sequence[
    tuple[Key, timedelta]
]  # who gets the credit, and how long before the conversion; the oldest first


def shares(model: Model, before: Sequence[timedelta]) -> list[Fraction]:
    """How one credit is parted among the times somebody came, so long before. Adds up to 1; nothing for nobody."""
    return _SHARES[model](before) if before else []


def credits(journeys: Iterable[Touches[Key]], model: Model, unknown: Key) -> dict[Key, Fraction]:
    """Credits of all conversions; those before which nobody was seen go to `unknown`. Adds up to their number."""
    found: dict[Key, Fraction] = {}
    for touches in journeys:
        parts = shares(model, [before for _key, before in touches])
        for key, part in zip((key for key, _before in touches), parts, strict=True):
            found[key] = found.get(key, Fraction()) + part
        if not touches:
            found[unknown] = found.get(unknown, Fraction()) + 1
    return found


def parted(amount: int, parts: Sequence[Fraction]) -> list[int]:
    """An amount in smallest units of a currency, parted the same way without losing a unit: whole units by part, and
    what is left over to those that lost most of one."""
    exact = [amount * part for part in parts]
    whole = [int(one // 1) for one in exact]
    left = amount - sum(whole) if parts else 0
    for place in sorted(range(len(parts)), key=lambda one: whole[one] - exact[one])[:left]:
        whole[place] += 1
    return whole


def ranks(credited: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Places from 1; the same credit is the same place."""
    values = sorted(credited.values(), reverse=True)
    return {key: values.index(value) + 1 for key, value in credited.items()}


def _one(place: int) -> Callable[[Sequence[timedelta]], list[Fraction]]:
    def of(before: Sequence[timedelta]) -> list[Fraction]:
        parts = [Fraction()] * len(before)
        parts[place] = Fraction(1)
        return parts

    return of


def _linear(before: Sequence[timedelta]) -> list[Fraction]:
    return [Fraction(1, len(before))] * len(before)


def _position(before: Sequence[timedelta]) -> list[Fraction]:
    """40–20–40; of two, half each."""
    many = len(before)
    if many < 3:
        return _linear(before)
    between = (1 - 2 * ENDS) / (many - 2)
    return [ENDS, *([between] * (many - 2)), ENDS]


def _decay(before: Sequence[timedelta]) -> list[Fraction]:
    nearest = min(before)
    weights = [Fraction(0.5 ** ((one - nearest) / HALF_LIFE)) for one in before]
    return [one / sum(weights) for one in weights]


_SHARES: Mapping[Model, Callable[[Sequence[timedelta]], list[Fraction]]] = {
    "first": _one(0),
    "last": _one(-1),
    "linear": _linear,
    "position": _position,
    "decay": _decay,
}
