"""What answers add up to, and when nothing is said."""

from math import comb

import pytest

from campaigns.polls.figures import NPS, Part, nps, part


def test_below_ten_answers_nothing_is_a_percentage() -> None:
    assert part(9, 9) == Part(9, None, None, None)
    assert part(0, 0) == Part(0, None, None, None)
    assert nps({10: 9}) == NPS(9, 9, 0, 0, None, None, None)
    assert nps({}) == NPS(0, 0, 0, 0, None, None, None)


def test_parts_carry_the_interval_of_wilson() -> None:
    found = part(8, 10)
    assert (found.percent, round(found.low or 0, 1), round(found.high or 0, 1)) == (80, 49.0, 94.3)
    none = part(0, 10)
    assert (none.percent, none.low, round(none.high or 0, 1)) == (0, 0, 27.8)
    everybody = part(10, 10)
    assert (everybody.percent, round(everybody.low or 0, 1), round(everybody.high or 0, 1)) == (
        100,
        72.2,
        100,
    )


@pytest.mark.parametrize(
    ("scores", "score"),
    [({10: 6, 7: 2, 3: 2}, 40), ({9: 10}, 100), ({0: 10}, -100), ({6: 5, 9: 5}, 0), ({7: 5, 8: 5}, 0)],
)
def test_the_score_is_promoters_less_detractors(scores: dict[int, int], score: float) -> None:
    found = nps(scores)
    assert found.score == score
    assert -100 <= (found.low or 0) <= (found.high or 0) <= 100
    assert found.high != found.low  # ten answers never make certain


@pytest.mark.parametrize(
    ("up", "down", "answers"), [(0.5, 0.3, 20), (0.3, 0.3, 40), (0.8, 0.1, 30), (0.2, 0.6, 15)]
)
def test_the_interval_holds_the_true_score_about_95_times_of_100(
    up: float, down: float, answers: int
) -> None:
    """Counted out, not drawn: over every outcome of so many answers with its probability."""
    covered = 0.0
    for promoters in range(answers + 1):
        for detractors in range(answers + 1 - promoters):
            rest = answers - promoters - detractors
            ways = comb(answers, promoters) * comb(answers - promoters, detractors)
            likely = ways * up**promoters * down**detractors * (1 - up - down) ** rest
            found = nps({9: promoters, 0: detractors, 7: rest})
            assert found.low is not None
            assert found.high is not None
            if found.low <= 100 * (up - down) <= found.high:
                covered += likely
    assert 0.93 <= covered <= 0.98
