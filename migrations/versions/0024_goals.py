"""Goals of campaigns, and whom their campaigns reached in the present window."""

import sqlalchemy as sa
from alembic import op

revision = "0024_goals"
down_revision = "0023_variant_bodies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=240), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("fact", sa.String(length=16), nullable=False),
        sa.Column("fact_key", sa.String(length=160), nullable=False),
        sa.Column("is_each", sa.Boolean(), nullable=False),
        sa.Column("value_units", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('page', 'link', 'fact')", name=op.f("ck_goals_kind")),
        sa.CheckConstraint("kind <> 'page' OR subject <> ''", name=op.f("ck_goals_page")),
        sa.CheckConstraint("kind <> 'link' OR link_id IS NOT NULL", name=op.f("ck_goals_link")),
        sa.CheckConstraint("kind <> 'fact' OR fact <> ''", name=op.f("ck_goals_fact")),
        sa.CheckConstraint("value_units >= 0", name=op.f("ck_goals_value")),
        sa.CheckConstraint("(value_units IS NULL) = (currency IS NULL)", name=op.f("ck_goals_currency")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_goals_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["links.id"], name=op.f("fk_goals_link_id_links"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_goals_created_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
    )
    op.create_index("ix_goals_campaign_id", "goals", ["campaign_id", "id"])
    op.create_index("ix_goals_link_id", "goals", ["link_id"])
    op.create_table(
        "goal_touches",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("window", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("visitor", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_goal_touches_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "window", "visitor", name=op.f("pk_goal_touches")),
    )
    op.create_table(
        "goal_clicks",
        sa.Column("click", sa.String(length=16), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["links.id"], name=op.f("fk_goal_clicks_link_id_links"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("click", name=op.f("pk_goal_clicks")),
    )
    op.create_index("ix_goal_clicks_link_id", "goal_clicks", ["link_id"])
