"""Hours in which the site was read out of the ordinary, and that somebody was told of."""

import sqlalchemy as sa
from alembic import op

revision = "0021_unusual_readings"
down_revision = "0020_platform_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "unusual_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.CheckConstraint("direction IN ('more', 'less')", name=op.f("ck_unusual_readings_direction")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unusual_readings")),
        sa.UniqueConstraint("since", name=op.f("uq_unusual_readings_since")),
    )
    op.create_index("ix_unusual_readings_until", "unusual_readings", ["until"])
