"""When somebody was erased: what stays of them is an empty place."""

import sqlalchemy as sa
from alembic import op

revision = "0033_erased_people"
down_revision = "0032_following"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
