"""Members' blogs: who has one, which posts are in one, and what is pitched from them to the main blog."""

import sqlalchemy as sa
from alembic import op

revision = "0031_blogs"
down_revision = "0030_judging"
branch_labels = None
depends_on = None

MAIN = "live_revision_id IS NOT NULL AND (blog_id IS NULL OR featured_at IS NOT NULL)"
BLOCKS = ("lead", "newest", "section", "notes", "hot_words", "comments", "winners")


def upgrade() -> None:
    op.create_table(
        "blogs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('applied', 'open', 'refused', 'closed')", name=op.f("ck_blogs_state")),
        sa.CheckConstraint(
            "state NOT IN ('open', 'closed') OR opened_at IS NOT NULL", name=op.f("ck_blogs_open_has_time")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_blogs_person_id_people")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_blogs_decided_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blogs")),
        sa.UniqueConstraint("person_id", name=op.f("uq_blogs_person_id")),
    )
    op.create_index("ix_blogs_state", "blogs", ["state", "state_at", "id"])
    # The same words for both databases: Alembic would rebuild the whole table on SQLite for a column that refers.
    for column in ("blog_id", "from_blog_id"):
        op.execute(
            f"ALTER TABLE posts ADD COLUMN {column} INTEGER"
            f" CONSTRAINT fk_posts_{column}_blogs REFERENCES blogs (id)"
        )
    op.add_column("posts", sa.Column("featured_at", sa.DateTime(timezone=True), nullable=True))
    index("ix_posts_main", ["published_at", "id"], MAIN)
    index("ix_posts_main_kind", ["kind", "published_at", "id"], MAIN)
    index("ix_posts_main_language", ["language", "published_at", "id"], MAIN)
    index("ix_posts_blog", ["blog_id", "edited_at", "id"], "blog_id IS NOT NULL")
    index("ix_posts_from_blog", ["from_blog_id"], "from_blog_id IS NOT NULL")
    index("ix_posts_featured", ["published_at", "id"], "featured_at IS NOT NULL")
    make_pitches()
    with op.batch_alter_table("home_blocks") as blocks:
        blocks.drop_constraint(op.f("ck_home_blocks_kind"), type_="check")
        kinds = "', '".join((*BLOCKS, "blogs"))
        blocks.create_check_constraint(op.f("ck_home_blocks_kind"), f"kind IN ('{kinds}')")


def make_pitches() -> None:
    op.create_table(
        "blog_pitches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("pitched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'declined', 'withdrawn')", name=op.f("ck_blog_pitches_state")
        ),
        reference("post_id", "posts", cascade=True),
        reference("blog_id", "blogs", cascade=True),
        reference("revision_id", "revisions", cascade=True),
        reference("decided_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blog_pitches")),
    )
    op.create_index("ix_blog_pitches_post_id", "blog_pitches", ["post_id", "id"])
    op.create_index("ix_blog_pitches_state", "blog_pitches", ["state", "id"])
    op.create_index("ix_blog_pitches_blog_id", "blog_pitches", ["blog_id", "id"])
    waits = sa.text("state = 'waiting'")
    op.create_index(
        "uq_blog_pitches_waiting",
        "blog_pitches",
        ["post_id"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "posts", columns, sqlite_where=where, postgresql_where=where)


def reference(column: str, table: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{table}.id"],
        name=op.f(f"fk_blog_pitches_{column}_{table}"),
        ondelete="CASCADE" if cascade else None,
    )
