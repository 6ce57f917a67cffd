"""Contests of the sample site: the phases they are in, and that the finished one can be worked out again."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.contests import phases, queries
from cms.contests.judging.commands import contest
from cms.contests.judging.models import Certificate, Judging
from cms.contests.outcomes import outcome_of
from cms.contests.proposals import proposed_places
from cms.contests.queries.public import winning_posts
from cms.core import clock
from cms.core.database import db, transaction
from cms.transfer.demo.contests import make_contests
from cms.transfer.demo.site import DemoSite
from tests.factories import make_person, make_post

ROLES = {
    "editor": ["zhao-min"],
    "author": "tomas-berg chen-kuo he-jun lin-yue amara-diallo jonas-weil priya-raman".split(),
    "expert": ["sofia-marin", "elif-aydin"],
    "member": "rae mina-okabe old-bo zhou-lan sun-xiaoman farah-n".split(),
}


@pytest.fixture
def sample(app: Flask) -> None:
    joined = clock.now() - timedelta(days=300)
    more = {"created_at": joined, "email_confirmed_at": joined}
    people = {
        one: make_person(one, role, handle=one, **more).id for role, them in ROLES.items() for one in them
    }
    site = DemoSite(at=clock.now(), people=people, files={}, stories={"essay-contest": make_post().id})
    with transaction():
        make_contests(site)


def test_contests_of_the_sample_are_at_different_points_and_the_finished_one_verifies(
    sample: None, client: FlaskClient, tmp_path: Path
) -> None:
    stages = {one.slug: phases.stage(one, clock.now()) for one in queries.public_contests()}
    assert stages == {
        "a-night-without-signal": "finished",
        "one-repaired-thing": "vote",
        "the-call-that-mattered": "entries",
        "what-the-ice-said": "announce",
    }
    found = queries.find_contest("a-night-without-signal")
    assert found is not None
    assert [one.place for one in queries.places_of(found.id)] == [1, 2, 2, 4, 5, 6]
    assert {one.entry_id: one.place for one in queries.places_of(found.id)} == {
        entry_id: place for entry_id, (place, _points) in proposed_places(found.id).items()
    }
    assert len(winning_posts(9)) == 3
    rae = next(one for one in queries.winners(found.id) if one.names == "rae")
    author = queries.get_entry(rae.entry_id).person_id
    assert author is not None
    told = outcome_of(rae.entry_id, author)
    assert ([words[:9] for words in told.comments], len(told.certificates)) == (["The ruler"], 1)
    assert len(db.session.scalars(select(Certificate.id)).all()) == 6
    file, judging = tmp_path / "results.zip", db.session.get_one(Judging, found.id)
    file.write_bytes(client.get("/contests/a-night-without-signal/results.zip").data)
    seals = ["--entries", found.sealed_hash, "--scores", judging.scores_hash]
    checked = CliRunner().invoke(contest, ["verify", str(file), *map(str, seals)])
    assert checked.exit_code == 0, checked.output
    assert "WRONG" not in checked.output
