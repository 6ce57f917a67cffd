"""Private addresses of calendars, kept views of lists, bulk acts that can be undone, and the desk's lists of posts."""

import sqlalchemy as sa
from alembic import op

revision = "0010_calendar"
down_revision = "0009_contributions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_table(
        "kept_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("page IN ('calendar', 'posts')", name=op.f("ck_kept_views_page")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_kept_views_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_views")),
        sa.UniqueConstraint("person_id", "page", "name", name=op.f("uq_kept_views_person_id_page_name")),
    )
    op.create_table(
        "bulk_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_undoing", sa.Boolean(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["people.id"], name=op.f("fk_bulk_acts_by_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_acts")),
    )
    op.create_index("ix_bulk_acts_created_at", "bulk_acts", ["created_at"], unique=False)
    op.create_table(
        "bulk_items",
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'refused', 'undone', 'kept')", name=op.f("ck_bulk_items_state")
        ),
        sa.ForeignKeyConstraint(
            ["bulk_id"], ["bulk_acts.id"], name=op.f("fk_bulk_items_bulk_id_bulk_acts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_bulk_items_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bulk_id", "post_id", name=op.f("pk_bulk_items")),
    )
    op.create_index("ix_bulk_items_post_id", "bulk_items", ["post_id"], unique=False)
    for name, columns in _POST_LISTS.items():
        op.create_index(name, "posts", columns, unique=False)
    op.create_index("ix_revisions_title", "revisions", ["title", "post_id", "id"], unique=False)
    is_due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_posts_edited_due", "posts", ["edited_at", "id"], sqlite_where=is_due, postgresql_where=is_due
    )
    is_newer = sa.text("live_revision_id <> latest_revision_id")
    op.create_index(
        "ix_posts_edited_changed",
        "posts",
        ["edited_at", "id"],
        sqlite_where=is_newer,
        postgresql_where=is_newer,
    )


_POST_LISTS = {
    "ix_posts_edited_section": ["section_id", "edited_at", "id"],
    "ix_posts_edited_kind": ["kind", "edited_at", "id"],
    "ix_posts_edited_language": ["language", "edited_at", "id"],
    "ix_posts_created_by": ["created_by_id", "edited_at", "id"],
}
