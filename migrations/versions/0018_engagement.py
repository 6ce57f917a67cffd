"""Salts that visitors are hashed with, one for each window."""

import sqlalchemy as sa
from alembic import op

revision = "0018_engagement"
down_revision = "0017_deliveries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visitor_salts",
        sa.Column("window", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("window", name=op.f("pk_visitor_salts")),
    )
