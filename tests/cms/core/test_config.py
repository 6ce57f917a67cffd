from pathlib import Path

import pytest

from cms.core.config import BadSetting, Config, read_config


def config(tmp_path: Path, **settings: str) -> Config:
    return read_config(
        {"PARLEY_DATA": str(tmp_path), **{f"PARLEY_{name}": value for name, value in settings.items()}}
    )


def test_without_settings_it_is_sqlite_in_the_data_folder(tmp_path: Path) -> None:
    made = config(tmp_path)
    assert made.database_url == f"sqlite:///{tmp_path / 'parley.db'}"
    assert made.base_url == "http://127.0.0.1:8000"
    assert made.is_sqlite


def test_made_secrets_are_kept_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    first, second = config(tmp_path), config(tmp_path)
    assert first.secret_key == second.secret_key
    assert first.keys == second.keys
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "given"
    secret.write_text("s" * 40 + "\n")
    made = read_config({"PARLEY_DATA": str(tmp_path), "PARLEY_SECRET_KEY_FILE": str(secret)})
    assert made.secret_key == "s" * 40


def test_a_postgresql_address_gets_our_driver(tmp_path: Path) -> None:
    made = config(tmp_path, DATABASE_URL="postgresql://ann:pw@db/parley")
    assert made.database_url == "postgresql+psycopg://ann:pw@db/parley"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "not an address"),
        ("BASE_URL", "blog.example.com"),
        ("BASE_URL", "https://example.com/blog"),
        ("SHORT_URL", "https://p.example/l"),
        ("SECRET_KEY", "short"),
        ("KEYS", "not-a-fernet-key"),
        ("REDIS_URL", "http://localhost"),
        ("SMTP_URL", "localhost:25"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "many"),
        ("OUTBOUND_ALLOW", "10.0.0.0/99"),
        ("LOCALE", "xx"),
        ("TIMEZONE", "Mars/Olympus"),
        ("LOG_LEVEL", "loud"),
        ("SECRET_KEY_FILE", "/no/such/file"),
    ],
)
def test_a_bad_value_stops_the_start_with_a_sentence_that_names_the_setting(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(BadSetting) as stopped:
        config(tmp_path, **{name: value})
    assert f"PARLEY_{name}" in stopped.value.message
    assert stopped.value.message.endswith(".")
