"""From sealed scores, votes and rules to the list of places. Pure: the site and whoever checks it call this function."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from cms.contests.judging import aggregation, rubric
from cms.contests.judging.mixing import mix
from cms.contests.judging.ranking import Break, Place, places
from cms.contests.judging.sealing import SealedScore
from cms.contests.judging.tally import Ballot, Tally, tally

PLACES = Decimal("0.0001")
HEAD, CRITERION = "head", "criterion:"


@dataclass(frozen=True)
class JudgingRules:
    """How a result comes about, as it was published before the first score."""

    rubric: Sequence[rubric.Criterion]
    public_weight: int = 0  # per cent
    breaks: Sequence[str] = ()  # in order: "criterion:KEY", "head"
    draws_lot: bool = False
    seed: str = ""  # stored before entries were opened

    def to_json(self) -> dict[str, Any]:
        """As a bundle carries it."""
        return {
            "rubric": rubric.to_json(self.rubric),
            "public_weight": self.public_weight,
            "breaks": list(self.breaks),
            "draws_lot": self.draws_lot,
            "seed": self.seed,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "JudgingRules":
        """Back again. Raises `ValueError` for what are no rules."""
        try:
            read = rubric.from_json(said["rubric"])
            rules = cls(read, said["public_weight"], tuple(said["breaks"]), said["draws_lot"], said["seed"])
        except (KeyError, TypeError) as error:
            raise ValueError("no rules") from error
        known = {HEAD, *(CRITERION + one.key for one in read)}
        if not set(rules.breaks) <= known or not 0 <= rules.public_weight <= 100:
            raise ValueError("no rules")
        return rules


@dataclass(frozen=True)
class Result:
    """Who stands where, and all it was worked out from."""

    places: Sequence[Place]
    jury: aggregation.Outcome
    tally: Tally
    close: Sequence[tuple[str, str]] = field(
        default_factory=tuple
    )  # neighbours whose difference may be chance

    def to_json(self) -> dict[str, Any]:
        """As a bundle carries it; figures are text, so that its bytes are one."""
        jury, votes = self.jury.values, self.tally.counted
        noise = None if self.jury.noise is None else _text(self.jury.noise)
        return {
            "method": self.jury.method,
            "noise": noise,
            "connected": self.jury.is_connected,
            "strictness": {juror: str(effect) for juror, effect in self.jury.strictness.items()},
            "places": [
                {
                    "entry": one.entry,
                    "rank": one.rank,
                    "value": None if one.value is None else str(one.value),
                    "jury": str(jury[one.entry]) if one.entry in jury else None,
                    "votes": votes.get(one.entry, 0),
                    "shared": one.is_shared,
                    "broken_by": one.broken_by,
                }
                for one in self.places
            ],
            "votes": {
                "counted": self.tally.total,
                "held": sum(self.tally.held.values()),
                "void": sum(self.tally.void.values()),
            },
            "close": [list(pair) for pair in self.close],
        }


def work_out(
    rules: JudgingRules,
    *,
    entries: Iterable[str],
    scores: Iterable[SealedScore],
    head: str = "",
    ballots: Iterable[Ballot] = (),
    disqualified: frozenset[str] = frozenset(),
) -> Result:
    """The result. Incomplete scores are no scores, and those of disqualified entries are left out everywhere."""
    known = frozenset(entries)
    standing = sorted(known - disqualified)
    given = [one for one in scores if one.entry in known and one.entry not in disqualified]
    whole = [
        aggregation.Given(one.entry, one.juror, value)
        for one in given
        if (value := rubric.score(rules.rubric, one.marks)) is not None
    ]
    jury = aggregation.aggregate(whole, standing)
    counted = tally(ballots, known)
    mixed = mix(
        {entry: jury.values.get(entry) for entry in standing},
        counted.counted,
        public_weight=rules.public_weight,
    )
    ranked = places(
        {**dict.fromkeys(sorted(known)), **mixed},
        [_break(way, rules, given, whole, head) for way in rules.breaks],
        seed=rules.seed,
        draws_lot=rules.draws_lot,
        disqualified=disqualified,
    )
    return Result(ranked, jury, counted, _close(ranked, jury, rules.public_weight))


def _break(
    way: str,
    rules: JudgingRules,
    given: Sequence[SealedScore],
    whole: Sequence[aggregation.Given],
    head: str,
) -> Break:
    if way == HEAD:
        return Break(way, {one.entry: _decimal(one.score) for one in whole if one.juror == head})
    criterion = next(one for one in rules.rubric if one.key == way.removeprefix(CRITERION))
    shares: dict[str, list[Fraction]] = {}
    for one in given:
        if (points := one.marks.get(criterion.key)) is not None and rubric.is_complete(
            rules.rubric, one.marks
        ):
            shares.setdefault(one.entry, []).append(rubric.share(criterion, points))
    return Break(way, {entry: _decimal(sum(them, Fraction()) / len(them)) for entry, them in shares.items()})


def _close(ranked: Sequence[Place], jury: aggregation.Outcome, public_weight: int) -> list[tuple[str, str]]:
    """Neighbours with different places whose jury values differ by no more than noise. Not said of mixed values."""
    if public_weight:
        return []
    on_list = [one for one in ranked if one.rank is not None]
    return [
        (one.entry, other.entry)
        for one, other in pairwise(on_list)
        if one.rank != other.rank and jury.is_noise(one.entry, other.entry)
    ]


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(PLACES, ROUND_HALF_EVEN) + 0


def _text(value: float) -> str:
    return str(Decimal(repr(value)).quantize(PLACES, ROUND_HALF_EVEN) + 0)
