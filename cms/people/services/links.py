"""One-time links: made, mailed, and used once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from cms.core.database import db
from cms.core.secrets import fingerprint, new_token
from cms.people.models import OneTimeLink
from cms.people.queries import DeadLink

LIFE = {
    "sign_up": timedelta(days=2),
    "reset_password": timedelta(hours=1),
    "change_email": timedelta(days=1),
}


def make_link(
    purpose: str, email: str, *, person_id: int | None, at: datetime, detail: dict[str, Any] | None = None
) -> str:
    """A new link for this purpose; older ones to the same address stop working. Gives its token."""
    token = new_token()
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.email == email, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
        .values(used_at=at)
    )
    db.session.add(
        OneTimeLink(
            purpose=purpose,
            token_hash=fingerprint(token),
            email=email,
            person_id=person_id,
            detail=detail or {},
            created_at=at,
            expires_at=at + LIFE[purpose],
        )
    )
    db.session.flush()
    return token


def use_link(link: OneTimeLink, *, at: datetime) -> None:
    """Use it up; of two who try at once, one fails."""
    used = db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > at)
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise DeadLink
