"""What somebody who was shut out of a circle says to it, and the answer."""

import sqlalchemy as sa
from alembic import op

revision = "0035_circle_appeals"
down_revision = "0034_fresh_topics"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("appeal", "appeal_answer"):
        op.add_column(
            "circle_memberships", sa.Column(name, sa.String(length=500), nullable=False, server_default="")
        )
    op.add_column("circle_memberships", sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True))
