"""What an editor's script is told of drafts, the same in every room whose texts people outside the desk type."""

from datetime import datetime
from typing import Any

from cms.core.pages import iso
from cms.drafts import queries
from cms.drafts.models import Draft


def told(draft: Draft) -> dict[str, Any]:
    """One tab's draft; `fields` is empty while nothing was typed."""
    return {
        "id": draft.id,
        "tab": draft.tab,
        "base": draft.base,
        "sequence": draft.sequence,
        "kept_at": iso(draft.kept_at) if draft.has_text and draft.kept_at else None,
        "seen_at": iso(draft.seen_at),
        "fields": draft.fields if draft.has_text else None,
    }


def told_present(subject: str, *, person_id: int, tab: str, at: datetime) -> list[dict[str, Any]]:
    """Who else is at a text now. What they typed is theirs: no address leads to it."""
    return [
        {
            "name": one.name,
            "state": one.state,
            "since": iso(one.since),
            "has_unsaved": one.has_unsaved,
            "is_me": one.person_id == person_id,
            "url": None,
        }
        for one in queries.present(subject, tab=tab, at=at)
    ]


def named_draft(number: str, *, person_id: int, subject: str) -> Draft | None:
    """The draft that an address names, if it is this person's and of this text."""
    draft = queries.find_by_id(int(number)) if number.isdecimal() and len(number) < 10 else None
    is_own = draft is not None and (draft.person_id, draft.subject) == (person_id, subject)
    return draft if is_own else None
