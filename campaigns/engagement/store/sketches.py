"""How many different people: sets that can be united, small at any size (HyperLogLog, Apache DataSketches).

With 2**12 registers the standard error is 1.04 / sqrt(4096) = 1.6 %; up to some 380 people a sketch holds them one by
one and is exact. The library is loaded when somebody counts or compares, and not by web processes that only write lines.
"""

import struct
from array import array
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

LG_K = 12
_MODE, _FULL, _HEAD = (
    7,
    0x0A,
    40,
)  # of a stored form: which byte says its kind, which says full, where registers begin
_BEGINNING = bytes((10, 1, 7, LG_K, 0, 0x18, 0, _FULL))
_MOST_SINGLE, _LEAST_OF_SET = 384, 8  # people of a set, in the library's own forms
_SEED, _C1, _C2 = np.uint64(9001), np.uint64(0x87C37B91114253D5), np.uint64(0x4CF5AD432745937F)
_REGISTER = np.uint64(2**26 - 1)
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


def coupons(visitors: NDArray[np.int64]) -> NDArray[np.uint32]:
    """What a sketch keeps of each: its register in the lower 26 bits, and above them what that must be at least.

    The library's own hash (MurmurHash3 for 128 bits of a number of 64), of all at once: it takes one at a time.
    """
    with np.errstate(over="ignore"):
        first = visitors.astype(np.uint64) * _C1
        first = ((first << np.uint64(31)) | (first >> np.uint64(33))) * _C2
        seed = _SEED ^ np.uint64(8)  # bytes that were hashed
        one = _mixed((first ^ seed) + seed)
        other = _mixed((first ^ seed) + seed + seed)
        one = one + other
        other = other + one
    zeros = 53 - np.frexp((other >> np.uint64(11)).astype(np.float64))[1]  # at its beginning
    made: NDArray[np.uint32] = (((zeros + 1).astype(np.uint64) << np.uint64(26)) | (one & _REGISTER)).astype(
        np.uint32
    )
    return made


def meet(stored: bytes | None, new: NDArray[np.uint32]) -> tuple[bytes, int]:
    """As `add`, with the coupons of different visitors: the sketch with these too, and how many people that makes."""
    if stored is not None and not is_exact(stored):
        registers = np.frombuffer(stored, np.uint8)[_HEAD:].copy()
    else:
        known = set(new.tolist())
        if stored is not None:
            known.update(_singles(stored).tolist())
        if len(known) <= _MOST_SINGLE:
            return _small(known), len(known)
        registers, new = np.zeros(2**LG_K, np.uint8), np.fromiter(known, np.uint32, len(known))
    np.maximum.at(registers, new & (2**LG_K - 1), (new >> 26).astype(np.uint8))
    made = _full(registers)
    return made, estimate(_library().hll_sketch.deserialize(made), is_exact=False)


def _small(people: set[int]) -> bytes:
    """A stored form that holds single people: up to seven as a list, else as a set."""
    many = len(people)
    if many < _LEAST_OF_SET:
        head = bytes((2, 1, 7, LG_K, 3, 8, many, 8))
    else:
        size = max(5, (-(-many * 4 // 3) - 1).bit_length())  # no more than three quarters are taken
        head = bytes((3, 1, 7, LG_K, size, 8, 0, 9)) + struct.pack("<I", many)
    return head + array("I", sorted(people)).tobytes()


def _singles(stored: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(stored, "<u4", offset=8 if stored[_MODE] & 3 == 0 else 12)


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
    full = [one for one in stored if one[_MODE] == _FULL]
    registers = np.frombuffer(b"".join(full), np.uint8).reshape(len(full), -1)[:, _HEAD:].max(axis=0)
    for one in stored:
        if one[_MODE] != _FULL:
            single = _singles(one)
            np.maximum.at(registers, single & (2**LG_K - 1), (single >> 26).astype(np.uint8))
    return _full(registers)


def _mixed(number: NDArray[np.uint64]) -> NDArray[np.uint64]:
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        number = (number ^ (number >> np.uint64(33))) * np.uint64(factor)
    return number ^ (number >> np.uint64(33))


def _full(registers: NDArray[np.uint8]) -> bytes:
    many = np.bincount(registers, minlength=64)
    powers = np.ldexp(1.0, -np.arange(64))
    sums = (float(many[:32] @ powers[:32]), float(many[32:] @ powers[32:64]))
    return _BEGINNING + struct.pack("<dddII", 0.0, *sums, int(many[0]), 0) + registers.tobytes()


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
