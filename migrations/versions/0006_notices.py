"""What people were told, and how they want to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0006_notices"
down_revision = "0005_times"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_on_desk", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("times >= 1", name=op.f("ck_notices_times")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["people.id"], name=op.f("fk_notices_by_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_notices_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "uq_notices_unread",
        "notices",
        ["person_id", "kind", "subject"],
        unique=True,
        sqlite_where=unread,
        postgresql_where=unread,
    )
    op.create_index("ix_notices_person_id", "notices", ["person_id", "told_at", "id"], unique=False)
    op.create_index("ix_notices_mail_due_at", "notices", ["mail_due_at", "person_id"], unique=False)
    op.create_index("ix_notices_read_at", "notices", ["read_at"], unique=False)
    op.create_table(
        "notice_choices",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("by_mail", sa.String(length=8), nullable=False),
        sa.Column("is_on_desk", sa.Boolean(), nullable=False),
        sa.CheckConstraint("by_mail IN ('now', 'digest', 'never')", name=op.f("ck_notice_choices_by_mail")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_notice_choices_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notice_choices")),
    )
    op.add_column("outgoing_mail", sa.Column("headers", sa.JSON(), nullable=True))
