"""What people keep of reports: saved views, answers given out by link, notes on days, mails."""

import sqlalchemy as sa
from alembic import op

revision = "0022_reports"
down_revision = "0021_unusual_readings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "report_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_report_views_owner_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_views")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_report_views_owner_id_name")),
    )
    op.create_table(
        "report_shares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("campaign_ids", sa.JSON(), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("revoked_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_report_shares_made_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_shares")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_report_shares_token_hash")),
    )
    op.create_index("ix_report_shares_made_by_id", "report_shares", ["made_by_id", "id"])
    op.create_table(
        "report_annotations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words_en", sa.String(length=120), nullable=False),
        sa.Column("words_zh", sa.String(length=120), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("edited_at", instant, nullable=False),
        sa.CheckConstraint("words_en <> '' OR words_zh <> ''", name=op.f("ck_report_annotations_words")),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_report_annotations_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_report_annotations_owner_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_annotations")),
    )
    op.create_index("ix_report_annotations_day", "report_annotations", ["day", "id"])
    op.create_table(
        "report_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("every", sa.String(length=5), nullable=False),
        sa.Column("wall", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.CheckConstraint("every IN ('week', 'month')", name=op.f("ck_report_mails_every")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_report_mails_person_id_people")),
        sa.ForeignKeyConstraint(
            ["view_id"],
            ["report_views.id"],
            name=op.f("fk_report_mails_view_id_report_views"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_mails")),
        sa.UniqueConstraint("view_id", "person_id", name=op.f("uq_report_mails_view_id_person_id")),
    )
    op.create_index("ix_report_mails_due_at", "report_mails", ["due_at"])
