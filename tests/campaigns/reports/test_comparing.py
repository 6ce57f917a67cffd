"""Whether campaigns differ: never more often called different than is promised, and different when they are."""

import numpy as np
import pytest

from campaigns.reports.figures.comparing import Difference, chance, difference, hinge, holm, pairs
from campaigns.reports.figures.verdicts import verdicts

RUNS = 1000


def views(rng: np.random.Generator, many: int, *, times: float = 1.0) -> tuple[float, ...]:
    """Views of posts as they are: most have tens, some hundreds, and one in thirty went round ten times as far."""
    usual = rng.lognormal(4, 1.3, many) * times
    return tuple(np.floor(usual * np.where(rng.random(many) < 1 / 30, 10, 1)))


def test_two_random_halves_of_one_campaign_are_called_different_in_five_of_a_hundred_runs_at_most() -> None:
    """The A/A test: 24 posts with heavy tails, dealt to two halves a thousand times."""
    rng = np.random.default_rng(1)
    posts, apart = np.asarray(views(rng, 24)), 0
    for _ in range(RUNS):
        dealt = posts[rng.permutation(len(posts))]
        told = difference(tuple(dealt[:12]), tuple(dealt[12:]))
        assert told is not None
        apart += told.is_apart()
    assert 0 < apart <= RUNS * 0.05


def test_campaigns_that_differ_are_told_apart() -> None:
    rng = np.random.default_rng(2)
    found = [difference(views(rng, 30, times=5), views(rng, 30)) for _ in range(20)]
    apart = [one for one in found if one is not None and one.is_apart()]
    assert len(apart) >= 16
    assert all(one.low is not None and 1 < one.low < (one.ratio or 0) < (one.high or 0) for one in apart)


def test_few_posts_tell_nothing() -> None:
    assert difference((1, 2, 3, 4), (100, 200, 300, 400, 500)) is None


def test_campaigns_in_which_nothing_happened_are_alike() -> None:
    assert difference((0.0,) * 6, (0.0,) * 9) == Difference(None, None, None, 1.0)


def test_a_campaign_with_nothing_has_no_ratio_and_is_told_apart() -> None:
    told = difference((9.0, 8, 7, 9, 8, 10), (0.0,) * 6)
    assert told is not None
    assert (told.ratio, told.low, told.high) == (None, None, None)
    assert told.is_apart()


def test_chance_is_two_sided_and_never_nought() -> None:
    small, large = (1.0, 2, 3, 2, 1, 2), (90.0, 95, 99, 93, 91, 97)
    assert chance(small, large) == chance(large, small) > 0


def test_holm_corrects_as_in_its_paper() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_six_campaigns_make_fifteen_pairs() -> None:
    assert len(pairs([1, 2, 3, 4, 5, 6])) == 15


def test_the_post_that_carries_a_verdict_is_named() -> None:
    usual = (10.0, 11, 12, 10, 13)
    told = hinge((90.0, 14, 13, 12, 15), usual)
    assert told == (0, 0)  # one of five is too much to take away: four posts tell nothing
    assert hinge((90.0, 91, 92, 93, 94, 95, 96), (*usual, 11.0, 12.0)) is None


def numbered(values: tuple[float, ...], first: int) -> list[tuple[int, int]]:
    return [(first + place, int(value)) for place, value in enumerate(values)]


def test_a_viral_post_does_not_make_a_campaign_lead() -> None:
    rng = np.random.default_rng(5)
    usual, other = views(rng, 12), views(rng, 12)
    posts = {1: numbered((*usual[:-1], 400_000.0), 100), 2: numbered(other, 200)}
    (told,) = verdicts("views", posts, {1: (30, 1.0), 2: (30, 1.0)})
    assert (told.kind, told.hinges_on) == ("level", None)


def test_the_one_that_leads_comes_first() -> None:
    posts = {1: numbered((5.0, 6, 7, 5, 6, 7), 100), 2: numbered((50.0, 60, 70, 50, 60, 70), 200)}
    (told,) = verdicts("views", posts, {1: (30, 1.0), 2: (30, 1.0)})
    assert (told.kind, told.first, told.second) == ("leads", 2, 1)
    assert told.low is not None
    assert told.ratio is not None
    assert 1 < told.low < told.ratio


def test_too_early_is_said_with_what_is_usually_in() -> None:
    posts = {1: numbered((5.0, 6, 7, 5, 6, 7), 100), 2: numbered((50.0, 60, 70, 50, 60, 70), 200)}
    (told,) = verdicts("views", posts, {1: (3, 0.4), 2: (90, 1.0)})
    assert (told.kind, told.share, told.day) == ("early", 0.4, 3)
    (unknown,) = verdicts("views", posts, {1: (3, None), 2: (90, 1.0)})
    assert unknown.kind == "leads"


def test_more_campaigns_ask_for_more_certainty() -> None:
    """What two campaigns alone are told apart by is not enough among six."""
    rng = np.random.default_rng(8)
    near = next(
        pair
        for pair in ((views(rng, 20, times=3), views(rng, 20)) for _ in range(200))
        if 0.02 < chance(*pair) < 0.04 and (told := difference(*pair)) and told.is_apart()
    )
    alone = {1: numbered(near[0], 100), 2: numbered(near[1], 200)}
    among = alone | {key: numbered(near[1], key * 100) for key in (3, 4, 5, 6)}
    over = dict.fromkeys(among, (90, 1.0))
    assert verdicts("views", alone, over)[0].kind == "leads"
    assert verdicts("views", among, over)[0].kind == "level"
