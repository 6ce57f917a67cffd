"""Embargoes, ends of publication, releases and corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0005_times"
down_revision = "0004_imports"
branch_labels = None
depends_on = None

OPEN = sa.text("done_at IS NULL")


def upgrade() -> None:
    add_times_of_posts()
    create_releases()
    create_corrections()


def add_times_of_posts() -> None:
    reference("due_base_revision_id", "revisions")
    op.execute("UPDATE posts SET due_base_revision_id = live_revision_id WHERE due_at IS NOT NULL")
    op.add_column("posts", sa.Column("due_tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("posts", sa.Column("removal_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("posts", sa.Column("removal_wall", sa.String(length=16), nullable=True))
    op.add_column("posts", sa.Column("removal_zone", sa.String(length=64), nullable=True))
    reference("removal_by_id", "people")
    op.add_column("posts", sa.Column("removal_problem", sa.String(length=300), nullable=True))
    op.add_column("posts", sa.Column("removal_tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("posts", sa.Column("embargo_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("posts", sa.Column("embargo_wall", sa.String(length=16), nullable=True))
    op.add_column("posts", sa.Column("embargo_zone", sa.String(length=64), nullable=True))
    op.add_column("posts", sa.Column("embargo_reason", sa.String(length=300), nullable=True))
    reference("embargo_by_id", "people")
    op.add_column("posts", sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
    for name, column in (("ix_posts_removal_at", "removal_at"), ("ix_posts_embargo_until", "embargo_until")):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "posts", [column], unique=False, sqlite_where=there, postgresql_where=there)


def reference(column: str, table: str) -> None:
    """A column that refers to a row, in the words that both databases know."""
    op.execute(
        f"ALTER TABLE posts ADD COLUMN {column} INTEGER CONSTRAINT fk_posts_{column}_{table} REFERENCES {table} (id)"
    )


def create_releases() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_wall", sa.String(length=16), nullable=True),
        sa.Column("due_zone", sa.String(length=64), nullable=True),
        sa.Column("due_by_id", sa.Integer(), nullable=True),
        sa.Column("due_problem", sa.Text(), nullable=True),
        sa.Column("due_tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_releases_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(["due_by_id"], ["people.id"], name=op.f("fk_releases_due_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
    )
    op.create_index(
        "ix_releases_due_at", "releases", ["due_at"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_releases_done_at", "releases", ["done_at", "id"], unique=False)
    op.create_table(
        "release_items",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("base_revision_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("act IN ('publication', 'removal')", name=op.f("ck_release_items_act")),
        sa.ForeignKeyConstraint(
            ["base_revision_id"],
            ["revisions.id"],
            name=op.f("fk_release_items_base_revision_id_revisions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_release_items_post_id_posts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["releases.id"],
            name=op.f("fk_release_items_release_id_releases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revisions.id"],
            name=op.f("fk_release_items_revision_id_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "post_id", name=op.f("pk_release_items")),
    )
    op.create_index(
        "uq_release_items_open",
        "release_items",
        ["post_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_release_items_post_id", "release_items", ["post_id"], unique=False)


def create_corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("amends_id", sa.Integer(), nullable=True),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["amends_id"],
            ["corrections.id"],
            name=op.f("fk_corrections_amends_id_corrections"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_corrections_by_id_people")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_corrections_post_id_posts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revisions.id"],
            name=op.f("fk_corrections_revision_id_revisions"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_post_id", "corrections", ["post_id", "at", "id"], unique=False)
    op.create_index("ix_corrections_at", "corrections", ["at", "id"], unique=False)
