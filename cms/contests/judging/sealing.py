"""The hash of all scores, published before names open. Pure. (That of entries is in `cms.contests.seals`.)

A seal is the SHA-256 of canonical bytes that begin with a secret salt of 256 bits. It says nothing about what is inside
(few marks are possible, so a bare hash could be guessed), and once the salt is published nobody can show other contents
for it: the hash commitment of Halevi and Micali (1996) in its everyday form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cms.contests.judging.canonical import digest

SALT_BYTES = 32


@dataclass(frozen=True)
class SealedScore:
    """The marks one juror gave one entry. Both go by numbers that were drawn."""

    entry: str
    juror: str
    marks: Mapping[str, int | None]


def scores_to_seal(scores: Iterable[SealedScore], salt: str, *, head: str = "") -> dict[str, Any]:
    """What the seal of scores covers. `head` is the number of who heads the jury."""
    rows = [{"entry": one.entry, "juror": one.juror, "marks": dict(one.marks)} for one in scores]
    return {
        "salt": salt,
        "head": head,
        "scores": sorted(rows, key=lambda row: (str(row["entry"]), str(row["juror"]))),
    }


def seal(contents: Mapping[str, Any]) -> str:
    """The hash that is published."""
    return digest(contents)
