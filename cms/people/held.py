"""What is held about somebody, for them to take along. Rooms say what they hold; `wiring.py` writes the list out.

No secret is among it: no password, token or code, nor their hashes. What others wrote about somebody stays with them.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Select, select

from cms.core.database import db
from cms.people.models import APIToken, AuditEntry, Handle, Person, SecondStep, SignIn

FORM = "parley-held-1"


@dataclass(frozen=True)
class Held:
    """One part of it: rows as `query` of somebody's number gives them, under the names of its columns."""

    part: str  # "comments"
    query: Callable[[int], Select[*tuple[Any, ...]]]


HELD = [
    Held(
        "account",
        lambda who: select(
            Person.name,
            Person.handle,
            Person.role,
            Person.email,
            Person.email_confirmed_at,
            Person.headline,
            Person.bio,
            Person.locale,
            Person.timezone,
            Person.created_at,
            Person.disabled_at,
        ).where(Person.id == who),
    ),
    Held(
        "handles",
        lambda who: (
            select(Handle.handle, Handle.created_at)
            .where(Handle.person_id == who)
            .order_by(Handle.created_at)
        ),
    ),
    Held(
        "sign_ins",
        lambda who: (
            select(SignIn.agent, SignIn.created_at, SignIn.seen_at)
            .where(SignIn.person_id == who)
            .order_by(SignIn.id)
        ),
    ),
    Held("second_step", lambda who: select(SecondStep.confirmed_at).where(SecondStep.person_id == who)),
    Held(
        "api_tokens",
        lambda who: (
            select(
                APIToken.name,
                APIToken.scopes,
                APIToken.created_at,
                APIToken.expires_at,
                APIToken.used_at,
                APIToken.revoked_at,
            )
            .where(APIToken.person_id == who)
            .order_by(APIToken.id)
        ),
    ),
    Held(
        "audit_log",
        lambda who: (
            select(AuditEntry.at, AuditEntry.act, AuditEntry.subject)
            .where((AuditEntry.by_id == who) | (AuditEntry.subject == f"person:{who}"))
            .order_by(AuditEntry.id)
        ),
    ),
]


def install(app: Flask, held: Iterable[Held]) -> None:
    """Tell the application what its rooms hold."""
    app.extensions["parley_held"] = tuple(held)


def held_about(person_id: int, *, at: datetime) -> str:
    """All of it as JSON: a list of rows for each part, instants as ISO 8601 in UTC; parts without a row are empty lists."""
    held: tuple[Held, ...] = current_app.extensions["parley_held"]
    parts = {
        one.part: [dict(row) for row in db.session.execute(one.query(person_id)).mappings()] for one in held
    }
    whole = {"form": FORM, "made_at": at, **parts}
    return json.dumps(whole, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
