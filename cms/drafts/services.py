"""Keeping what is typed. Called some times a minute by every open page, so each is one short write."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.text import strip_control
from cms.drafts.models import Draft

MOST_FIELDS = 600
LONGEST_NAME = 80
LARGEST = 400_000  # characters in all fields together: two texts of the longest kind, twice over
_TAB = re.compile(r"[A-Za-z0-9_-]{8,40}")
_MOST = 2**31 - 1


@dataclass(frozen=True)
class Sent:
    """What a page says of itself. Without `fields` it only says that it is there."""

    tab: str
    base: int = 0
    sequence: int = 0
    fields: dict[str, Any] | None = None
    is_clean: bool = False  # what is in the form is what is saved
    is_idle: bool = False
    is_leaving: bool = False
    replaces: Sequence[str] = field(
        default=()
    )  # tabs of the same person whose text was taken over into this one


def read_sent(data: object) -> Sent:
    """What a page sent as JSON; raises `Invalid` with a sentence for what is malformed or too large."""
    if not isinstance(data, dict):
        raise Invalid(_("This was not understood. Please open the page again."))
    fields = data.get("fields")
    replaces = data.get("replaces") or []
    return Sent(
        tab=_tab(data.get("tab")),
        base=_count(data.get("base", 0)),
        sequence=_count(data.get("sequence", 0)),
        fields=None if fields is None else _fields(fields),
        is_clean=data.get("is_clean") is True,
        is_idle=data.get("is_idle") is True,
        is_leaving=data.get("is_leaving") is True,
        replaces=[_tab(one) for one in replaces[:20]] if isinstance(replaces, list) else [],
    )


def keep(person_id: int, subject: str, sent: Sent, *, at: datetime) -> Draft:
    """Note that a tab is there, and keep its text unless a newer one is kept already."""
    draft = _claimed(person_id, subject, sent.tab, at)
    draft.seen_at, draft.is_idle = at, sent.is_idle
    draft.left_at = at if sent.is_leaving else None
    if (sent.fields is not None or sent.is_clean) and sent.sequence > draft.sequence:
        draft.sequence, draft.base, draft.discarded_at = sent.sequence, sent.base, None
        draft.fields = None if sent.is_clean else sent.fields
        draft.kept_at = None if sent.is_clean else at
        _forget_tabs(person_id, subject, [tab for tab in sent.replaces if tab != sent.tab])
    db.session.flush()
    return draft


def mark_saved(person_id: int, subject: str, mark: str, *, at: datetime) -> None:
    """What this tab held is saved. `mark` is what its form sent, `tab.sequence`; anything else does nothing.

    The row stays and knows the sequence, so that an autosave that arrives late is known for old.
    """
    tab, _dot, number = mark.partition(".")
    if not (_TAB.fullmatch(tab) and number.isdecimal() and len(number) < 10):
        return
    draft = _claimed(person_id, subject, tab, at)
    draft.sequence = max(draft.sequence, int(number))
    draft.fields, draft.kept_at, draft.seen_at = None, None, at
    db.session.flush()


def discard(draft_id: int, *, at: datetime) -> None:
    """Throw an unsaved text away; it can be taken back until it is purged."""
    draft = _load(draft_id)
    if draft.kept_at is not None:
        draft.discarded_at = at
    db.session.flush()


def take_back(draft_id: int, *, at: datetime) -> None:
    """Undo a discard."""
    draft = _load(draft_id)
    draft.discarded_at, draft.seen_at = None, at
    db.session.flush()


def forget(draft_ids: Sequence[int]) -> None:
    """Remove rows for good."""
    db.session.execute(delete(Draft).where(Draft.id.in_(draft_ids)))


def _load(draft_id: int) -> Draft:
    draft = db.session.get(Draft, draft_id, populate_existing=True, with_for_update=True)
    if draft is None:
        raise NotFound
    return draft


def _claimed(person_id: int, subject: str, tab: str, at: datetime) -> Draft:
    """The row of a tab, locked; made when it is new. Two first requests of one tab at once make one row."""
    row = (
        select(Draft)
        .where(Draft.person_id == person_id, Draft.subject == subject, Draft.tab == tab)
        .with_for_update()
    )
    found = db.session.scalar(row)
    if found is not None:
        return found
    draft = Draft(
        person_id=person_id, subject=subject, tab=tab, sequence=0, began_at=at, seen_at=at, is_idle=False
    )
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError:
        return db.session.scalars(row).one()
    return draft


def _forget_tabs(person_id: int, subject: str, tabs: Sequence[str]) -> None:
    if tabs:
        db.session.execute(
            delete(Draft).where(Draft.person_id == person_id, Draft.subject == subject, Draft.tab.in_(tabs))
        )


def _tab(value: object) -> str:
    if not (isinstance(value, str) and _TAB.fullmatch(value)):
        raise Invalid(_("This was not understood. Please open the page again."))
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise Invalid(_("This was not understood. Please open the page again."))
    return value


def _fields(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping) or len(value) > MOST_FIELDS:
        raise Invalid(_("This was not understood. Please open the page again."))
    fields = {str(name)[:LONGEST_NAME]: _texts(texts) for name, texts in value.items()}
    size = sum(
        len(text) for texts in fields.values() for text in ([texts] if isinstance(texts, str) else texts)
    )
    if size > LARGEST:
        raise Invalid(
            _("This text is too long to be kept here: %(count)d characters at most.", count=LARGEST)
        )
    return fields


def _texts(value: object) -> str | list[str]:
    if isinstance(value, str):
        return strip_control(value)
    if isinstance(value, list) and len(value) <= MOST_FIELDS and all(isinstance(one, str) for one in value):
        return [strip_control(one) for one in value]
    raise Invalid(_("This was not understood. Please open the page again."))
