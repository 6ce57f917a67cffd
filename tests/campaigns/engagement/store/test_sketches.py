"""Uniting sketches register by register gives what the library gives, to the last byte."""

import random
from itertools import permutations

import datasketches
import pytest

from campaigns.engagement.store import sketches


def sketch_of(many: int, seed: int) -> bytes:
    chance = random.Random(seed)
    return sketches.add(None, (chance.getrandbits(62) for _ in range(many)))[0]


def by_the_library(many: list[bytes]) -> bytes:
    union = datasketches.hll_union(sketches.LG_K)
    for one in many:
        union.update(datasketches.hll_sketch.deserialize(one))
    united: bytes = union.get_result(datasketches.tgt_hll_type.HLL_8).serialize_compact()
    return united


@pytest.mark.parametrize(
    "sizes", [(5000, 8000), (600, 700, 3, 40), (200_000, 1000, 300, 1, 2000), (4000,) * 9]
)
def test_full_sketches_are_united_as_the_library_unites_them(sizes: tuple[int, ...]) -> None:
    many = [sketch_of(size, seed) for seed, size in enumerate(sizes)]
    united = sketches.unite(many)
    assert united == by_the_library(many)
    assert sketches.bounds(united) == sketches.bounds(by_the_library(many))


@pytest.mark.parametrize("sizes", [(3,), (300,), (5, 6), (370, 380), (9000, 20), (20, 9000, 300)])
def test_others_hold_the_same_people(sizes: tuple[int, ...]) -> None:
    many = [sketch_of(size, seed) for seed, size in enumerate(sizes)]
    assert sketches.bounds(sketches.unite(many)) == sketches.bounds(by_the_library(many))


def test_the_order_does_not_matter() -> None:
    many = [sketch_of(size, seed) for seed, size in enumerate((5000, 900, 20))]
    assert len({sketches.unite(some) for some in permutations(many)}) == 1


def test_nothing_united_is_nothing() -> None:
    assert sketches.unite([]) is None
