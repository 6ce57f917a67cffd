"""A site goes out as an archive and comes back equal: on each database, without what lets somebody in."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from campaigns.channels.models import Account
from campaigns.channels.seats import write_secrets
from campaigns.deliveries.models import Delivery, Repeat, Variant
from campaigns.links.services.minting import mint_link
from cms.core import clock
from cms.core.database import Base, db, transaction
from cms.core.storage import content_name, storage
from cms.people import audit
from cms.people.models import Person
from cms.people.services.links import make_link
from cms.posts.models import Post
from cms.transfer.archive import commands
from cms.transfer.archive.contents import contents
from cms.transfer.archive.filling import NotEmpty, PointsNowhere
from cms.transfer.archive.reading import BadArchive
from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.cms.transfer.carried.sites import CANARY, rows, run, site
from tests.factories import (
    make_campaign,
    make_note,
    make_post,
    make_token,
    nadia,
    password_hash,
    revise,
    save,
    tom,
)

NAME = content_name("3fa2" * 8, "-9c1e.jpg")


def fill_site() -> None:
    """A campaign with a story, what carries it to an account, and secrets of every kind."""
    editor = nadia()
    with transaction():
        db.session.get_one(Person, editor.id).password_hash = password_hash()
        make_link("reset_password", "nadia@example.com", person_id=editor.id, at=clock.now())
    make_token(tom(), "posts:read")
    post = make_post(title="Clean rivers", language="en")
    revise(post, title="Clean rivers, 第二版", by=editor)
    make_note("A note with a \u2028 line separator and “quotes”")
    campaign = make_campaign(name="Rivers")
    account = make_account(
        secrets=write_secrets({"secret": CANARY}), expires_at=clock.now() + timedelta(days=9)
    )
    make_account("By hand", "manual")
    with transaction():
        link = mint_link(
            target=f"http://localhost/posts/{post.id}",
            post_id=post.id,
            account_id=account.id,
            campaign_id=campaign.id,
            source="hook",
            medium="social",
            by=editor,
            at=clock.now(),
        ).id
    repeat = save(
        Repeat(
            post_id=post.id,
            account_id=account.id,
            rule="FREQ=WEEKLY",
            wall="2026-12-01T09:30",
            zone="Asia/Shanghai",
            created_at=clock.now(),
        )
    )
    make_delivery(post, account, campaign_id=campaign.id, link_id=link, repeat_id=repeat.id)
    make_delivery(post, account, "sent", occurrence=2, due=-timedelta(days=2))
    save(
        Variant(
            post_id=post.id,
            account_id=account.id,
            parts=[{"text": "河水", "media": [[7, "alt"]]}],
            edited_at=clock.now(),
            edited_by_id=editor.id,
        )
    )
    save(Variant(post_id=post.id, account_id=account.id + 1, title="Only a title", edited_at=clock.now()))
    with transaction():
        audit.record("account.connected", f"account:{account.id}", by=editor, at=clock.now())
    storage().put(NAME, b"a picture")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder a filled site was written to."""
    folder = tmp_path_factory.mktemp("archive")
    with site(folder / "first"):
        fill_site()
        run(commands.export, folder / "archive")
    return folder / "archive"


@pytest.fixture
def archive(written: Path, tmp_path: Path) -> Path:
    """A copy of it that may be changed."""
    return Path(shutil.copytree(written, tmp_path / "archive"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site that stays empty, whatever is tried."""
    with site(tmp_path_factory.mktemp("empty") / "site") as app:
        yield app


def test_a_site_comes_back_equal(archive: Path, tmp_path: Path) -> None:
    with site(tmp_path / "second"):
        output = run(commands.bring_archive, archive)
        assert re.match(r"\d+ rows and 1 files are here", output)
        run(commands.export, tmp_path / "again")
        assert audit.first_break() is None
        assert storage().read(NAME) == b"a picture"
        assert db.session.scalar(select(func.count()).select_from(Delivery)) == 2
        db.session.rollback()
        assert make_post(title="A later one").id > 2  # the counters go on behind what came in
    grown = {
        "audit_entries",
        "accounts",
        "notices",
        "delivery_holds",
        "sending_marks",
    }  # what the import itself says
    assert _differing(archive, tmp_path / "again") - grown == set()
    old, new = (_lines(one, "audit_entries") for one in (archive, tmp_path / "again"))
    assert new[: len(old)] == old
    assert "archive.imported" in {json.loads(line)["act"] for line in new[len(old) :]}


def test_nothing_and_null_stay_two_things(archive: Path, tmp_path: Path) -> None:
    with site(tmp_path / "second"):
        run(commands.bring_archive, archive)
        found = db.session.execute(text("SELECT id, parts IS NULL FROM variants ORDER BY id")).all()
    said = [json.loads(line) for line in _lines(archive, "variants")]
    assert [bool(is_null) for _id, is_null in found] == ["parts" not in one for one in said]


def test_no_secret_leaves(archive: Path, tmp_path: Path) -> None:
    written = b"".join(path.read_bytes() for path in sorted(archive.rglob("*")) if path.is_file())
    assert CANARY.encode() not in written
    assert password_hash().encode() not in written
    left_out = json.loads((archive / "archive.json").read_text())["left_out"]
    assert {path.stem for path in (archive / "tables").iterdir()} & left_out.keys() == set()
    with site(tmp_path / "second"):
        run(commands.bring_archive, archive)
        accounts = db.session.execute(
            select(Account.channel, Account.state, Account.secrets, Account.problem_code).order_by(Account.id)
        )
        assert [tuple(one) for one in accounts] == [
            ("webhook", "paused", "", "no_credentials"),
            ("manual", "active", "", ""),
        ]
        assert (
            db.session.scalar(select(Person.password_hash).where(Person.email.is_not(None)).limit(1)) is None
        )


def test_every_column_that_sounds_like_a_secret_was_thought_of(empty: Flask) -> None:
    harmless = {  # looks like a secret and is none
        "accounts.remote_key", "accounts.secrets_at", "accounts.secrets_version", "audit_entries.hash",
        "audit_entries.previous_hash", "blog_pitches.content_hash", "circles.name_key",
            "contest_authors.mailbox_key",
        "contest_entries.sealed_hash", "contest_judging.scores_hash", "contest_snapshots.content_hash",
        "contest_voters.address_key", "contest_voters.network_key", "contest_voters.person_key",
        "contest_judging.salt",  # of a seal of scores, which an archive holds too
        "contests.sealed_hash", "contribution_entries.content_hash", "contributions.byline_hash",
        "contributions.decided_hash", "deliveries.key", "deliveries.payload_hash", "delivery_steps.key",
        "goals.fact_key", "handles.key", "jury_scores.content_hash", "people.handle_key",
        "review_decisions.content_hash", "review_waivers.content_hash", "revisions.content_hash",
    }  # fmt: skip
    with empty.app_context():
        held = contents()
        carried = {f"{table.name}.{column.name}" for table in held.tables for column in held.columns(table)}
        tables = set(Base.metadata.tables)
    named = {one for one in carried if re.search(r"token|secret|password|hash|_key$|\.key$|salt", one)}
    assert named - harmless == set(), "name it in `contents` (or its room's list), or here as harmless"
    assert set(held.left_out) <= tables


@pytest.mark.parametrize(
    "damage", ["row", "cut", "file", "missing", "version", "schema", "table", "column", "orphan"]
)
def test_what_is_not_as_it_was_written_changes_nothing(archive: Path, empty: Flask, damage: str) -> None:
    _damage(archive, damage)
    with empty.app_context():
        before = rows()
        with pytest.raises((BadArchive, PointsNowhere)):
            run(commands.bring_archive, archive)
        db.session.rollback()
        assert rows() == before


def test_it_goes_into_an_empty_database_only(archive: Path, tmp_path: Path) -> None:
    with site(tmp_path / "second"):
        nadia()
        before = rows()
        with pytest.raises(NotEmpty):
            run(commands.bring_archive, archive)
        assert rows() == before


def test_an_export_never_writes_over_something(tmp_path: Path) -> None:
    with site(tmp_path / "first"):
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "mine.txt").write_text("keep me")
        with pytest.raises(Exception, match="is there already, and is not an empty folder"):
            run(commands.export, tmp_path / "full")
        (tmp_path / "empty").mkdir()
        run(commands.export, tmp_path / "empty")
        assert (tmp_path / "empty" / "archive.json").exists()
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
    assert not list(tmp_path.glob(".*unfinished"))


def test_an_archive_shows_one_instant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that is written while the tables are, is in none of them."""
    with site(tmp_path / "first"):
        make_post(title="Before")
        from cms.transfer.archive import writing

        write_table = writing._write_table

        def write_and_post(connection, table, held, folder, progress):  # type: ignore[no-untyped-def]
            if table.name == "posts":
                make_note("Meanwhile")
            return write_table(connection, table, held, folder, progress)

        monkeypatch.setattr(writing, "_write_table", write_and_post)
        run(commands.export, tmp_path / "archive")
        assert db.session.scalar(select(func.count()).select_from(Post)) == 2
    assert [len(_lines(tmp_path / "archive", name)) for name in ("posts", "revisions")] == [1, 1]


def _damage(archive: Path, damage: str) -> None:
    about = archive / "archive.json"
    told, posts = json.loads(about.read_text()), archive / "tables" / "posts.jsonl"
    if damage == "row":
        posts.write_text(posts.read_text().replace("clean-rivers", "clean-riverz"))
    elif damage == "cut":
        posts.write_text(posts.read_text().splitlines(keepends=True)[0])
    elif damage == "file":
        (archive / "media" / NAME).write_bytes(b"another picture")
    elif damage == "missing":
        shutil.rmtree(archive / "media")
    elif damage == "column":
        _write(archive, "posts", posts.read_text().replace('"kind":', '"kindness":'))
        return
    elif damage == "orphan":
        _write(archive, "people", "")
        return
    else:
        told |= {"version": {"version": 2}, "schema": {"schema": "0001_foundation"}}.get(damage, {})
        if damage == "table":
            told["tables"]["spells"] = {"count": 0, "sha256": ""}
        about.write_text(json.dumps(told))


def _write(archive: Path, table: str, lines: str) -> None:
    """Other rows, with a sum that fits them."""
    import hashlib

    (archive / "tables" / f"{table}.jsonl").write_text(lines)
    told = json.loads((archive / "archive.json").read_text())
    told["tables"][table] = {"count": lines.count("\n"), "sha256": hashlib.sha256(lines.encode()).hexdigest()}
    (archive / "archive.json").write_text(json.dumps(told))


def _lines(archive: Path, table: str) -> list[str]:
    return (archive / "tables" / f"{table}.jsonl").read_text().split("\n")[:-1]


def _differing(one: Path, other: Path) -> set[str]:
    return {
        path.stem
        for path in sorted((one / "tables").iterdir())
        if path.read_bytes() != (other / "tables" / path.name).read_bytes()
    }
