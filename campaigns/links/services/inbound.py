"""UTM values that readers came with. They wait for a person; a campaign never makes itself.

Raw values are kept as they came. What differs only in case, spaces or marks shares a *fold*, and is decided together as
one *family*; merging puts families together. Whoever comes later with the same fold follows what was decided.
"""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from campaigns.links import values
from campaigns.links.models import InboundUTM, Link
from campaigns.plans.models import Campaign
from cms.core.database import db, insert_into
from cms.core.errors import Invalid, NotFound
from cms.core.text import strip_control
from cms.people.models import Person

MOST_KEPT = (
    2000  # different sets of values; what comes after is counted together, so that nobody fills the table
)
LONGEST_KEPT = 120  # characters of a raw value
OTHERS: dict[str, str] = {}  # the row that counts what was not kept apart


def note_inbound(came: Mapping[str, str], *, at: datetime, hits: int = 1) -> None:
    """Count UTM values (`{"source": …, "campaign": …}`) that came with a page view, unless a link of ours carries them.

    Call it inside a transaction, from whoever adds up page views; never while a visitor waits.
    """
    raw = {field: strip_control(came[field])[:LONGEST_KEPT] for field in values.FIELDS if came.get(field)}
    if not raw or _is_ours(raw):
        return
    digest = values.digest(raw)
    if not _is_known(digest) and _has_no_room():
        raw, digest = OTHERS, values.digest(OTHERS)
    fold = values.fold(raw)
    family, campaign_id, ignored_at = _decided(fold) or (fold, None, None)
    row = {
        "digest": digest,
        "values": raw,
        "fold": fold,
        "family": family,
        "hits": hits,
        "first_at": at,
        "last_at": at,
        "campaign_id": campaign_id,
        "ignored_at": ignored_at,
    }
    insert = insert_into(InboundUTM).values(row)
    earlier, later = (
        (func.min, func.max) if db.engine.dialect.name == "sqlite" else (func.least, func.greatest)
    )
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["digest"],
            set_={
                "hits": InboundUTM.hits + insert.excluded.hits,
                "first_at": earlier(InboundUTM.first_at, insert.excluded.first_at),
                "last_at": later(InboundUTM.last_at, insert.excluded.last_at),
            },
        )
    )


def map_inbound(family: str, *, campaign_id: int, by: Person, at: datetime) -> None:
    """Say which campaign a family of values belongs to, those that came and those that will."""
    if db.session.get(Campaign, campaign_id) is None:
        raise Invalid(errors={"campaign": _("There is no such campaign.")})
    _decide(family, campaign_id=campaign_id, ignored_at=None, decided_at=at, decided_by_id=by.id)


def ignore_inbound(family: str, *, by: Person, at: datetime) -> None:
    """Say that it belongs to nothing of ours. It is counted on, out of sight."""
    _decide(family, campaign_id=None, ignored_at=at, decided_at=at, decided_by_id=by.id)


def reopen_inbound(family: str) -> None:
    """Put a family back among those that wait."""
    _decide(family, campaign_id=None, ignored_at=None, decided_at=None, decided_by_id=None)


def merge_inbound(family: str, *, into: str) -> None:
    """Let a family be the same as another, a typing mistake for instance, and follow what is decided about that one."""
    if family == into:
        raise Invalid(errors={"into": _("Please choose another one: these are the same already.")})
    other = db.session.scalar(select(InboundUTM).where(InboundUTM.family == into).limit(1))
    if other is None:
        raise NotFound
    _decide(
        family,
        family=into,
        campaign_id=other.campaign_id,
        ignored_at=other.ignored_at,
        decided_at=other.decided_at,
        decided_by_id=other.decided_by_id,
    )


def part_inbound(family: str) -> None:
    """Undo mergers: each fold of a family stands for itself again, and waits."""
    _decide(
        family, family=InboundUTM.fold, campaign_id=None, ignored_at=None, decided_at=None, decided_by_id=None
    )


def _decide(decided: str, /, **decision: object) -> None:
    done = db.session.execute(
        update(InboundUTM)
        .where(InboundUTM.family == decided)
        .values(**decision)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount == 0:  # type: ignore[attr-defined]
        raise NotFound


def _is_ours(raw: Mapping[str, str]) -> bool:
    query = select(Link.id).where(Link.utm_digest == values.digest(raw)).limit(1)
    return db.session.scalar(query) is not None


def _is_known(digest: str) -> bool:
    return db.session.scalar(select(InboundUTM.id).where(InboundUTM.digest == digest)) is not None


def _has_no_room() -> bool:
    return (db.session.scalar(select(func.count()).select_from(InboundUTM)) or 0) >= MOST_KEPT


def _decided(fold: str) -> tuple[str, int | None, datetime | None] | None:
    """The family that this fold is in, and what was decided about it."""
    row = db.session.execute(
        select(InboundUTM.family, InboundUTM.campaign_id, InboundUTM.ignored_at)
        .where(InboundUTM.fold == fold)
        .limit(1)
    ).one_or_none()
    return (row.family, row.campaign_id, row.ignored_at) if row else None
