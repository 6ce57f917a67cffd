"""Figures that networks tell of deliveries, and when to ask for them. What was sent before is asked about once more."""

import sqlalchemy as sa
from alembic import op

revision = "0020_platform_figures"
down_revision = "0019_feeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "figure_watches",
        sa.Column("delivery_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", instant, nullable=False),
        sa.Column("due_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_figure_watches_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_figure_watches_delivery_id_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_figure_watches")),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_figure_watches_due",
        "figure_watches",
        ["account_id", "due_at"],
        sqlite_where=due,
        postgresql_where=due,
    )
    op.create_table(
        "figure_seats",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("lease_until", instant, nullable=True),
        sa.Column("resume_at", instant, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("followers_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_figure_seats_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_figure_seats")),
    )
    op.create_table(
        "platform_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=16), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("captured_at", instant, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.CheckConstraint("value IS NULL OR value >= 0", name=op.f("ck_platform_figures_value")),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_platform_figures_delivery_id_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_figures")),
        sa.UniqueConstraint(
            "delivery_id",
            "metric",
            "captured_at",
            "is_final",
            name=op.f("uq_platform_figures_delivery_id_metric_captured_at_is_final"),
        ),
    )
    op.create_table(
        "platform_followers",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("captured_at", instant, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_platform_followers_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", "captured_at", name=op.f("pk_platform_followers")),
    )
    op.execute(
        "INSERT INTO figure_watches (delivery_id, account_id, sent_at, due_at) "
        "SELECT deliveries.id, account_id, sent_at, sent_at FROM deliveries JOIN accounts ON accounts.id = account_id "
        "WHERE deliveries.state = 'sent' AND sent_at IS NOT NULL AND deleted_at IS NULL AND channel IN "
        "('bluesky', 'mastodon', 'weibo', 'wordpress', 'ghost', 'discord_bot', 'slack_bot')"
    )
