"""What time it is by the clock of the database, which all workers share. Theirs may differ, or jump."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from cms.core import clock
from cms.core.database import Instant, db


class _Moment(FunctionElement[datetime]):
    """The present, when its statement began; not the beginning of the transaction."""

    type = Instant()
    inherit_cache = True
    name = "moment"


@compiles(_Moment, "postgresql")
def _on_postgresql(element: _Moment, compiler: Any, **options: Any) -> str:
    return (
        "statement_timestamp()"  # unlike `clock_timestamp` the same for all rows, so that an index serves it
    )


@compiles(_Moment, "sqlite")
def _on_sqlite(element: _Moment, compiler: Any, **options: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


_NOW = select(_Moment())


def moment() -> ColumnElement[datetime]:
    """The present instant, for a statement."""
    return literal(clock.now(), Instant()) if clock.is_stopped() else _Moment()


def read_moment() -> datetime:
    """The present instant, aware, in UTC. Leases and due times are compared with it, and with no other clock."""
    if clock.is_stopped():
        return clock.now()
    now: datetime | None = db.session.scalar(_NOW)
    assert now is not None
    return now
