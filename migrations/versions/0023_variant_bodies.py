"""What an account that carries whole articles says in the body instead: its Markdown, and the clean HTML made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0023_variant_bodies"
down_revision = "0022_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("variants", sa.Column("body", sa.Text(), nullable=True))
    op.add_column("variants", sa.Column("body_html", sa.Text(), nullable=True))
