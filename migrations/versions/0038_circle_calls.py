"""Topics that call for texts until a moment, and topics that answer such a call."""

import sqlalchemy as sa
from alembic import op

revision = "0038_circle_calls"
down_revision = "0037_contest_mailboxes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("circle_topics", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("circle_topics", sa.Column("ends_wall", sa.String(length=16), nullable=True))
    op.add_column("circle_topics", sa.Column("ends_zone", sa.String(length=64), nullable=True))
    # in one statement: SQLite adds a foreign key only together with its column
    op.execute(
        "ALTER TABLE circle_topics ADD COLUMN call_id INTEGER CONSTRAINT fk_circle_topics_call_id_circle_topics"
        " REFERENCES circle_topics (id)"
    )
    call = sa.text("call_id IS NOT NULL")
    for name, columns, is_unique in (
        ("ix_circle_topics_call_id", ["call_id", "id"], False),
        ("uq_circle_topics_offered", ["call_id", "post_id"], True),
    ):
        op.create_index(
            name, "circle_topics", columns, unique=is_unique, sqlite_where=call, postgresql_where=call
        )
    ends = sa.text("ends_at IS NOT NULL")
    op.create_index(
        "ix_circle_topics_ends_at",
        "circle_topics",
        ["ends_at", "id"],
        sqlite_where=ends,
        postgresql_where=ends,
    )
