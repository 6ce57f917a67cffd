"""What a site says about itself; where sections lived before; sections that are put away; ways to read the log."""

import sqlalchemy as sa
from alembic import op

revision = "0013_site_identity"
down_revision = "0012_link_cards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "section_slugs",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["sections.id"],
            name=op.f("fk_section_slugs_section_id_sections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_section_slugs")),
    )
    op.create_index("ix_section_slugs_section_id", "section_slugs", ["section_id"], unique=False)
    op.create_index("ix_audit_entries_by_id", "audit_entries", ["by_id", "id"], unique=False)
    op.create_index("ix_audit_entries_at", "audit_entries", ["at", "id"], unique=False)
    op.create_index("ix_audit_entries_act", "audit_entries", ["act", "id"], unique=False)
    op.add_column("sections", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("site_settings") as settings:
        settings.add_column(sa.Column("description", sa.JSON(), server_default="{}", nullable=False))
        settings.add_column(sa.Column("logo_id", sa.Integer(), nullable=True))
        settings.add_column(sa.Column("header_links", sa.JSON(), server_default="[]", nullable=False))
        settings.add_column(sa.Column("legal_links", sa.JSON(), server_default="[]", nullable=False))
        settings.add_column(sa.Column("social_links", sa.JSON(), server_default="[]", nullable=False))
        settings.add_column(
            sa.Column("contact_email", sa.String(length=254), server_default="", nullable=False)
        )
        settings.add_column(sa.Column("languages", sa.JSON(), server_default='["en", "zh"]', nullable=False))
        settings.add_column(sa.Column("timezone", sa.String(length=64), server_default="", nullable=False))
        settings.create_foreign_key(
            op.f("fk_site_settings_logo_id_media"), "media", ["logo_id"], ["id"], ondelete="SET NULL"
        )
