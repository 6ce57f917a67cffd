"""`parley doctor`: looks at everything Parley stands on and says in sentences what is wrong."""

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pysqlite3.dbapi2
from sqlalchemy import func, select, text

from cms.core import clock, sealed
from cms.core.database import db
from cms.core.models import Heartbeat, OutgoingMail
from cms.core.pages import config
from cms.core.schema import current_and_head
from cms.core.secrets import decrypt, encrypt
from cms.core.storage import storage

SCARCE = 500 * 1024 * 1024  # bytes free below which uploads will soon fail
SILENT = 120  # seconds after which a worker that has not done anything is missed


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, and what was seen."""

    name: str
    is_well: bool
    words: str


Check = Callable[[], Finding]


def examine(checks: list[Check]) -> list[Finding]:
    """Run every check; one that breaks is a finding, not the end."""
    return [_run(check) for check in checks]


def check_database() -> Finding:
    """The database answers, is of a good version, and has our schema."""
    connection = db.session.connection()
    version = (
        f"SQLite {pysqlite3.dbapi2.sqlite_version}"
        if connection.dialect.name == "sqlite"
        else f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"
    )
    current, head = current_and_head(connection)
    if current != head:
        return Finding("Database", False, f"{version}, schema {current or 'missing'}: run `parley init`.")
    return Finding("Database", True, f"{version}, schema {head}.")


def check_integrity() -> Finding:
    """SQLite: the file is sound and no row points nowhere. PostgreSQL looks after this itself."""
    connection = db.session.connection()
    if connection.dialect.name != "sqlite":
        return Finding("Integrity", True, "PostgreSQL keeps its own.")
    said = connection.scalar(text("PRAGMA quick_check"))
    orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    if said != "ok" or orphans:
        return Finding(
            "Integrity",
            False,
            f"quick_check says {said}; {len(orphans)} rows point nowhere. Restore a backup.",
        )
    return Finding("Integrity", True, "The file is sound.")


def check_clock() -> Finding:
    """Our clock and the database's agree, or schedules and leases go wrong."""
    now = db.session.scalar(select(func.current_timestamp()))
    if now is None or now.tzinfo is None:  # SQLite runs in our process and shares our clock
        return Finding("Clock", True, "One machine, one clock.")
    apart = abs((clock.now() - now).total_seconds())
    return Finding("Clock", apart < 2, f"{apart:.1f} s apart from the database's.")


def check_storage() -> Finding:
    """Uploads can be written, read and removed, and there is room for more."""
    name = f"doctor/{uuid.uuid4().hex}"
    storage().put(name, b"well")
    with storage().open(name) as file:
        same = file.read() == b"well"
    storage().delete(name)
    free = shutil.disk_usage(config().data).free
    if not same:
        return Finding("Storage", False, "What was written is not what was read.")
    return Finding("Storage", free > SCARCE, f"Writable; {free / 1e9:.1f} GB free in the data folder.")


def check_secrets() -> Finding:
    """The encryption keys work, and nobody else may read their files."""
    if decrypt(encrypt("well")) != "well":
        return Finding("Secrets", False, "The encryption keys do not fit.")
    loose = [
        path.name
        for path in (config().data / "secret_key", config().data / "keys")
        if path.exists() and path.stat().st_mode & 0o077
    ]
    if loose:
        return Finding("Secrets", False, f"Others may read {', '.join(loose)} in the data folder: chmod 600.")
    return Finding("Secrets", True, "Keys work and are private.")


def check_sealed() -> Finding:
    """Everything that is stored encrypted can still be read."""
    counts = {one.name: sealed.count(one) for one in sealed.columns()}
    lost = [f"{one.unreadable} of the {name}" for name, one in counts.items() if one.unreadable]
    if lost:
        words = f"No key opens {', '.join(lost)}: add the key they were written with to PARLEY_KEYS, or give them anew."
        return Finding("Stored secrets", False, words)
    every = sum(counts.values(), sealed.Count())
    if every.old:
        words = f"{every.old} of {every.all} are written with an older key: run `parley secrets rotate`."
        return Finding("Stored secrets", True, words)
    return Finding("Stored secrets", True, f"{every.all}, all written with the newest key.")


def check_worker() -> Finding:
    """Somebody is doing what is due."""
    newest = db.session.scalar(select(func.max(Heartbeat.at)))
    if newest is None:
        return Finding("Worker", True, "None has run yet; `parley serve` starts one.")
    age = (clock.now() - newest).total_seconds()
    words = f"Last seen {age:.0f} s ago."
    return Finding(
        "Worker",
        age < SILENT,
        words if age < SILENT else f"{words} Is `parley serve` or `parley worker` running?",
    )


def check_mail() -> Finding:
    """Mail can leave, and none is stuck."""
    stuck = db.session.scalar(select(func.count()).where(OutgoingMail.failed_at.is_not(None))) or 0
    if config().smtp_url is None:
        waiting = db.session.scalar(select(func.count()).where(OutgoingMail.sent_at.is_(None))) or 0
        return Finding("Mail", True, f"PARLEY_SMTP_URL is not set; {waiting} messages wait to be read here.")
    return Finding("Mail", stuck == 0, f"{stuck} messages could not be delivered.")


CHECKS: list[Check] = [
    check_database,
    check_integrity,
    check_clock,
    check_storage,
    check_secrets,
    check_sealed,
    check_worker,
    check_mail,
]


def _run(check: Check) -> Finding:
    name = check.__name__.removeprefix("check_").replace("_", " ").capitalize()
    try:
        return check()
    except Exception as error:  # the edge: a broken check is what the operator came to hear about
        db.session.rollback()
        return Finding(name, False, f"could not be checked: {type(error).__name__}: {error}".splitlines()[0])
