"""The audit log: who did what that needed trust. It only grows, and each entry seals the one before.

`record` is called inside the transaction of the act itself, so an act without its entry cannot happen. Details name
things by id: the log outlives people's wish to be forgotten, so it holds no addresses and no texts.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text

from cms.core.database import db
from cms.core.doctor import Finding
from cms.people.models import AuditEntry, Person

BEGINNING = "0" * 64


def record(
    act: str, subject: str, *, by: Person | None, at: datetime, detail: dict[str, Any] | None = None
) -> AuditEntry:
    """Note a privileged act (`role.changed`) on a subject (`person:12`). Nobody (`by=None`) is somebody at the shell."""
    if (
        db.session.get_bind().dialect.name == "postgresql"
    ):  # entries form one chain, so they are made one by one
        db.session.execute(text("SELECT pg_advisory_xact_lock(7301)"))
    newest = select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    entry = AuditEntry(
        act=act,
        subject=subject,
        by_id=by.id if by else None,
        at=at,
        detail=detail or {},
        previous_hash=db.session.scalar(newest) or BEGINNING,
    )
    entry.hash = _seal(entry)
    db.session.add(entry)
    db.session.flush()
    return entry


def first_break() -> int | None:
    """The id of the first entry that does not fit the one before; None when the log is whole."""
    previous, last_id = BEGINNING, 0
    while True:
        batch = select(AuditEntry).where(AuditEntry.id > last_id).order_by(AuditEntry.id).limit(500)
        entries = db.session.scalars(batch).all()
        if not entries:
            return None
        for entry in entries:
            if entry.previous_hash != previous or entry.hash != _seal(entry):
                return entry.id
            previous, last_id = entry.hash, entry.id


def check_log() -> Finding:
    """For the doctor: no entry was changed or taken out."""
    broken = first_break()
    words = "Every entry fits the one before it." if broken is None else f"Entry {broken} was tampered with."
    return Finding("Audit log", broken is None, words)


def _seal(entry: AuditEntry) -> str:
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [entry.previous_hash, at, entry.by_id, entry.act, entry.subject, entry.detail]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
