"""Which UTM values links made by hand may carry."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from campaigns.links import values
from campaigns.links.models import UTMValue
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.people.models import Person


def allow_value(field: str, value: str, *, by: Person, at: datetime) -> UTMValue:
    """Allow a source or a medium. From the first one on, others are refused. Raises `Invalid`."""
    if field not in values.CHOSEN:
        raise Invalid(errors={"field": _("Please choose source or medium.")})
    read = values.read_value("value", value)
    if not read:
        raise Invalid(errors={"value": _("Please give a value.")})
    row = UTMValue(field=field, value=read, created_at=at, created_by_id=by.id)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Invalid(errors={"value": _("“%(value)s” is allowed already.", value=read)}) from error
    return row


def disallow_value(value_id: int) -> UTMValue:
    """Take a value off the list; links that carry it keep it. Without any left, every well-formed one is allowed."""
    row = db.session.get(UTMValue, value_id)
    if row is None:
        raise NotFound
    db.session.delete(row)
    return row
