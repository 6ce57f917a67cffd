"""Files that were replaced, crops, terms of use, a trash, and words to find files by."""

import sqlalchemy as sa
from alembic import op

revision = "0011_media_library"
down_revision = "0010_calendar"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "media", sa.Column("is_decorative", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("media", sa.Column("licence_ends_on", sa.Date(), nullable=True))
    op.add_column("media", sa.Column("trashed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_media_created_at", "media", ["created_at", "id"], unique=False)
    for name, columns, condition in (
        ("ix_media_trashed_at", ["trashed_at", "id"], "trashed_at IS NOT NULL"),
        (
            "ix_media_missing_alt",
            ["id"],
            "kind = 'image' AND alt = '' AND NOT is_decorative AND trashed_at IS NULL",
        ),
        ("ix_media_licence_ends_on", ["licence_ends_on"], "licence_ends_on IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(name, "media", columns, unique=False, sqlite_where=where, postgresql_where=where)
    has_cover = sa.text("cover_id IS NOT NULL")
    op.create_index(
        "ix_revisions_cover_id",
        "revisions",
        ["cover_id"],
        unique=False,
        sqlite_where=has_cover,
        postgresql_where=has_cover,
    )
    op.create_table(
        "media_aliases",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_media_aliases_media_id_media"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_media_aliases")),
    )
    op.create_index("ix_media_aliases_media_id", "media_aliases", ["media_id"], unique=False)
    op.create_table(
        "media_crops",
        sa.Column("media_id", sa.Integer(), nullable=False),
        sa.Column("master", sa.String(length=120), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("height", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "x >= 0 AND y >= 0 AND width > 0 AND height > 0 AND x + width <= 1.0001 AND y + height <= 1.0001",
            name=op.f("ck_media_crops_inside"),
        ),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_media_crops_media_id_media"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("media_id", name=op.f("pk_media_crops")),
        sa.UniqueConstraint("master", name=op.f("uq_media_crops_master")),
    )
    _create_search()


def _create_search() -> None:
    """The words of files, parted by Parley itself as those of posts are (0003)."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE media_search USING fts5(words, content='', contentless_delete=1, tokenize='ascii')"
        )
    else:
        op.execute(
            "CREATE TABLE media_search ("
            "media_id integer CONSTRAINT pk_media_search PRIMARY KEY"
            " CONSTRAINT fk_media_search_media_id_media REFERENCES media (id) ON DELETE CASCADE,"
            " terms tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_media_search_terms ON media_search USING gin (terms)")
