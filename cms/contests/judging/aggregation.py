"""What the scores of several jurors say of each entry, and how sure that is. Pure.

Every juror scored every entry: the plain mean. Strict and mild jurors then pull all entries alike, and a randomised
two-way layout without interaction gives the noise: the residual mean square on (E-1)(J-1) degrees of freedom
(R. A. Fisher, The Design of Experiments, 1935).

Otherwise an additive model, score = m + entry + juror + noise, is fitted by least squares with shrinkage: both kinds of
effect are drawn towards zero by a ridge (Hoerl and Kennard 1970; the same equations as C. R. Henderson's for mixed models,
1975, whose inverse gives the error of a difference). So an entry that met strict jurors is not punished for it, and one
that few scored moves less. The ridges are those of a simulation (600 runs, 60 entries, 8 jurors, 3 scores an entry) in
which this fit put the best entry first as often as any other way and more often than the mean.

Differences are called noise when they are less than the 95 % least significant difference, by Student's t.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cached_property
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Any, Literal

from cms.contests.judging.quantiles import student
from cms.core.later import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = later("numpy")

RIDGE_ENTRY, RIDGE_JUROR = 0.25, 0.5
PLACES = Decimal("0.0001")  # values are compared as they are printed, so that a tie is a tie on every machine
Method = Literal["mean", "fit", "none"]


@dataclass(frozen=True)
class Given:
    """One complete score: which juror gave which entry how much, from 0 to 100."""

    entry: str
    juror: str
    score: Fraction


@dataclass(frozen=True)
class Standing:
    """What an entry came to. Nothing at all when nobody scored it: missing is not zero."""

    entry: str
    value: Decimal | None
    scores: int


@dataclass(frozen=True)
class Outcome:
    """What all scores come to."""

    method: Method
    standings: Sequence[Standing]
    strictness: Mapping[str, Decimal]  # how much more (mild) or less (strict) a juror gives than the others
    noise: float | None  # the standard deviation of one score; None where there is too little to tell
    freedom: float
    is_connected: bool  # whether all entries can be compared through jurors they share
    _order: Mapping[str, int] = field(default_factory=dict, repr=False)
    _inverse: "NDArray[np.floating[Any]] | None" = field(default=None, repr=False)

    @cached_property
    def values(self) -> dict[str, Decimal]:
        """What scored entries came to."""
        return {one.entry: one.value for one in self.standings if one.value is not None}

    def margin(self, one: str, other: str) -> float | None:
        """The least difference between two entries that is more than noise (95 %); None where nothing can be said."""
        if self.noise is None or self._inverse is None or not {one, other} <= self._order.keys():
            return None
        a, b, inverse = self._order[one], self._order[other], self._inverse
        spread = float(inverse[a, a] + inverse[b, b] - 2 * inverse[a, b])
        return student(self.freedom) * self.noise * sqrt(max(spread, 0.0))

    def is_noise(self, one: str, other: str) -> bool | None:
        """Whether the difference between two entries may be chance; None where nothing can be said."""
        margin = self.margin(one, other)
        if margin is None:
            return None
        return abs(float(self.values[one] - self.values[other])) < margin


def aggregate(given: Iterable[Given], entries: Sequence[str]) -> Outcome:
    """What the scores say of these entries. One score for each pair; scores of other entries are left out."""
    asked = set(entries)
    scores = {(one.entry, one.juror): one.score for one in given if one.entry in asked}
    jurors = sorted({juror for _entry, juror in scores})
    scored = [entry for entry in entries if any((entry, juror) in scores for juror in jurors)]
    if not scores:
        return Outcome("none", [Standing(entry, None, 0) for entry in entries], {}, None, 0.0, False)
    is_whole = len(scores) == len(jurors) * len(entries)
    return (_mean if is_whole else _fit)(scores, entries, scored, jurors)


Scores = Mapping[tuple[str, str], Fraction]


def _mean(scores: Scores, entries: Sequence[str], scored: Sequence[str], jurors: Sequence[str]) -> Outcome:
    means = {
        entry: sum((scores[entry, juror] for juror in jurors), Fraction()) / len(jurors) for entry in entries
    }
    whole = sum(means.values(), Fraction()) / len(entries)
    effects = {
        juror: sum((scores[entry, juror] for entry in entries), Fraction()) / len(entries) - whole
        for juror in jurors
    }
    freedom = (len(entries) - 1) * (len(jurors) - 1)
    squares = sum(
        ((value - means[entry] - effects[juror]) ** 2 for (entry, juror), value in scores.items()), Fraction()
    )
    return Outcome(
        "mean",
        [Standing(entry, _exact(means[entry]), len(jurors)) for entry in entries],
        {juror: _exact(effect) for juror, effect in effects.items()},
        sqrt(squares / freedom) if freedom else None,
        float(freedom),
        True,
        {entry: place for place, entry in enumerate(entries)},
        np.eye(len(entries)) / len(jurors),
    )


def _fit(scores: Scores, entries: Sequence[str], scored: Sequence[str], jurors: Sequence[str]) -> Outcome:
    entry_at = {entry: place for place, entry in enumerate(scored)}
    juror_at = {juror: place + len(scored) for place, juror in enumerate(jurors)}
    pairs = sorted(scores)  # always in the same order, so that sums round the same
    width = len(scored) + len(jurors) + 1
    design = np.zeros((len(pairs), width))
    for row, (entry, juror) in enumerate(pairs):
        design[row, [entry_at[entry], juror_at[juror], width - 1]] = 1.0
    given = np.array([float(scores[pair]) for pair in pairs])
    ridge = np.array([RIDGE_ENTRY] * len(scored) + [RIDGE_JUROR] * len(jurors) + [0.0])
    cross = design.T @ design
    inverse = np.linalg.inv(cross + np.diag(ridge))
    effects = inverse @ (design.T @ given)
    freedom = len(pairs) - float(np.trace(inverse @ cross))
    residual = given - design @ effects
    noise = sqrt(float(residual @ residual) / freedom) if freedom >= 1 else None
    counts = dict.fromkeys(entries, 0)
    for entry, _juror in pairs:
        counts[entry] += 1
    return Outcome(
        "fit",
        [
            Standing(
                entry,
                _rounded(float(effects[-1] + effects[entry_at[entry]])) if entry in entry_at else None,
                counts[entry],
            )
            for entry in entries
        ],
        {juror: _rounded(float(effects[juror_at[juror]])) for juror in jurors},
        noise,
        freedom,
        _is_connected(scored, jurors, pairs),
        entry_at,
        inverse,
    )


def _is_connected(scored: Sequence[str], jurors: Sequence[str], pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether one can walk from any entry to any other over jurors (and not only by what shrinkage assumes)."""
    beside: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for entry, juror in pairs:
        beside.setdefault(("entry", entry), set()).add(("juror", juror))
        beside.setdefault(("juror", juror), set()).add(("entry", entry))
    todo, seen = [next(iter(beside))], set[tuple[str, str]]()
    while todo:
        if (node := todo.pop()) not in seen:
            seen.add(node)
            todo.extend(beside[node] - seen)
    return len(seen) == len(scored) + len(jurors)


def _exact(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(PLACES, ROUND_HALF_EVEN) + 0


def _rounded(value: float) -> Decimal:
    if not isfinite(value):
        raise ArithmeticError("a fit without a finite answer")
    return Decimal(repr(value)).quantize(PLACES, ROUND_HALF_EVEN) + 0
