import os
import re
import subprocess

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from cms.core import clock
from cms.core.database import db
from cms.core.errors import Problem
from cms.core.supervisor import parley_command
from cms.people import audit, commands, passwords, queries
from tests.factories import PASSWORD, ivy


def run(command: click.Command, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, list(words), input=typed)


def test_an_account_is_made_with_a_password_from_standard_input(app: Flask) -> None:
    done = run(
        commands.user,
        *("add", "Ada@Example.com", "--name", "Ada Byron", "--role", "admin", "--password-stdin"),
        typed=PASSWORD + "\n",
    )
    assert (done.exit_code, done.output) == (
        0,
        "ada@example.com is admin, profile http://localhost/@ada-byron\n",
    )
    account = queries.find_account("ada@example.com")
    assert account is not None
    assert passwords.matches(account.password_hash, PASSWORD)
    assert audit.first_break() is None
    assert [one.act for one in queries.audit_entries()] == ["account.added"]


def test_without_a_password_it_prints_a_link_that_sets_one(app: Flask) -> None:
    done = run(commands.user, "add", "ada@example.com", "--name", "Ada", "--role", "editor")
    link = re.search(r"http://localhost(/password/\S+)", done.output)
    assert link is not None
    assert app.test_client().post(link[1], data={"password": PASSWORD}).status_code == 303
    account = queries.find_account("ada@example.com")
    assert account is not None
    db.session.refresh(account)
    assert passwords.matches(account.password_hash, PASSWORD)


def test_a_link_lets_the_owner_of_an_account_choose_a_password(app: Flask) -> None:
    ivy()
    done = run(commands.user, "link", "Ivy@example.com")
    assert re.fullmatch(r"Choose a password: http://localhost/password/[\w-]+\n", done.output)
    assert [one.act for one in queries.audit_entries()] == ["password.link_made"]
    assert isinstance(run(commands.user, "link", "nobody@example.com").exception, Problem)


@pytest.mark.parametrize(
    "words",
    [
        ("add", "no address", "--name", "Ada", "--role", "editor"),
        ("add", "ada@example.com", "--name", " ", "--role", "editor"),
        ("add", "ada@example.com", "--name", "Ada", "--role", "editor", "--handle", "admin"),
        ("add", "ada@example.com", "--name", "Ada", "--role", "editor", "--password-stdin"),
    ],
)
def test_wrong_input_is_a_sentence_and_status_422(app: Flask, words: tuple[str, ...]) -> None:
    done = run(commands.user, *words, typed="password1\n")
    assert isinstance(done.exception, Problem)
    assert done.exception.status == 422
    assert done.exception.message
    assert queries.people() == []


@pytest.mark.parametrize(
    "words",
    [
        ("add", "a@example.com", "--name", "Ada", "--role", "guest"),
        ("add", "a@example.com", "--role", "admin"),
        ("add",),
    ],
)
def test_wrong_words_exit_with_2(app: Flask, words: tuple[str, ...]) -> None:
    assert run(commands.user, *words).exit_code == 2


def test_a_second_account_with_the_same_address_is_a_conflict(app: Flask) -> None:
    ivy()
    done = run(commands.user, "add", "IVY@example.com", "--name", "Ivy", "--role", "member")
    assert isinstance(done.exception, Problem)
    assert done.exception.status == 409


def test_a_token_is_printed_and_nothing_else(app: Flask) -> None:
    ivy()
    done = run(
        commands.token,
        "add",
        "ivy@example.com",
        "--scope",
        "posts:read",
        "--scope",
        "media:write",
        "--expires",
        "7",
    )
    assert done.exit_code == 0
    assert re.fullmatch(r"ply_[\w-]{43}\n", done.output)
    found = queries.find_token(done.output.strip(), at=clock.now())
    assert found is not None
    assert found[0].scopes == ["media:write", "posts:read"]
    assert found[0].expires_at is not None
    assert (found[0].expires_at - clock.now()).days == 7


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("add", "nobody@example.com", "--scope", "posts:read"), 404),
        (("add", "ivy@example.com", "--scope", "everything"), 422),
    ],
)
def test_a_token_for_nobody_or_for_anything_is_refused(
    app: Flask, words: tuple[str, ...], status: int
) -> None:
    ivy()
    done = run(commands.token, *words)
    assert isinstance(done.exception, Problem)
    assert done.exception.status == status


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("user add nowhere --name Ada --role editor", 2, "This is not an e-mail address."),
        ("user add ada@example.com --name Ada --role emperor", 2, "Invalid value for '--role'"),
        ("token add nobody@example.com --scope posts:read", 1, "There is no such account."),
    ],
)
def test_the_shell_gets_a_sentence_and_an_exit_code(
    settings: dict[str, str], whole_app: Flask, words: str, code: int, sentence: str
) -> None:
    done = subprocess.run(
        parley_command(*words.split()),
        env={**os.environ, **settings},
        cwd=whole_app.root_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_waiting_mail_is_listed_and_can_be_read(app: Flask) -> None:
    app.test_client().post("/sign-up", data={"name": "Mei", "email": "mei@example.com"})
    listed = run(commands.show_mail).output
    number = listed.split("\t")[0]
    assert "mei@example.com" in listed
    assert listed.endswith("waiting\n")
    assert "/sign-up/" in run(commands.show_mail, number).output
