"""A contest's results as one ZIP file that anybody recomputes: `parley contest verify FILE`. Needs no database.

Every file inside is canonical JSON (see `canonical`). `manifest.json` names the others with their SHA-256 and holds the two
seals; `docs/contests.md` describes each.
"""

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

from cms.contests.judging.canonical import NotCanonical, canonical
from cms.contests.judging.results import JudgingRules, Result, work_out
from cms.contests.judging.sealing import SealedScore, seal
from cms.contests.judging.tally import Ballot, StrangeBallot
from cms.contests.seals import seal_of_all

FORMAT, VERSION = "parley-contest", 1
PARTS = ("rules.json", "entries.json", "scores.json", "decisions.json", "votes.json", "result.json")
MANIFEST = "manifest.json"
LARGEST = 64 * 1024 * 1024  # bytes of one file inside: a small ZIP can unfold to anything
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the time of every file inside, so that the same contents are the same bytes


class NoBundle(ValueError):
    """The file is no bundle of a contest, or not a whole one."""


@dataclass(frozen=True)
class Contents:
    """Everything a result is worked out from. Entries and scores are as they were sealed."""

    contest: Mapping[str, Any]
    rules: JudgingRules
    entries: Mapping[str, str]  # what was handed in: the hash of its text by its number
    scores: Mapping[str, Any]  # see `sealing.scores_to_seal`
    out: Mapping[str, str] = field(default_factory=dict)  # entry: why it is not ranked
    amended: Sequence[Mapping[str, Any]] = ()  # scores put right after the seal, each with its reason
    ballots: Sequence[Ballot] = ()
    reopened: Sequence[Mapping[str, str]] = ()  # texts handed in anew after the seal, in that order

    def seals(self) -> dict[str, str]:
        """The hashes that were published at closing and before names opened."""
        entries = seal_of_all((int(number), content) for number, content in self.entries.items())
        return {"entries": entries, "scores": seal(self.scores)}

    def result(self) -> Result:
        """Work it out."""
        given = {(one["entry"], one["juror"]): one["marks"] for one in self.scores["scores"]}
        for one in self.amended:
            given[one["entry"], one["juror"]] = one["marks"]
        return work_out(
            self.rules,
            entries=self.entries,
            scores=[SealedScore(entry, juror, marks) for (entry, juror), marks in sorted(given.items())],
            head=self.scores["head"],
            ballots=self.ballots,
            disqualified=frozenset(self.out),
        )


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_right: bool
    detail: str = ""


def write_bundle(contents: Contents) -> bytes:
    """The ZIP file: the same bytes for the same contents."""
    ballots = sorted(contents.ballots, key=lambda one: one.key)
    parts = {
        "rules.json": contents.rules.to_json(),
        "entries.json": contents.entries,
        "scores.json": contents.scores,
        "decisions.json": {
            "out": contents.out,
            "amended": contents.amended,
            "reopened": contents.reopened,
        },
        "votes.json": [[one.key, one.entry, one.state] for one in ballots],
        "result.json": contents.result().to_json(),
    }
    written = {name: canonical(part) for name, part in parts.items()}
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "contest": dict(contents.contest),
        "seals": contents.seals(),
        "files": {name: sha256(data).hexdigest() for name, data in written.items()},
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {MANIFEST: canonical(manifest), **written}.items():
            entry = zipfile.ZipInfo(name, _ALWAYS)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def verify(file: BinaryIO, *, entries: str = "", scores: str = "") -> list[Check]:
    """Recompute it all. `entries` and `scores` are the seals that were published before, when the asker has them.

    Raises `NoBundle` for a file that is none; what is wrong in a bundle is a check that failed.
    """
    manifest, raw = _read(file)
    try:
        checks = [Check(name, sha256(raw[name]).hexdigest() == manifest["files"][name]) for name in PARTS]
        read = {name: _json(raw[name]) for name in PARTS}
        contents = _contents(manifest, read)
        seals = contents.seals()
        for name, published in (("entries", entries), ("scores", scores)):
            checks.append(Check(f"seal of {name}", seals[name] == manifest["seals"][name], seals[name]))
            if published:
                is_same = seals[name] == published.strip().lower()
                checks.append(Check(f"seal of {name} as published", is_same, published))
        checks += _reopened(contents)
        again = contents.result()
    except StrangeBallot as error:
        return [*checks, Check("votes", False, f"ballot {error} is there twice or is for no entry")]
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise NoBundle("This bundle does not hold what a bundle of a contest holds.") from error
    places = f"{len(again.places)} entries, {again.tally.total} votes counted"
    return [
        *checks,
        Check("result worked out again", canonical(again.to_json()) == raw["result.json"], places),
    ]


def _reopened(contents: Contents) -> list[Check]:
    """Each text that was handed in anew after the seal: what it replaced was sealed, or handed in before it."""
    checks, known = [], dict(contents.entries)
    for one in contents.reopened:
        said = f"by {one['by'] or '?'}, {one['at'] or '?'}; handed in {one['handed_in']}; {one['before']} -> {one['after']}"
        is_right = known.get(one["entry"]) == one["before"]
        checks.append(Check(f"entry {one['entry']} reopened after the seal", is_right, said))
        known[one["entry"]] = one["after"]
    return checks


def _read(file: BinaryIO) -> tuple[dict[str, Any], dict[str, bytes]]:
    try:
        with zipfile.ZipFile(file) as archive:
            names = [one.filename for one in archive.infolist()]
            if sorted(names) != sorted((MANIFEST, *PARTS)):
                raise NoBundle("This is no bundle of a contest: it does not hold the files that one holds.")
            if any(one.file_size > LARGEST for one in archive.infolist()):
                raise NoBundle("A file in this bundle is larger than any that Parley writes.")
            raw = {name: _some(archive, name) for name in names}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise NoBundle("This is no ZIP file that can be read.") from error
    manifest = _json(raw.pop(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise NoBundle("This is no bundle of a contest.")
    if manifest.get("version") != VERSION:
        raise NoBundle(
            f"This bundle has version {manifest.get('version')}; this Parley reads version {VERSION}."
        )
    return manifest, raw


def _some(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise NoBundle("A file in this bundle is larger than any that Parley writes.")
    return data


def _json(data: bytes) -> Any:
    try:
        value = json.loads(data)
        is_canonical = canonical(value) == data
    except (ValueError, RecursionError, NotCanonical) as error:
        raise NoBundle("A file in this bundle is not JSON as Parley writes it.") from error
    if not is_canonical:
        raise NoBundle("A file in this bundle is not in its canonical form.")
    return value


def _contents(manifest: Mapping[str, Any], read: Mapping[str, Any]) -> Contents:
    return Contents(
        manifest["contest"],
        JudgingRules.from_json(read["rules.json"]),
        read["entries.json"],
        read["scores.json"],
        read["decisions.json"]["out"],
        read["decisions.json"]["amended"],
        _ballots(read["votes.json"]),
        read["decisions.json"].get("reopened", ()),  # a bundle of before this was told
    )


def _ballots(rows: Iterable[Sequence[str]]) -> list[Ballot]:
    return [Ballot(key, entry, state) for key, entry, state in rows]
