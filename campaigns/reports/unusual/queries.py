"""Unusual hours that were told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from campaigns.reports.unusual.models import UnusualReading
from cms.core.database import db

MOST = 5


def told_since(since: datetime) -> Sequence[UnusualReading]:
    """The newest first, a few at most."""
    query = select(UnusualReading).where(UnusualReading.until > since)
    return db.session.scalars(query.order_by(UnusualReading.since.desc()).limit(MOST)).all()
