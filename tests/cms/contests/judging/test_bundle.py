import io
import json
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from cms.contests.judging.bundle import PARTS, Contents, NoBundle, verify, write_bundle
from cms.contests.judging.canonical import NotCanonical, canonical
from cms.contests.judging.commands import contest
from cms.contests.judging.results import JudgingRules
from cms.contests.judging.sealing import SealedScore, scores_to_seal, seal
from cms.contests.judging.tally import Ballot, StrangeBallot, tally
from tests.cms.contests.judging.test_rubric import criterion

RULES = JudgingRules([criterion("idea", 2), criterion("style")], breaks=("criterion:idea", "head"))
ENTRIES = {"1": "a" * 64, "2": "b" * 64, "3": "c" * 64, "4": "d" * 64}
MARKS = {
    "1": {"x": (5, 5), "y": (4, 4)},
    "2": {"x": (3, 3), "y": (3, 3)},
    "3": {"x": (3, 3), "y": (3, 3)},
    "4": {"x": (1, 2), "y": (2, 1)},
}
SCORES = scores_to_seal(
    [
        SealedScore(entry, juror, {"idea": idea, "style": style})
        for entry, row in MARKS.items()
        for juror, (idea, style) in row.items()
    ],
    "salt",
    head="x",
)
BALLOTS = [Ballot(f"b{n}", str(1 + n % 4), "held" if n == 7 else "counted") for n in range(40)]
CONTENTS = Contents({"slug": "expo"}, RULES, ENTRIES, SCORES, ballots=BALLOTS)


def opened(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


def changed(data: bytes, name: str, change: object, *, mends_hash: bool = False) -> bytes:
    """The same bundle with one file written otherwise."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    value = json.loads(files[name])
    change(value)  # type: ignore[operator]
    files[name] = canonical(value)
    if mends_hash:
        manifest = json.loads(files["manifest.json"])
        manifest["files"][name] = sha256(files[name]).hexdigest()
        files["manifest.json"] = canonical(manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one, content in files.items():
            archive.writestr(one, content)
    return out.getvalue()


def wrong(data: bytes, **seals: str) -> list[str]:
    return [one.name for one in verify(opened(data), **seals) if not one.is_right]


def test_places_of_the_result() -> None:
    result = CONTENTS.result()
    assert [(one.entry, one.rank) for one in result.places] == [("1", 1), ("2", 2), ("3", 2), ("4", 4)]
    assert result.tally.total == 39
    assert result.tally.held == {"4": 1}


def test_bundle_gives_its_result_again_and_the_same_bytes_each_time() -> None:
    data = write_bundle(CONTENTS)
    assert data == write_bundle(replace(CONTENTS, ballots=BALLOTS[::-1]))
    seals = CONTENTS.seals()
    assert wrong(data, entries=seals["entries"], scores=seals["scores"].upper()) == []
    assert len(verify(opened(data))) == len(PARTS) + 3


def test_changed_mark_shows() -> None:
    def better(value: dict) -> None:  # type: ignore[type-arg]
        value["scores"][7]["marks"]["idea"] = 5

    data = write_bundle(CONTENTS)
    assert wrong(changed(data, "scores.json", better)) == [
        "scores.json",
        "seal of scores",
        "result worked out again",
    ]
    assert wrong(changed(data, "scores.json", better, mends_hash=True)) == [
        "seal of scores",
        "result worked out again",
    ]


def test_bundle_made_anew_with_other_marks_differs_from_the_published_seal() -> None:
    other = replace(CONTENTS, scores={**SCORES, "scores": SCORES["scores"][:-1]})
    assert wrong(write_bundle(other)) == []
    assert wrong(write_bundle(other), scores=seal(SCORES)) == ["seal of scores as published"]


def test_removed_vote_shows() -> None:
    data = write_bundle(CONTENTS)
    assert wrong(changed(data, "votes.json", lambda value: value.pop(), mends_hash=True)) == [
        "result worked out again"
    ]


def test_vote_that_is_there_twice_shows() -> None:
    data = write_bundle(CONTENTS)
    twice = changed(data, "votes.json", lambda value: value.append(value[0]), mends_hash=True)
    assert wrong(twice) == ["votes"]


def test_changed_place_shows() -> None:
    def swap(value: dict) -> None:  # type: ignore[type-arg]
        value["places"][0]["entry"], value["places"][1]["entry"] = "2", "1"

    data = write_bundle(CONTENTS)
    assert wrong(changed(data, "result.json", swap, mends_hash=True)) == ["result worked out again"]


def test_amended_score_leaves_the_seal_and_changes_the_result() -> None:
    amended = [{"entry": "2", "juror": "x", "marks": {"idea": 4, "style": 3}, "reason": "appeal"}]
    again = replace(CONTENTS, amended=amended)
    assert again.seals() == CONTENTS.seals()
    assert [one.entry for one in again.result().places] == ["1", "2", "3", "4"]
    assert [one.rank for one in again.result().places] == [1, 2, 3, 4]
    assert wrong(write_bundle(again), scores=CONTENTS.seals()["scores"]) == []


def test_text_reopened_after_the_seal_is_named_and_must_continue_what_was_sealed(tmp_path: Path) -> None:
    first = {"entry": "2", "by": "Nadia", "at": "a", "handed_in": "b", "before": "b" * 64, "after": "e" * 64}
    then = {**first, "before": "e" * 64, "after": "f" * 64}
    path = tmp_path / "bundle.zip"
    path.write_bytes(write_bundle(replace(CONTENTS, reopened=[first, then])))
    said = CliRunner().invoke(contest, ["verify", str(path)]).output
    assert (
        f"right  entry 2 reopened after the seal  by Nadia, a; handed in b; {'b' * 64} -> {'e' * 64}" in said
    )
    assert said.count("right  entry 2 reopened") == 2
    assert wrong(write_bundle(replace(CONTENTS, reopened=[then]))) == ["entry 2 reopened after the seal"]


def test_bundle_from_before_reopened_texts_were_told_is_right() -> None:
    old = changed(
        write_bundle(CONTENTS), "decisions.json", lambda value: value.pop("reopened"), mends_hash=True
    )
    assert wrong(old) == []


def test_entry_that_is_out_has_no_rank() -> None:
    result = replace(CONTENTS, out={"1": "copied"}).result()
    assert [(one.entry, one.rank) for one in result.places] == [("2", 1), ("3", 1), ("4", 3), ("1", None)]


def test_mixed_with_votes_lot_and_all() -> None:
    rules = replace(RULES, public_weight=40, draws_lot=True, seed="drawn")
    assert wrong(write_bundle(replace(CONTENTS, rules=rules))) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rules.json", b"{}"),
        ("votes.json", b"[[1]]"),
        ("scores.json", b'{"head": 1}'),
        ("entries.json", b"[" * 9000),
    ],
)
def test_what_is_no_bundle_is_refused(name: str, content: bytes) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_bundle(CONTENTS))) as good,
        zipfile.ZipFile(out, "w") as archive,
    ):
        for one in good.namelist():
            archive.writestr(one, content if one == name else good.read(one))
    with pytest.raises(NoBundle):
        verify(opened(out.getvalue()))


def test_other_files_are_refused() -> None:
    for data in (b"", b"PK\x03\x04 broken", write_bundle(CONTENTS)[:-30]):
        with pytest.raises(NoBundle):
            verify(opened(data))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../evil", "x")
    with pytest.raises(NoBundle):
        verify(opened(out.getvalue()))


def test_ten_thousand_votes_are_counted_the_same_twice() -> None:
    entries = [str(n) for n in range(50)]
    ballots = [Ballot(f"{n:05}", entries[n * n % 50]) for n in range(10_000)]
    assert tally(ballots, entries) == tally(reversed(ballots), reversed(entries))
    assert tally(ballots, entries).total == 10_000


def test_strange_ballots_are_refused() -> None:
    for ballots in ([Ballot("a", "9")], [Ballot("a", "1"), Ballot("a", "1")], [Ballot("a", "1", "lost")]):
        with pytest.raises(StrangeBallot):
            tally(ballots, ["1"])


def test_command_says_right_and_wrong(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(write_bundle(CONTENTS))
    seals = CONTENTS.seals()
    run = CliRunner().invoke
    good = run(contest, ["verify", str(path), "--entries", seals["entries"], "--scores", seals["scores"]])
    assert good.exit_code == 0
    assert "right  result worked out again  4 entries, 39 votes counted" in good.output
    bad = run(contest, ["verify", str(path), "--scores", "0" * 64])
    assert bad.exit_code == 1
    assert "WRONG  seal of scores as published" in bad.output
    path.write_bytes(b"no zip")
    assert run(contest, ["verify", str(path)]).exit_code == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [True, None, "é\n\u2028\x07"]}, '{"a":[true,null,"é\\n\u2028\\u0007"],"b":1}'),
        ({"\ufb33": 1, "\U0001f600": 2, "€": 3, "1": 4}, '{"1":4,"€":3,"\U0001f600":2,"\ufb33":1}'),
        ('"\\/\x7f', '"\\"\\\\/\x7f"'),
    ],
)
def test_canonical_bytes_are_those_of_rfc_8785(value: object, expected: str) -> None:
    assert canonical(value) == expected.encode()


@pytest.mark.parametrize("value", [1.5, 2**53, {1: 2}, b"x", "\ud800", {"a": {1, 2}}])
def test_what_can_be_written_in_two_ways_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)
