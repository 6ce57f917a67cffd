"""Keeping answers to requests that made something. Called inside the transaction that makes it."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from cms.api.models import RememberedAnswer
from cms.core.database import db, insert_into
from cms.core.errors import Invalid

KEPT_FOR = timedelta(hours=24)


class KeyUsedBefore(Invalid):
    """The key came with another request."""

    def __init__(self) -> None:
        sentence = _("This key came with a different request before. Please use a new key for a new request.")
        super().__init__(sentence, errors={"Idempotency-Key": sentence})


def claim_key(person_id: int, key: str, *, request_hash: str, at: datetime) -> RememberedAnswer | None:
    """Reserve a key for this request; gives the answer when the same request was made before.

    Of two at the same moment the second waits here until the first is through: on SQLite for the write lock,
    on PostgreSQL for the row. So there is never a key without its answer.
    """
    mine = (RememberedAnswer.person_id == person_id, RememberedAnswer.key == key)
    db.session.execute(delete(RememberedAnswer).where(*mine, RememberedAnswer.created_at <= at - KEPT_FOR))
    row = {
        "status": 0,
        "location": "",
        "etag": "",
        "body": "",
        "created_at": at,
        "request_hash": request_hash,
    }
    claim = insert_into(RememberedAnswer).values(person_id=person_id, key=key, **row)
    claimed = db.session.execute(claim.on_conflict_do_nothing().returning(RememberedAnswer.key)).scalar()
    if claimed is not None:
        return None
    earlier = db.session.scalars(select(RememberedAnswer).where(*mine)).one()
    if earlier.request_hash != request_hash:
        raise KeyUsedBefore
    return earlier


def keep_answer(person_id: int, key: str, *, status: int, location: str, etag: str, body: str) -> None:
    """Write the answer beside the key that was claimed in this transaction."""
    db.session.execute(
        update(RememberedAnswer)
        .where(RememberedAnswer.person_id == person_id, RememberedAnswer.key == key)
        .values(status=status, location=location, etag=etag, body=body)
        .execution_options(synchronize_session=False)
    )


def forget_answers(*, at: datetime) -> int:
    """Drop answers that are older than they are kept; gives their number."""
    gone = db.session.execute(
        delete(RememberedAnswer)
        .where(RememberedAnswer.created_at <= at - KEPT_FOR)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
