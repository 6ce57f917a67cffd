"""Who follows which feed: what services announce, and who asked on the last days."""

import sqlalchemy as sa
from alembic import op

revision = "0019_feeds"
down_revision = "0018_engagement"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_announced",
        sa.Column("feed", sa.String(length=150), nullable=False),
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("feed_id", sa.String(length=40), nullable=False),
        sa.Column("subscribers", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("subscribers >= 0", name=op.f("ck_feed_announced_subscribers")),
        sa.PrimaryKeyConstraint("feed", "name", "feed_id", name=op.f("pk_feed_announced")),
    )
    op.create_table(
        "feed_readers",
        sa.Column("feed", sa.String(length=150), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reader", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("feed", "day", "reader", name=op.f("pk_feed_readers")),
    )
    op.create_index("ix_feed_readers_day", "feed_readers", ["day"])
