"""How many different people: sets that can be united, small at any size (HyperLogLog, Apache DataSketches).

With 2**12 registers the standard error is 1.04 / sqrt(4096) = 1.6 %; up to some 380 people a sketch holds them one by
one and is exact. The library brings NumPy along, so it is loaded when somebody counts or compares, and not by web
processes that only write lines.
"""

import struct
from collections.abc import Iterable
from functools import cache
from typing import Any

LG_K = 12
_MODE, _FULL, _HEAD = (
    7,
    0x0A,
    40,
)  # of a stored form: which byte says its kind, which says full, where registers begin
_BEGINNING = bytes((10, 1, 7, LG_K, 0, 0x18, 0, _FULL))
_HASHES_IN_FULL = 2  # of the mode in a stored sketch: below it, a list or a set of single people


@cache
def _library() -> Any:
    import datasketches

    return datasketches


def add(stored: bytes | None, visitors: Iterable[int]) -> tuple[bytes, int]:
    """The sketch with these too, and how many different people that makes. The order never matters."""
    library = _library()
    if stored is None:
        sketch = library.hll_sketch(LG_K, library.tgt_hll_type.HLL_8)
    else:
        sketch = library.hll_sketch.deserialize(stored)
    for visitor in visitors:
        sketch.update(visitor)
    new: bytes = sketch.serialize_compact()
    return new, estimate(sketch, is_exact=is_exact(new))


def estimate(sketch: Any, *, is_exact: bool) -> int:
    """Of a sketch that was updated in any order: the same registers give the same number."""
    if is_exact:
        return round(float(sketch.get_estimate()))
    union = _library().hll_union(LG_K)
    union.update(sketch)
    union.update(sketch)  # united with itself it forgets in which order it was filled
    return round(float(union.get_estimate()))


def is_exact(stored: bytes) -> bool:
    """Whether it holds its people one by one: bits 0 and 1 of byte 7 of the stored form are its mode."""
    return stored[7] & 3 < _HASHES_IN_FULL


def unite(many: Iterable[bytes]) -> bytes | None:
    """All people of all of them; None of none."""
    stored = list(many)
    if len(stored) <= 1:
        return stored[0] if stored else None
    if sum(one[_MODE] == _FULL for one in stored) > 1:
        return _united(stored)
    library = _library()
    union = library.hll_union(LG_K)
    for one in stored:
        union.update(library.hll_sketch.deserialize(one))
    united: bytes = union.get_result(library.tgt_hll_type.HLL_8).serialize_compact()
    return united


def _united(stored: list[bytes]) -> bytes:
    """What the library makes of them, byte by byte, some ten times as fast: the largest of each register.

    A stored form that is full holds its registers from byte 40 on, one byte each; one that is not holds single people
    as numbers of 32 bits, the register in the lower 26 and what it must be at least in the others.
    """
    import numpy as np

    full = [one for one in stored if one[_MODE] == _FULL]
    registers = np.frombuffer(b"".join(full), np.uint8).reshape(len(full), -1)[:, _HEAD:].max(axis=0)
    for one in stored:
        if one[_MODE] != _FULL:
            single = np.frombuffer(one, "<u4", offset=8 if one[_MODE] & 3 == 0 else 12)
            np.maximum.at(registers, single & (2**LG_K - 1), (single >> 26).astype(np.uint8))
    many = np.bincount(registers, minlength=64)
    powers = np.ldexp(1.0, -np.arange(64))
    sums = (float(many[:32] @ powers[:32]), float(many[32:] @ powers[32:64]))
    united: bytes = _BEGINNING + struct.pack("<dddII", 0.0, *sums, int(many[0]), 0) + registers.tobytes()
    return united


def bounds(stored: bytes | None) -> tuple[int, int, int, bool]:
    """People, the least and the most they can be (two standard errors: 95 %), and whether that is exact."""
    if stored is None:
        return 0, 0, 0, True
    sketch = _library().hll_sketch.deserialize(stored)
    exact = is_exact(stored)
    people = estimate(sketch, is_exact=exact)
    if exact:
        return people, people, people, True
    share = sketch.get_upper_bound(2) / sketch.get_estimate() - 1
    return people, int(people * (1 - share)), round(people * (1 + share) + 0.5), False
