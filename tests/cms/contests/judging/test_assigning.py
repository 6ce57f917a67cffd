from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from cms.contests.judging.assigning import Pair, assign

ENTRIES = [f"e{n}" for n in range(10)]
JURORS = ["x", "y", "z", "w"]


def test_each_entry_gets_enough_and_loads_are_even() -> None:
    plan = assign(ENTRIES, JURORS, per_entry=3, seed="s")
    assert len(set(plan.pairs)) == 30
    assert sorted(plan.load(JURORS).values()) == [7, 7, 8, 8]
    assert plan.short == {}


def test_conflicts_are_respected_and_others_carry_it() -> None:
    conflicts = [(entry, "x") for entry in ENTRIES[:8]]
    plan = assign(ENTRIES, JURORS, per_entry=2, seed="s", conflicts=conflicts)
    assert not set(conflicts) & set(plan.pairs)
    assert plan.load(JURORS) == {"x": 2, "y": 6, "z": 6, "w": 6}


def test_entry_that_cannot_get_enough_is_named() -> None:
    plan = assign(["a"], ["x", "y"], per_entry=3, seed="s", conflicts=[("a", "y")])
    assert list(plan.pairs) == [("a", "x")]
    assert plan.short == {"a": 2}


def test_same_seed_same_plan_and_another_seed_another() -> None:
    plans = {tuple(assign(ENTRIES, JURORS, per_entry=2, seed=str(n)).pairs) for n in range(5)}
    assert len(plans) > 1
    assert assign(ENTRIES, JURORS, per_entry=2, seed="1") == assign(ENTRIES, JURORS, per_entry=2, seed="1")


def test_when_a_juror_drops_out_their_scores_stay_and_the_rest_is_shared() -> None:
    before = assign(ENTRIES, JURORS, per_entry=2, seed="s")
    scored = [pair for pair in before.pairs if pair[1] == "w"][:2]
    kept = [pair for pair in before.pairs if pair[1] != "w"] + scored
    after = assign(ENTRIES, JURORS[:3], per_entry=2, seed="t", fixed=kept)
    assert set(kept) <= set(after.pairs)
    assert len(after.pairs) == 20
    assert sum(juror == "w" for _entry, juror in after.pairs) == 2


def test_late_juror_takes_work_from_those_who_have_most() -> None:
    before = assign(ENTRIES, JURORS[:3], per_entry=3, seed="s")
    after = assign(ENTRIES, JURORS, per_entry=3, seed="t", fixed=list(before.pairs)[:4])
    assert max(after.load(JURORS).values()) - min(after.load(JURORS).values()) <= 1


@st.composite
def asked(draw: st.DrawFn) -> tuple[list[str], list[str], int, set[Pair]]:
    entries = [f"e{n}" for n in range(draw(st.integers(0, 7)))]
    jurors = list("vwxyz")[: draw(st.integers(1, 5))]
    pairs = [(entry, juror) for entry in entries for juror in jurors]
    conflicts = draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    return entries, jurors, draw(st.integers(1, 3)), conflicts


@settings(deadline=None, max_examples=40)
@given(asked())
def test_nobody_in_conflict_enough_for_each_and_no_swap_would_be_more_even(
    asked: tuple[list[str], list[str], int, set[Pair]],
) -> None:
    entries, jurors, per_entry, conflicts = asked
    plan = assign(entries, jurors, per_entry=per_entry, seed="s", conflicts=conflicts)
    assert len(set(plan.pairs)) == len(plan.pairs)
    assert not conflicts & set(plan.pairs)
    for entry in entries:
        possible = sum((entry, juror) not in conflicts for juror in jurors)
        assert [one for one, _juror in plan.pairs].count(entry) == min(per_entry, possible)
        assert plan.short.get(entry, 0) == per_entry - min(per_entry, possible)
    assert _unevenness(plan.load(jurors)) == _least(entries, jurors, per_entry, conflicts)


def _unevenness(load: dict[str, int]) -> int:
    return sum(one * one for one in load.values())


def _least(entries: list[str], jurors: list[str], per_entry: int, conflicts: set[Pair]) -> int:
    """By trying everything: the loads that can be reached, entry by entry."""
    reached = {(0,) * len(jurors)}
    for entry in entries:
        free = [place for place, juror in enumerate(jurors) if (entry, juror) not in conflicts]
        chosen = list(combinations(free, min(per_entry, len(free))))
        reached = {
            tuple(load + (place in them) for place, load in enumerate(loads))
            for loads in reached
            for them in chosen
        }
    return min(sum(one * one for one in loads) for loads in reached)
