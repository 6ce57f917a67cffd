"""Browsers that are signed in."""

from datetime import datetime

from sqlalchemy import delete, update

from cms.core.database import db
from cms.core.secrets import fingerprint, new_token
from cms.core.text import strip_control
from cms.people.models import SignIn


def start_sign_in(person_id: int, *, agent: str, at: datetime) -> str:
    """Let a browser in; gives the token for its cookie, of which only the hash is kept."""
    token = new_token()
    row = SignIn(
        person_id=person_id,
        token_hash=fingerprint(token),
        agent=strip_control(agent)[:200],
        created_at=at,
        seen_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return token


def note_seen(sign_in_id: int, *, at: datetime) -> None:
    """The browser is still in use."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at))


def end_sign_in(sign_in_id: int, *, person_id: int) -> None:
    """Sign one browser of this person out; one that is out already is out."""
    db.session.execute(delete(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person_id))


def end_sign_ins(person_id: int, *, keep: int | None = None) -> int:
    """Sign somebody out everywhere, except in the browser to `keep`; gives the number of browsers."""
    query = delete(SignIn).where(SignIn.person_id == person_id)
    if keep is not None:
        query = query.where(SignIn.id != keep)
    return int(db.session.execute(query).rowcount)  # type: ignore[attr-defined]
