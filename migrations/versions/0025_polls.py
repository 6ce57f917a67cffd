"""Questions to readers, and what they answered."""

import sqlalchemy as sa
from alembic import op

revision = "0025_polls"
down_revision = "0024_goals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("asks_audience", sa.Boolean(), nullable=False),
        sa.Column("shows_results", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('choice', 'nps')", name=op.f("ck_polls_kind")),
        sa.CheckConstraint("(post_id IS NULL) <> (campaign_id IS NULL)", name=op.f("ck_polls_place")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_polls_post_id_posts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_polls_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_polls_created_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )
    op.create_index("ix_polls_post_id", "polls", ["post_id"])
    op.create_index("ix_polls_campaign_id", "polls", ["campaign_id"])
    op.create_table(
        "poll_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_poll_choices_poll_id_polls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_choices")),
    )
    op.create_index("ix_poll_choices_poll_id", "poll_choices", ["poll_id"])
    op.create_table(
        "poll_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(length=16), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(length=32), nullable=True),
        sa.CheckConstraint("(choice_id IS NULL) <> (score IS NULL)", name=op.f("ck_poll_answers_answer")),
        sa.CheckConstraint("score BETWEEN 0 AND 10", name=op.f("ck_poll_answers_score")),
        sa.CheckConstraint(
            "audience IN ('users', 'purchasers', 'decision_makers', 'others')",
            name=op.f("ck_poll_answers_audience"),
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_poll_answers_poll_id_polls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["choice_id"],
            ["poll_choices.id"],
            name=op.f("fk_poll_answers_choice_id_poll_choices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answers")),
        sa.UniqueConstraint("poll_id", "once", name=op.f("uq_poll_answers_poll_id_once")),
    )
    op.create_index("ix_poll_answers_choice_id", "poll_answers", ["choice_id"])
