"""Incidents: hours on end that were out of the ordinary."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from cms.core.database import Base


class UnusualReading(Base):
    """One incident, from its first unusual hour to its last. The start is unique, so that two workers tell it once."""

    __tablename__ = "unusual_readings"
    __table_args__ = (
        CheckConstraint("direction IN ('more', 'less')", name="direction"),
        Index("ix_unusual_readings_until", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(unique=True)  # the first hour
    until: Mapped[datetime]  # the end of the last hour that is known to belong to it
    direction: Mapped[str] = mapped_column(String(4))
    views: Mapped[int]  # of the hour that was told
    usual: Mapped[int]
    causes: Mapped[
        dict[str, Any]
    ]  # what may have done it: a post, where readers came from, the share of machines
