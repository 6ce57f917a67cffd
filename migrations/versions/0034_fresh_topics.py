"""New topics of circles that followers have still to hear of."""

import sqlalchemy as sa
from alembic import op

revision = "0034_fresh_topics"
down_revision = "0033_erased_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fresh_topics",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["circle_topics.id"],
            name=op.f("fk_fresh_topics_topic_id_circle_topics"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_fresh_topics")),
    )
