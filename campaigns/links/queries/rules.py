"""Which UTM values are allowed."""

from collections.abc import Sequence

from sqlalchemy import select

from campaigns.links.models import UTMValue
from campaigns.links.values import CHOSEN
from cms.core.database import db


def utm_values() -> Sequence[UTMValue]:
    """The allowed values, by field."""
    return db.session.scalars(select(UTMValue).order_by(UTMValue.field.desc(), UTMValue.value)).all()


def allowed_values() -> dict[str, list[str]]:
    """The values allowed for source and medium; an empty list allows every well-formed one."""
    found: dict[str, list[str]] = {field: [] for field in CHOSEN}
    for row in utm_values():
        found[row.field].append(row.value)
    return found
