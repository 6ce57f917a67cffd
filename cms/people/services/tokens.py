"""API tokens: a program acting for somebody, within its scopes."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import update

from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.secrets import fingerprint, new_token
from cms.people import audit
from cms.people.models import SCOPES, APIToken, Person

PREFIX = "ply_"


def create_token(
    person_id: int,
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None,
    by: Person | None,
    at: datetime,
) -> str:
    """A new token; gives it in clear, the only time it can be read."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        sentence = gettext("Choose scopes from: %(scopes)s.", scopes=" ".join(SCOPES))
        raise Invalid(sentence, errors={"scopes": sentence})
    token = new_token(PREFIX)
    row = APIToken(
        person_id=person_id,
        name=name,
        token_hash=fingerprint(token),
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=expires_at,
    )
    db.session.add(row)
    db.session.flush()
    detail = {"person": person_id, "scopes": row.scopes}
    audit.record("token.created", f"token:{row.id}", by=by, at=at, detail=detail)
    return token


def revoke_token(token_id: int, *, person_id: int, by: Person | None, at: datetime) -> None:
    """Stop a token of this person; a stopped one stays stopped."""
    row = db.session.get(APIToken, token_id)
    if row is None or row.person_id != person_id:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = at
        audit.record("token.revoked", f"token:{token_id}", by=by, at=at, detail={"person": person_id})


def note_used(token_id: int, *, at: datetime) -> None:
    """The token is in use."""
    db.session.execute(update(APIToken).where(APIToken.id == token_id).values(used_at=at))
