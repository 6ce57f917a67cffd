"""`parley import` in the shell: exit codes, sentences, the saved report, and a kill in the middle."""

import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, create_engine, func, select, text

from cms.core.database import Base, db
from cms.core.errors import Invalid, Problem
from cms.core.outbound import Answer
from cms.core.pages import config
from cms.core.supervisor import parley_command
from cms.posts.models import Post
from cms.transfer import commands
from tests.cms.transfer.real_files import real_file
from tests.cms.transfer.wxr_files import item, write_wxr
from tests.databases import KIND, fresh_database

ROOT = Path(__file__).parents[3]
RSS = (
    "<rss version='2.0'><channel><title>Old</title><link>https://old.example</link><item><title>One</title>"
    "<guid>g1</guid><pubDate>Fri, 01 May 2020 10:00:00 +0000</pubDate><description>Words</description></item>"
    "</channel></rss>"
)


def run(*arguments: str) -> str:
    """Call the command in this process; gives what it printed, raises what it raised."""
    result = CliRunner().invoke(commands.import_group, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


# In this process ------------------------------------------------------------------------------------------------


def test_the_table_and_the_saved_report_say_the_same(app: Flask, tmp_path: Path) -> None:
    path = write_wxr(tmp_path, item(1, "[odd a=b]"), item(2, type="product"))
    output = run("wxr", str(path))
    assert "posts                   2          1          0          0          1" in output
    assert "    1 posts: Parley has nothing like the post type product" in output
    assert "    1 × shortcode [odd] is not known here: it was kept as text ([odd a=b])" in output
    saved = Path(output.rpartition("The whole report: ")[2].strip())
    assert saved.parent == config().data / "imports"
    report = json.loads(saved.read_text())
    assert report["counts"]["post"] == {"source": 2, "new": 1, "changed": 0, "unchanged": 0, "skipped": 1}
    assert report["skipped"]["post"] == {"Parley has nothing like the post type product": 1}
    assert report["losses"] == [
        {
            "what": "shortcode [odd] is not known here: it was kept as text",
            "times": 1,
            "details": ["[odd a=b]"],
        }
    ]


def test_a_dry_run_saves_no_report(app: Flask, tmp_path: Path) -> None:
    before = list((config().data / "imports").glob("*")) if (config().data / "imports").exists() else []
    assert "This was a dry run: nothing was written." in run(
        "wxr", str(write_wxr(tmp_path, item(1))), "--dry-run"
    )
    after = list((config().data / "imports").glob("*")) if (config().data / "imports").exists() else []
    assert after == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["wxr", "nowhere.xml"], "There is nothing at nowhere.xml."),
        (["feed", "https://old.example/feed"], "add --network to `import feed` to fetch it"),
        (["wxr", "https://old.example/x.xml"], "is an address"),
    ],
)
def test_what_is_not_there_is_a_sentence(app: Flask, arguments: list[str], sentence: str) -> None:
    with pytest.raises(Invalid) as raised:
        run(*arguments)
    assert sentence in raised.value.message


@pytest.mark.parametrize("value", ["ana", "=x", "ana="])
def test_an_author_is_mapped_by_two_names(app: Flask, tmp_path: Path, value: str) -> None:
    with pytest.raises(Invalid, match="--author takes two names parted by ="):
        run("wxr", str(write_wxr(tmp_path, item(1))), "--author", value)


def test_a_feed_is_fetched_only_when_told_and_only_by_the_guarded_client(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Problem):  # this machine itself is no public address
        run("feed", "http://127.0.0.1:9/feed.xml", "--network")
    asked: list[str] = []

    def answer(url: str, *, most_bytes: int) -> Answer:
        asked.append(url)
        return Answer(200, {}, RSS.encode(), url)

    monkeypatch.setattr(commands, "fetch", answer)
    run("feed", "https://old.example/feed.xml", "--network")
    assert asked == ["https://old.example/feed.xml"]
    assert db.session.scalars(select(Post.guid)).all() == ["g1"]


# As an operator calls it ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shell:
    """A Parley of its own in a temporary folder."""

    environment: dict[str, str]
    engine: Engine

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            parley_command(*arguments),
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, *arguments: str) -> tuple[int, str, str]:
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=120)
        return process.returncode, output, errors

    def checksum(self) -> str:
        """Of all rows, all sequences, and on SQLite of the file itself."""
        digest = hashlib.sha256()
        with self.engine.connect() as connection:
            if KIND == "sqlite":
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
                digest.update(Path(self.engine.url.database or "").read_bytes())
            else:
                names = connection.scalars(text("SELECT sequencename FROM pg_sequences")).all()
                for name in sorted(names):
                    digest.update(str(connection.scalar(text(f'SELECT last_value FROM "{name}"'))).encode())
            for table in Base.metadata.sorted_tables:
                digest.update(repr(sorted(map(repr, connection.execute(select(table))))).encode())
        return digest.hexdigest()

    def posts(self) -> int:
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(Post)) or 0


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with fresh_database(tmp_path) as url:
        environment = {
            **os.environ,
            "PARLEY_DATABASE_URL": url,
            "PARLEY_DATA": str(tmp_path / "data"),
            "PARLEY_LOG_LEVEL": "error",
        }
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        made = Shell(environment, engine)
        assert made.call("init")[0] == 0
        yield made
        engine.dispose()


@pytest.mark.slow
def test_exit_codes_dry_runs_and_a_kill_in_the_middle(shell: Shell, tmp_path: Path) -> None:
    empty, files = shell.checksum(), sorted(Path(shell.environment["PARLEY_DATA"]).rglob("*"))
    code, output, errors = shell.call("import", "wxr", str(real_file("malformed")))
    assert (code, output) == (2, "")
    assert "is not well-formed XML: line 90, column 2" in errors
    assert "Traceback" not in errors
    assert shell.call("import", "wxr", str(tmp_path / "nowhere"))[0] == 2
    assert shell.call("import", "wxr")[0] == 2

    theme = str(real_file("theme"))
    code, output, _ = shell.call("import", "wxr", theme, "--dry-run")
    assert code == 0
    assert "posts                 149         79          0          0         70" in output
    assert shell.checksum() == empty
    assert sorted(Path(shell.environment["PARLEY_DATA"]).rglob("*")) == files

    process = shell.start("import", "wxr", theme)
    give_up = time.monotonic() + 60
    while shell.posts() < 20 and process.poll() is None and time.monotonic() < give_up:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    there = shell.posts()
    assert 20 <= there < 79
    code, output, _ = shell.call("import", "wxr", theme)
    assert code == 0
    assert f"posts                 149         {79 - there}          0         {there}         70" in output
    whole = shell.checksum()
    code, output, _ = shell.call("import", "wxr", theme)
    assert "posts                 149          0          0         79         70" in output
    assert shell.posts() == 79
    assert shell.checksum() == whole
