"""Text that is typed and not yet saved, who is at it, and named revisions."""

import sqlalchemy as sa
from alembic import op

revision = "0007_drafts"
down_revision = "0006_notices"
branch_labels = None
depends_on = None

HAS_TEXT = sa.text("kept_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_idle", sa.Boolean(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_drafts_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("person_id", "subject", "tab", name=op.f("uq_drafts_person_id_subject_tab")),
    )
    op.create_index("ix_drafts_subject", "drafts", ["subject", "seen_at"], unique=False)
    op.create_index("ix_drafts_seen_at", "drafts", ["seen_at"], unique=False)
    op.create_index(
        "ix_drafts_unsaved",
        "drafts",
        ["person_id", "kept_at"],
        unique=False,
        sqlite_where=HAS_TEXT,
        postgresql_where=HAS_TEXT,
    )
    op.add_column("revisions", sa.Column("name", sa.String(length=120), nullable=True))
    # The same words for both databases: Alembic would rebuild the whole table on SQLite for a column that refers.
    op.execute(
        "ALTER TABLE revisions ADD COLUMN named_by_id INTEGER"
        " CONSTRAINT fk_revisions_named_by_id_people REFERENCES people (id)"
    )
    op.add_column("revisions", sa.Column("named_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("revisions", sa.Column("words_added", sa.Integer(), nullable=True))
    op.add_column("revisions", sa.Column("words_removed", sa.Integer(), nullable=True))
