"""Members report topics of circles."""

import sqlalchemy as sa
from alembic import op

revision = "0039_topic_reports"
down_revision = "0038_circle_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("circle_topics", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "circle_topic_flags",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["circle_topics.id"],
            name=op.f("fk_circle_topic_flags_topic_id_circle_topics"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_circle_topic_flags_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("topic_id", "person_id", name=op.f("pk_circle_topic_flags")),
    )
    op.create_index("ix_circle_topic_flags_person_id", "circle_topic_flags", ["person_id"])
