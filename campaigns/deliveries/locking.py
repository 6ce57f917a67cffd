"""The lock between those who send and those who hold."""

from sqlalchemy import text

from cms.core.database import db

_LOCK = 7302  # of PostgreSQL; on SQLite transactions that write queue anyway


def lock_holds(*, alone: bool) -> None:
    """Until the end of the transaction: shared by sends, alone for who holds or lifts."""
    if db.session.get_bind().dialect.name == "postgresql":
        kind = "" if alone else "_shared"
        db.session.execute(text(f"SELECT pg_advisory_xact_lock{kind}({_LOCK})"))
