from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.contests.judging.mixing import mix, scaled
from cms.contests.judging.ranking import Break, places


def values(**given: int | None) -> dict[str, Decimal | None]:
    return {entry: None if one is None else Decimal(one) for entry, one in given.items()}


def ranks(**given: int | None) -> dict[str, int | None]:
    return {one.entry: one.rank for one in places(values(**given))}


def test_equal_value_is_equal_place_and_the_next_is_left_out() -> None:
    assert ranks(a=9, b=7, c=7, d=5) == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert [one.is_shared for one in places(values(a=9, b=7, c=7, d=5))] == [False, True, True, False]


def test_what_nobody_scored_has_no_place() -> None:
    assert ranks(a=0, b=None) == {"a": 1, "b": None}


def test_disqualified_stand_together_at_the_end_and_take_no_place() -> None:
    found = places(values(a=9, b=8, c=7, d=None), disqualified=frozenset("a"))
    assert [(one.entry, one.rank) for one in found] == [("b", 1), ("c", 2), ("d", None), ("a", None)]


def test_tie_is_broken_by_what_was_published_in_that_order() -> None:
    breaks = [
        Break("criterion:idea", {"a": Decimal(1), "b": Decimal(2), "c": Decimal(2)}),
        Break("head", {"b": Decimal(3), "c": Decimal(4)}),
    ]
    found = places(values(a=7, b=7, c=7), breaks)
    assert [(one.entry, one.rank, one.broken_by) for one in found] == [
        ("c", 1, ""),
        ("b", 2, "head"),
        ("a", 3, "criterion:idea"),
    ]


def test_tie_that_no_way_breaks_stays() -> None:
    found = places(values(a=7, b=7), [Break("head", {"a": Decimal(1), "b": Decimal(1)})])
    assert [one.rank for one in found] == [1, 1]


def test_who_has_nothing_of_a_way_goes_behind() -> None:
    assert places(values(a=7, b=7), [Break("head", {"b": Decimal(0)})])[0].entry == "b"


def test_lot_needs_its_seed() -> None:
    with pytest.raises(ValueError, match="seed"):
        places(values(a=7, b=7), draws_lot=True)


def test_lot_can_be_drawn_again_and_says_so() -> None:
    first = places(values(a=7, b=7, c=9), seed="sealed", draws_lot=True)
    assert first == places(values(c=9, b=7, a=7), seed="sealed", draws_lot=True)
    assert [one.rank for one in first] == [1, 2, 3]
    assert first[2].broken_by == "lot"
    orders = {
        tuple(one.entry for one in places(values(a=7, b=7), seed=str(n), draws_lot=True)) for n in range(20)
    }
    assert orders == {("a", "b"), ("b", "a")}


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 5), max_size=20))
def test_place_is_one_more_than_how_many_are_better(given: dict[str, int]) -> None:
    for one in places({entry: Decimal(value) for entry, value in given.items()}):
        assert one.rank == 1 + sum(value > given[one.entry] for value in given.values())
        assert one.is_shared == (list(given.values()).count(given[one.entry]) > 1)


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 2), max_size=12),
    st.text(min_size=1),
)
def test_lot_leaves_no_tie_and_moves_nobody_past_a_better_value(given: dict[str, int], seed: str) -> None:
    found = places({entry: Decimal(value) for entry, value in given.items()}, seed=seed, draws_lot=True)
    assert [one.rank for one in found] == list(range(1, len(given) + 1))
    assert [given[one.entry] for one in found] == sorted(given.values(), reverse=True)


def test_jury_alone_stays_as_it_is() -> None:
    jury = values(a=70, b=None)
    assert mix(jury, {"b": 9}, public_weight=0) == jury


def test_mixed_half_and_half() -> None:
    mixed = mix(values(a=80, b=60, c=70), {"a": 0, "b": 10, "c": 10}, public_weight=50)
    assert mixed == {"a": Decimal("50.0000"), "b": Decimal("50.0000"), "c": Decimal("75.0000")}


def test_no_vote_is_zero_but_no_score_is_nothing() -> None:
    mixed = mix(values(a=80, b=60, c=None), {"a": 4, "c": 4}, public_weight=40)
    assert mixed == {"a": Decimal("100.0000"), "b": Decimal("0.0000"), "c": None}


def test_public_alone_needs_no_score() -> None:
    assert mix(values(a=None, b=None), {"a": 3}, public_weight=100) == values(a=100, b=0)


def test_all_the_same_is_a_half() -> None:
    assert scaled({"a": Decimal(3), "b": Decimal(3)}) == {"a": Decimal("0.5"), "b": Decimal("0.5")}
    assert scaled({}) == {}


def test_weight_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        mix({}, {}, public_weight=101)


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.tuples(st.integers(0, 100), st.integers(0, 999)), min_size=1
    ),
    st.integers(1, 99),
)
def test_better_on_both_sides_is_never_behind(given: dict[str, tuple[int, int]], weight: int) -> None:
    mixed = mix(
        {entry: Decimal(one) for entry, (one, _votes) in given.items()},
        {entry: votes for entry, (_one, votes) in given.items()},
        public_weight=weight,
    )
    for entry, (jury, votes) in given.items():
        value = mixed[entry]
        assert value is not None
        assert 0 <= value <= 100
        for other, (less, fewer) in given.items():
            if jury >= less and votes >= fewer:
                assert value >= (mixed[other] or 0)
