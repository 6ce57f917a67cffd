"""What imports remember, and comments that came with them."""

import sqlalchemy as sa
from alembic import op

revision = "0004_imports"
down_revision = "0003_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_items",
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'tag', 'section', 'media', 'post')", name=op.f("ck_imported_items_kind")
        ),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_imported_items")),
    )
    op.create_table(
        "imported_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["imported_comments.id"],
            name=op.f("fk_imported_comments_parent_id_imported_comments"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_imported_comments_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_comments")),
        sa.UniqueConstraint("source", name=op.f("uq_imported_comments_source")),
    )
    op.create_index("ix_imported_comments_post_id", "imported_comments", ["post_id", "id"], unique=False)
    op.create_index("ix_imported_comments_parent_id", "imported_comments", ["parent_id"], unique=False)
