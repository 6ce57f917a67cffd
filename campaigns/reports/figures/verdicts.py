"""What can be said of every two campaigns about one measure, per post."""

from collections.abc import Mapping, Sequence

from campaigns.reports.figures.comparing import Difference, difference, hinge, holm, pairs
from campaigns.reports.figures.maturity import GROWN
from campaigns.reports.shapes import Verdict

Posts = Mapping[int, Sequence[tuple[int, int]]]  # by campaign: each post and its count


def verdicts(measure: str, posts: Posts, shares: Mapping[int, tuple[int, float | None]]) -> list[Verdict]:
    """One for each two campaigns, in their order. `shares`: which day each is seen at, and the part that is usually in
    by then (None: nobody knows; 1: it is over)."""
    values = {key: tuple(float(value) for _post, value in of) for key, of in posts.items()}
    asked = pairs(list(posts))
    told = [difference(values[one], values[other]) for one, other in asked]
    corrected = iter(holm([one.p for one in told if one is not None]))
    return [
        _verdict(measure, pair, one, next(corrected) if one else 1.0, posts, shares)
        for pair, one in zip(asked, told, strict=True)
    ]


def _verdict(
    measure: str,
    pair: tuple[int, int],
    told: Difference | None,
    p: float,
    posts: Posts,
    shares: Mapping[int, tuple[int, float | None]],
) -> Verdict:
    if told is None:
        return Verdict(measure, *pair, "few")
    is_apart = told.is_apart(p)
    if is_apart and told.ratio is not None and told.ratio < 1:
        pair = (pair[1], pair[0])
        values = [tuple(float(value) for _post, value in posts[one]) for one in pair]
        told = difference(*values) or told
    first, second = (posts[one] for one in pair)
    found = is_apart and hinge(tuple(float(v) for _, v in first), tuple(float(v) for _, v in second))
    hinges_on = (first, second)[found[0]][found[1]][0] if found else None
    day, share = min((shares[one] for one in pair), key=lambda one: 1.0 if one[1] is None else one[1])
    is_early = share is not None and share < GROWN
    return Verdict(
        measure,
        *pair,
        "early" if is_early else "leads" if is_apart else "level",
        ratio=told.ratio,
        low=told.low,
        high=told.high,
        p=p,
        share=share if is_early else None,
        day=day if is_early else None,
        hinges_on=hinges_on,
    )
