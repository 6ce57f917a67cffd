"""Tracked links, allowed UTM values, and those that came in."""

import sqlalchemy as sa
from alembic import op

revision = "0016_links"
down_revision = "0015_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "utm_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("field IN ('source', 'medium')", name=op.f("ck_utm_values_field")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_utm_values_created_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utm_values")),
        sa.UniqueConstraint("field", "value", name=op.f("uq_utm_values_field_value")),
    )
    op.create_table(
        "inbound_utms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("fold", sa.String(length=64), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("ignored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("hits >= 0", name=op.f("ck_inbound_utms_hits")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_inbound_utms_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_inbound_utms_decided_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_utms")),
        sa.UniqueConstraint("digest", name=op.f("uq_inbound_utms_digest")),
    )
    op.create_index("ix_inbound_utms_campaign_id", "inbound_utms", ["campaign_id"], unique=False)
    op.create_index("ix_inbound_utms_family", "inbound_utms", ["family", "last_at"], unique=False)
    op.create_index("ix_inbound_utms_fold", "inbound_utms", ["fold"], unique=False)
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("utm", sa.JSON(), nullable=False),
        sa.Column("utm_digest", sa.String(length=64), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replacement", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_links_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_links_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_links_created_by_id_people")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_links_post_id_posts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("code", name=op.f("uq_links_code")),
    )
    op.create_index("ix_links_account_id", "links", ["account_id", "id"], unique=False)
    op.create_index("ix_links_campaign_id", "links", ["campaign_id", "id"], unique=False)
    op.create_index("ix_links_created_at", "links", ["created_at", "id"], unique=False)
    op.create_index("ix_links_post_id", "links", ["post_id", "id"], unique=False)
    op.create_index("ix_links_utm_digest", "links", ["utm_digest"], unique=False)
