"""The mark by which a worker knows the database that it sent from."""

import sqlalchemy as sa
from alembic import op

revision = "0026_sending_marks"
down_revision = "0025_polls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sending_marks",
        sa.Column("folder", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("folder", name=op.f("pk_sending_marks")),
    )
