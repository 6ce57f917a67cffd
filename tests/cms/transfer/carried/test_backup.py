"""A backup taken under load goes back whole, or not at all, and says that it did."""

import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text

from campaigns.channels.models import Account
from campaigns.channels.seats import read_secrets, write_secrets
from campaigns.engagement.installing import store
from campaigns.engagement.models import VisitorSalt
from cms.core import clock, schema, seams
from cms.core.database import db
from cms.core.storage import content_name, storage
from cms.people import audit
from cms.people.models import AuditEntry, Person
from cms.posts.models import Post
from cms.transfer.archive.filling import NotEmpty
from cms.transfer.backup import commands
from cms.transfer.backup.reading import BadBackup
from cms.transfer.backup.writing import SEAL
from cms.transfer.events import DatabaseRestored
from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.cms.transfer.carried.sites import CANARY, rows, run, site
from tests.databases import KIND
from tests.factories import make_note, make_post, nadia, save

NAME = content_name("3fa2" * 8, "-9c1e.jpg")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[DatabaseRestored]:
    """What was said of restored databases."""
    heard: list[DatabaseRestored] = []
    monkeypatch.setitem(seams._handlers, DatabaseRestored, [*seams._handlers[DatabaseRestored], heard.append])
    return heard


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site with something of everything in it, that changes no more."""
    with site(tmp_path_factory.mktemp("filled") / "site") as app:
        nadia()
        make_delivery(make_post(title="河水"), make_account(secrets=write_secrets({"secret": CANARY})))
        save(VisitorSalt(window=202611, salt=b"salty" * 6))
        storage().put(NAME, b"a picture")
        with store().engine.connect() as connection:
            assert inspect(connection).has_table("ev_meta")
        yield app


@pytest.fixture
def backup(filled: Flask, tmp_path: Path) -> Path:
    """Of that site."""
    with filled.app_context():
        run(commands.backup, tmp_path / "site.backup")
    return tmp_path / "site.backup"


def test_a_backup_goes_back_whole(
    backup: Path, filled: Flask, tmp_path: Path, told: list[DatabaseRestored]
) -> None:
    with filled.app_context():
        before = rows()
    with site(tmp_path / "second", has_tables=False) as app:
        _with_the_same_keys(app, filled)
        output = run(commands.restore, backup)
        assert "Nothing goes out until" in output
        after = rows()
        assert (
            schema.current_and_head(db.session.connection())[0]
            == schema.current_and_head(db.session.connection())[1]
        )
        assert storage().read(NAME) == b"a picture"
        assert read_secrets(db.session.scalars(select(Account.secrets)).one()) == {"secret": CANARY}
        assert audit.first_break() is None
        acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
        assert set(acts[-2:]) == {"backup.restored", "delivery.hold"}
        db.session.rollback()
        assert make_note("Goes on").id > 1
    salts = before.pop("visitor_salts")
    assert (len(salts), after.pop("visitor_salts")) == (1, [])
    grown = {"audit_entries", "delivery_holds", "notices", "page_changes", "deliveries", "delivery_events"}
    grown.add("sending_marks")
    assert {name for name, found in before.items() if found != after[name]} - grown == set()
    assert told == [DatabaseRestored(at=clock.now())]


def test_keys_and_salts_are_not_in_it(backup: Path, filled: Flask, tmp_path: Path) -> None:
    with zipfile.ZipFile(backup) as held:
        written = b"".join(held.read(name) for name in held.namelist())
    assert CANARY.encode() not in written
    assert b"saltysalty" not in written
    assert filled.config["PARLEY"].keys[0].encode() not in written
    assert backup.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("where", [0.0, 0.2, 0.5, 0.8, 0.999])
def test_a_flipped_byte_is_found_before_anything_is_written(
    backup: Path, tmp_path: Path, where: float, told: list[DatabaseRestored]
) -> None:
    data = bytearray(backup.read_bytes())
    data[int(len(data) * where)] ^= 0xFF
    backup.write_bytes(data)
    with site(tmp_path / "second", has_tables=False):
        with pytest.raises(BadBackup):
            run(commands.restore, backup)
        db.session.rollback()
        assert inspect(db.engine).get_table_names() == []
        assert not storage().exists(NAME)
    assert told == []


def test_it_goes_into_an_empty_database_only(backup: Path, tmp_path: Path) -> None:
    with site(tmp_path / "second"):
        nadia()
        before = rows()
        with pytest.raises(NotEmpty):
            run(commands.restore, backup)
        assert rows() == before


def test_a_backup_of_another_kind_of_database_is_refused(backup: Path, tmp_path: Path) -> None:
    _tell(backup, database="oracle")
    with (
        site(tmp_path / "second", has_tables=False),
        pytest.raises(BadBackup, match="This backup is of oracle, and PARLEY_DATABASE_URL names " + KIND),
    ):
        run(commands.restore, backup)


def test_a_handler_that_fails_leaves_the_place_empty(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(fact: DatabaseRestored) -> None:
        raise RuntimeError("no guard")

    monkeypatch.setitem(seams._handlers, DatabaseRestored, [fail])
    with site(tmp_path / "second", has_tables=False):
        with pytest.raises(RuntimeError, match="no guard"):
            run(commands.restore, backup)
        db.session.rollback()
        if inspect(db.engine).has_table("people"):
            assert db.session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.slow
def test_a_backup_under_load_is_of_one_instant(tmp_path: Path) -> None:
    """Each write adds a post and its revision in one step; a backup has both, or none of the two."""
    with site(tmp_path / "first") as app:
        editor_id = nadia().id
        begun, ended, wrong = threading.Event(), threading.Event(), []

        def write() -> None:
            with app.app_context():
                count = 0
                while not ended.is_set():
                    try:
                        make_post(title=f"Post {count}", bylines=[db.session.get_one(Person, editor_id)])
                    except Exception as error:  # told below: an exception in a thread fails no test
                        wrong.append(error)
                        return
                    finally:
                        begun.set()
                    count += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            assert begun.wait(30)
            for number in range(3):
                run(commands.backup, tmp_path / f"{number}.backup")
        finally:
            ended.set()
            writer.join()
        assert wrong == []
        written = db.session.scalar(select(func.count()).select_from(Post)) or 0
    with site(tmp_path / "second", has_tables=False):
        run(commands.restore, tmp_path / "2.backup")
        posts, live = db.session.execute(
            text(
                "SELECT count(*), count(r.id) FROM posts p LEFT JOIN revisions r ON r.id = p.latest_revision_id"
            )
        ).one()
        assert posts == live
        assert 0 < posts <= written


def _tell(backup: Path, **about: object) -> None:
    """Say something else in it of itself."""
    with zipfile.ZipFile(backup) as old:
        held = {name: old.read(name) for name in old.namelist()}
    held["backup.json"] = json.dumps({**json.loads(held["backup.json"]), **about}).encode()
    with zipfile.ZipFile(backup, "w") as new:
        for name, data in held.items():
            new.writestr(name, data)
        new.comment = b"0" * SEAL
    data = backup.read_bytes()[:-SEAL]
    backup.write_bytes(data + hashlib.sha256(data).hexdigest().encode())


def _with_the_same_keys(app: Flask, other: Flask) -> None:
    """As an operator has to, who keeps `PARLEY_KEYS` apart."""
    from dataclasses import replace

    app.config["PARLEY"] = replace(app.config["PARLEY"], keys=other.config["PARLEY"].keys)
