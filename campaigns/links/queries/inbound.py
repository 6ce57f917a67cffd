"""UTM values that came in, family by family, and the campaign that values belong to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from campaigns.links import values
from campaigns.links.models import InboundUTM, Link
from campaigns.plans.models import Campaign
from cms.core.database import db
from cms.core.errors import NotFound

STATES = ("waiting", "mapped", "ignored")


@dataclass(frozen=True)
class Family:
    """Values that are decided together: the raw ones with their numbers, the most frequent first."""

    id: int  # of the row that stands for it in addresses
    key: str
    rows: Sequence[InboundUTM]
    hits: int
    first_at: datetime
    last_at: datetime
    campaign: Campaign | None
    is_ignored: bool

    @property
    def is_merged(self) -> bool:
        """Whether a person put different values together."""
        return len({row.fold for row in self.rows}) > 1

    @property
    def is_overflow(self) -> bool:
        """The row that counts what there was no room for."""
        return not any(row.values for row in self.rows)


def get_inbound(inbound_id: int) -> InboundUTM:
    """One row. Raises `NotFound`."""
    found = db.session.get(InboundUTM, inbound_id)
    if found is None:
        raise NotFound
    return found


def families(
    state: str = "waiting", *, before: tuple[datetime, int] | None = None, limit: int = 30
) -> list[Family]:
    """Families in a state, the one seen last first; three queries. `before` is (last_at, id) of the last family shown."""
    last, number = func.max(InboundUTM.last_at), func.max(InboundUTM.id)
    query = select(InboundUTM.family, last, number).where(_in_state(state)).group_by(InboundUTM.family)
    if before is not None:
        at, after = before
        query = query.having(or_(last < at, and_(last == at, number < after)))
    found = db.session.execute(query.order_by(last.desc(), number.desc()).limit(limit)).all()
    members: dict[str, list[InboundUTM]] = {row.family: [] for row in found}
    together = select(InboundUTM).where(InboundUTM.family.in_(members))
    for one in db.session.scalars(together.order_by(InboundUTM.hits.desc(), InboundUTM.id)):
        members[one.family].append(one)
    ids = {rows[0].campaign_id for rows in members.values()}
    campaigns = {one.id: one for one in db.session.scalars(select(Campaign).where(Campaign.id.in_(ids)))}
    return [_family(key, at, row_id, members[key], campaigns) for key, at, row_id in found]


def count_waiting() -> int:
    """How many families wait for a person."""
    query = select(func.count(InboundUTM.family.distinct())).where(_in_state("waiting"))
    return db.session.scalar(query) or 0


def campaign_of_values(came: Mapping[str, str]) -> int | None:
    """The campaign that UTM values belong to: because a link of ours carries them, or a person said so. Else None."""
    digest = values.digest({field: came[field] for field in values.FIELDS if came.get(field)})
    ours = select(Link.campaign_id).where(Link.utm_digest == digest, Link.campaign_id.is_not(None)).limit(1)
    mapped = select(InboundUTM.campaign_id).where(InboundUTM.digest == digest)
    return db.session.scalar(ours) or db.session.scalar(mapped)


def _family(
    key: str, last_at: datetime, row_id: int, rows: Sequence[InboundUTM], campaigns: Mapping[int, Campaign]
) -> Family:
    campaign_id = rows[0].campaign_id
    return Family(
        id=row_id,
        key=key,
        rows=rows,
        hits=sum(row.hits for row in rows),
        first_at=min(row.first_at for row in rows),
        last_at=last_at,
        campaign=campaigns[campaign_id] if campaign_id else None,
        is_ignored=rows[0].ignored_at is not None,
    )


def _in_state(state: str) -> ColumnElement[bool]:
    mapped, ignored = InboundUTM.campaign_id.is_not(None), InboundUTM.ignored_at.is_not(None)
    return {"mapped": mapped, "ignored": ignored}.get(state, and_(~mapped, ~ignored))
