"""Settings: read once from the environment into one frozen value, failing with a sentence.

Every setting is `PARLEY_NAME`; a secret may instead be read from the file named by `PARLEY_NAME_FILE`.
`docs/operations.md` describes each one.
"""

import contextlib
import ipaddress
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from cms.core.errors import Problem

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LOCALES = ("en", "zh")


class BadSetting(Problem):
    """A setting has a value the program cannot start with."""


@dataclass(frozen=True)
class Config:
    """Everything an operator can choose. Built by `read_config`, never changed afterwards."""

    data: Path
    database_url: str
    base_url: str
    short_url: str
    secret_key: str
    keys: tuple[str, ...]
    redis_url: str | None
    storage_url: str
    smtp_url: str | None
    mail_from: str
    trusted_proxies: int
    outbound_allow: tuple[Network, ...]
    locale: str
    timezone: str
    log_level: str
    visitor_window: str
    do_not_track: str
    raw_days: int
    country_header: str
    machine_ranges: Path | None

    @property
    def is_sqlite(self) -> bool:
        """Whether rows live in a file here rather than in PostgreSQL."""
        return self.database_url.startswith("sqlite")

    @property
    def host(self) -> str:
        """The public host name, without port."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def hosts(self) -> frozenset[str]:
        """The names this site answers to: its own, and that of its short links."""
        return frozenset({self.host, urlsplit(self.short_url).hostname or self.host})


def read_config(environ: Mapping[str, str]) -> Config:
    """Build the settings from an environment; raises `BadSetting` with a sentence that names the setting.

    The data folder is created when it is missing; the secret key and the encryption key are made on the
    first run and kept in it, readable by their owner only.
    """
    source = _Source(environ)
    data = Path(source.get("DATA", "var")).expanduser().resolve()
    _make_folder(data)
    base_url = _base_url(source.get("BASE_URL", "http://127.0.0.1:8000"))
    return Config(
        data=data,
        database_url=_database_url(source.get("DATABASE_URL", f"sqlite:///{data / 'parley.db'}")),
        base_url=base_url,
        short_url=_base_url(source.get("SHORT_URL", base_url), "SHORT_URL"),
        secret_key=_secret_key(source.get("SECRET_KEY", ""), data / "secret_key"),
        keys=_keys(source.get("KEYS", ""), data / "keys"),
        redis_url=_url(source, "REDIS_URL", ("redis", "rediss", "unix")),
        storage_url=source.get("STORAGE_URL", str(data / "media")),
        smtp_url=_url(source, "SMTP_URL", ("smtp", "smtps")),
        mail_from=source.get("MAIL_FROM", f"Parley <noreply@{urlsplit(base_url).hostname}>"),
        trusted_proxies=_whole_number(source.get("TRUSTED_PROXIES", "0"), "TRUSTED_PROXIES", most=10),
        outbound_allow=_networks(source.get("OUTBOUND_ALLOW", "")),
        locale=_one_of(source.get("LOCALE", "en"), "LOCALE", LOCALES),
        timezone=_timezone(source.get("TIMEZONE", "UTC")),
        log_level=_one_of(
            source.get("LOG_LEVEL", "info").lower(), "LOG_LEVEL", ("debug", "info", "warning", "error")
        ),
        visitor_window=_one_of(source.get("VISITOR_WINDOW", "month"), "VISITOR_WINDOW", ("month", "day")),
        do_not_track=_one_of(
            source.get("DO_NOT_TRACK", "unlink"), "DO_NOT_TRACK", ("unlink", "drop", "ignore")
        ),
        raw_days=_whole_number(source.get("RAW_DAYS", "90"), "RAW_DAYS", least=30, most=90),
        country_header=_header(source.get("COUNTRY_HEADER", "")),
        machine_ranges=_file(source.get("MACHINE_RANGES", ""), "MACHINE_RANGES"),
    )


class _Source:
    """Looks a setting up by its short name, in the environment or in the file that `_FILE` names."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def get(self, name: str, default: str) -> str:
        path = self.environ.get(f"PARLEY_{name}_FILE")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise BadSetting(f"PARLEY_{name}_FILE names a file that cannot be read: {path}.") from error
        return self.environ.get(f"PARLEY_{name}", "").strip() or default


def _make_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"PARLEY_DATA names a folder that cannot be made: {data}.") from error


def _base_url(value: str, name: str = "BASE_URL") -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BadSetting(
            f"PARLEY_{name} must be an address like https://blog.example.com, but it is {value!r}."
        )
    if parts.path.strip("/"):
        raise BadSetting(f"PARLEY_{name} must not have a path: Parley lives at the root of its host.")
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(value: str) -> str:
    try:
        url = make_url(value)
    except ArgumentError as error:
        raise BadSetting("PARLEY_DATABASE_URL is not a database address.") from error
    backend = url.get_backend_name()
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if backend != "sqlite":
        raise BadSetting(f"PARLEY_DATABASE_URL must begin with sqlite: or postgresql:, not {backend}:.")
    if not url.database or url.database == ":memory:":
        raise BadSetting("PARLEY_DATABASE_URL must name a file: web and worker share it.")
    return value


def _secret_key(value: str, path: Path) -> str:
    if not value:
        return _kept(path, lambda: secrets.token_urlsafe(48))
    if len(value) < 32:
        raise BadSetting("PARLEY_SECRET_KEY must have at least 32 characters.")
    return value


def _keys(value: str, path: Path) -> tuple[str, ...]:
    keys = tuple((value or _kept(path, lambda: Fernet.generate_key().decode())).replace(",", " ").split())
    try:
        for key in keys:
            Fernet(key)
    except ValueError as error:
        raise BadSetting(
            "PARLEY_KEYS must be Fernet keys (32 bytes in URL-safe base64), newest first, parted by commas."
        ) from error
    return keys


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The secret kept in a file; made once, also when several processes start together."""
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8") as file:  # mode 0600
            file.write(make())
            file.flush()
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)  # whole or not at all, and only for the first who comes
    return path.read_text(encoding="utf-8").strip()


def _url(source: _Source, name: str, schemes: tuple[str, ...]) -> str | None:
    value = source.get(name, "")
    if value and urlsplit(value).scheme not in schemes:
        raise BadSetting(f"PARLEY_{name} must begin with {' or '.join(s + '://' for s in schemes)}.")
    return value or None


def _whole_number(value: str, name: str, *, least: int = 0, most: int) -> int:
    if not value.isdecimal() or not least <= int(value) <= most:
        raise BadSetting(f"PARLEY_{name} must be a whole number from {least} to {most}, but it is {value!r}.")
    return int(value)


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part, strict=False) for part in value.replace(",", " ").split())
    except ValueError as error:
        raise BadSetting(
            "PARLEY_OUTBOUND_ALLOW must be address ranges like 10.0.0.0/8, parted by commas."
        ) from error


def _header(value: str) -> str:
    if not all(part.isascii() and part.isalnum() for part in value.split("-") if value):
        raise BadSetting(f"PARLEY_COUNTRY_HEADER must be the name of a header, but it is {value!r}.")
    return value


def _file(value: str, name: str) -> Path | None:
    if value and not Path(value).is_file():
        raise BadSetting(f"PARLEY_{name} names a file that is not there: {value}.")
    return Path(value) if value else None


def _one_of(value: str, name: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise BadSetting(f"PARLEY_{name} must be one of {', '.join(allowed)}, but it is {value!r}.")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadSetting(
            f"PARLEY_TIMEZONE must be a zone name like Asia/Shanghai, but it is {value!r}."
        ) from error
    return value
