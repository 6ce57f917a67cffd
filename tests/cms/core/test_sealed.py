"""Secrets wherever they are stored: counted by the doctor, written anew with the newest key, and never lost."""

from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from campaigns.channels.models import Account
from campaigns.channels.seats import SEALED as CREDENTIALS
from campaigns.channels.seats import read_secrets, write_secrets
from cms.core import clock, doctor, sealed
from cms.core.commands import rotate_secrets
from cms.core.sealed import Count
from tests.factories import read_again, save

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def use_keys(app: Flask, monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    monkeypatch.setitem(app.config, "PARLEY", replace(app.config["PARLEY"], keys=keys))


def make_account(**secrets: str) -> Account:
    stored = write_secrets(secrets)
    return save(Account(name="Ours", channel="webhook", zone="UTC", created_at=clock.now(), secrets=stored))


def test_rotating_lets_the_old_key_go(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys(app, monkeypatch, OLD)
    accounts = [make_account(secret=f"whsec_{number}") for number in range(3)]
    make_account()
    use_keys(app, monkeypatch, NEW, OLD)
    assert sealed.count(CREDENTIALS) == Count(all=3, old=3)
    assert sealed.rotate_all(CREDENTIALS) == Count(all=3, old=3)
    assert sealed.rotate_all(CREDENTIALS) == Count(all=3)
    use_keys(app, monkeypatch, NEW)
    stored = [read_secrets(read_again(Account, one.id).secrets) for one in accounts]
    assert stored == [{"secret": f"whsec_{number}"} for number in range(3)]


def test_more_secrets_than_fit_one_batch_are_all_written_anew(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(app, monkeypatch, OLD)
    for _ in range(5):
        make_account(secret="x")
    use_keys(app, monkeypatch, NEW, OLD)
    monkeypatch.setattr(sealed, "BATCH", 2)
    assert sealed.rotate_all(CREDENTIALS) == Count(all=5, old=5)
    assert sealed.count(CREDENTIALS) == Count(all=5)


def test_what_no_key_opens_is_said_and_left_alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys(app, monkeypatch, OLD)
    account = make_account(secret="x")
    before = account.secrets
    use_keys(app, monkeypatch, NEW)
    finding = doctor.check_sealed()
    assert (finding.is_well, finding.words) == (
        False,
        "No key opens 1 of the credentials of accounts: add the key they were written with to PARLEY_KEYS, "
        "or give them anew.",
    )
    result = app.test_cli_runner().invoke(rotate_secrets)
    assert result.exit_code == 1
    assert read_again(Account, account.id).secrets == before


def test_the_doctor_tells_what_an_older_key_still_holds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys(app, monkeypatch, OLD)
    make_account(secret="x")
    assert doctor.check_sealed().words == "1, all written with the newest key."
    use_keys(app, monkeypatch, NEW, OLD)
    finding = doctor.check_sealed()
    assert (finding.is_well, finding.words) == (
        True,
        "1 of 1 are written with an older key: run `parley secrets rotate`.",
    )
    result = app.test_cli_runner().invoke(rotate_secrets)
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            "second steps of signing in: 0 written anew, 0 already were.",
            "credentials of accounts: 1 written anew, 0 already were.",
        ],
    )
