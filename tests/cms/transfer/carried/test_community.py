"""All that members do goes out with the archive and comes back equal; and who did it can be erased afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from cms.contests import queries
from cms.contests.judging.commands import verify_bundle
from cms.contests.judging.models import Judging, JurySeat
from cms.core import clock
from cms.core.database import Base, db, transaction
from cms.people import services as people
from cms.people.models import Person
from cms.people.services.accounts import LastAdmin
from cms.transfer.archive import commands
from cms.transfer.archive.contents import contents
from tests.cms.people.test_erasing import STILL_NAMED_BY_NUMBER, naming, saying
from tests.cms.transfer.carried.sites import rows, run, site
from tests.cms.transfer.community import make_community, make_what_is_rare, person
from tests.conftest import NOW

FINISHED = "a-night-without-signal"
ROOMS = {"comments", "circles", "contests", "blogs", "following"}
Rows = dict[str, list[tuple[object, ...]]]


def of_members() -> Rows:
    """Every row of these rooms that an archive holds, by table."""
    room_of = {one.local_table.name: one.class_.__module__.split(".")[1] for one in Base.registry.mappers}  # type: ignore[attr-defined]
    carried = {table.name for table in contents().tables if room_of[table.name] in ROOMS}
    return {name: found for name, found in rows().items() if name in carried}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rows]:
    """The archive of a site with a community, and its rows."""
    folder = tmp_path_factory.mktemp("first")
    with clock.stopped(NOW), site(folder / "site"):
        make_community()
        make_what_is_rare()
        db.session.rollback()
        run(commands.export, folder / "archive")
        return folder / "archive", of_members()


@pytest.fixture(scope="module")
def second(first: tuple[Path, Rows], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site that it was brought into."""
    with clock.stopped(NOW), site(tmp_path_factory.mktemp("second") / "site") as app:
        run(commands.bring_archive, first[0])
        yield app


def worked_out(app: Flask, folder: Path) -> str:
    """What the command says of the finished contest's bundle, held against the seals on its page."""
    with clock.stopped(NOW):
        file = folder / "results.zip"
        file.write_bytes(app.test_client().get(f"/contests/{FINISHED}/results.zip").data)
        found = queries.find_contest(FINISHED)
        assert found is not None
        judging = db.session.get_one(Judging, found.id)
        entries, scores = found.sealed_hash, judging.scores_hash
        db.session.rollback()
        return run(verify_bundle, file, "--entries", entries, "--scores", scores)


def test_every_row_of_members_comes_back_equal(first: tuple[Path, Rows], second: Flask) -> None:
    _archive, before = first
    assert [name for name, found in before.items() if not found] == []
    after = of_members()
    assert sorted(after) == sorted(before)
    assert {name for name in before if before[name] != after[name]} == set()


def test_the_bundle_of_the_finished_contest_is_worked_out_again_from_what_came_back(
    second: Flask, tmp_path: Path
) -> None:
    said = worked_out(second, tmp_path)
    assert "right" in said
    assert "WRONG" not in said


def test_everybody_of_the_sample_can_be_erased_and_every_proof_still_holds(
    second: Flask, tmp_path: Path
) -> None:
    """The last one: it leaves the site without people."""
    nour = person("nour").id
    everybody = db.session.execute(
        select(Person.id, Person.email).where(Person.id != nour).order_by(Person.id)
    ).all()
    before = worked_out(second, tmp_path)
    with clock.stopped(NOW):
        for number, (who, _email) in enumerate(everybody):
            with transaction():
                people.erase_person(who, with_texts=number % 2 == 0, by=None, at=clock.now())
        with transaction(), pytest.raises(LastAdmin):
            people.erase_person(nour, with_texts=True, by=None, at=clock.now())
    assert set().union(*(naming(who) for who, _email in everybody)) <= STILL_NAMED_BY_NUMBER
    assert [*saying(*(email for _who, email in everybody if email))] == []
    assert set(db.session.scalars(select(JurySeat.person_id))) == {None}
    db.session.rollback()
    assert worked_out(second, tmp_path) == before
    reader = second.test_client()
    for path in ("/", f"/contests/{FINISHED}", "/circles", "/contests"):
        assert reader.get(path).status_code == 200
