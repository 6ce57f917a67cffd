from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from cms.core.secrets import UnreadableSecret, decrypt, encrypt, fingerprint, keyed_hash, new_token, rotate


def use_keys(app: Flask, monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    monkeypatch.setitem(app.config, "PARLEY", replace(app.config["PARLEY"], keys=keys))


def test_a_secret_comes_back_and_is_not_readable_meanwhile(app: Flask) -> None:
    sealed = encrypt("密码 hunter2")
    assert "hunter2" not in sealed
    assert decrypt(sealed) == "密码 hunter2"
    assert encrypt("密码 hunter2") != sealed


def test_keys_can_be_renewed_without_losing_anything(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    use_keys(app, monkeypatch, old)
    sealed = encrypt("secret")
    use_keys(app, monkeypatch, new, old)
    assert decrypt(sealed) == "secret"
    renewed = rotate(sealed)
    use_keys(app, monkeypatch, new)
    assert decrypt(renewed) == "secret"
    with pytest.raises(UnreadableSecret):
        decrypt(sealed)
    with pytest.raises(UnreadableSecret):
        rotate(sealed)


@pytest.mark.parametrize("damaged", ["", "x", "gAAAAA==", "\x00"])
def test_what_is_no_secret_of_ours_is_a_sentence_not_a_crash(app: Flask, damaged: str) -> None:
    with pytest.raises(UnreadableSecret):
        decrypt(damaged)


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token("ply_") for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(one) == 47 and one.startswith("ply_") for one in tokens)
    assert len({fingerprint(one) for one in tokens}) == 100


def test_a_keyed_hash_cannot_be_worked_out_without_the_key(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keyed_hash("rae@example.com")
    assert before == keyed_hash("rae@example.com")
    monkeypatch.setitem(
        app.config, "PARLEY", replace(app.config["PARLEY"], secret_key="another-key-" + "y" * 32)
    )
    assert before != keyed_hash("rae@example.com")
