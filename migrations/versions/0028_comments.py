"""Comments: threads, decisions, reactions, trust, and what the company answers."""

import sqlalchemy as sa
from alembic import op

revision = "0028_comments"
down_revision = "0027_contests"
branch_labels = None
depends_on = None

VISIBLE = sa.text("state = 'visible'")
WAITING = sa.text("state = 'waiting'")
APPEALED = sa.text("appealed_at IS NOT NULL AND appeal_outcome IS NULL")
OPEN = sa.text("answered_at IS NULL")
FAQ = sa.text("faq_at IS NOT NULL")


def upgrade() -> None:
    _comments()
    _around_comments()
    _questions()


def _instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _people(table: str, column: str, **options: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_people")
    return sa.ForeignKeyConstraint([column], ["people.id"], name=name, **options)


def _to_comment(table: str, column: str, **options: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_comments")
    return sa.ForeignKeyConstraint([column], ["comments.id"], name=name, **options)


def _comments() -> None:
    op.create_table(
        "comments",
        _number("id"),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        _number("subject_id"),
        _number("parent_id", nullable=True),
        _number("root_id", nullable=True),
        _number("author_id", nullable=True),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        _text("body"),
        _text("html"),
        _text("plain"),
        _number("renderer"),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("held_for", sa.JSON(), nullable=False),
        sa.Column("spam_score", sa.Double(), nullable=False),
        _number("score"),
        _number("answers"),
        _number("in_thread"),
        _number("flags"),
        _instant("created_at", nullable=False),
        _instant("waiting_at"),
        _instant("shown_at"),
        _instant("edited_at"),
        _instant("decided_at"),
        _number("decided_by_id", nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        _text("note"),
        _text("appeal"),
        _instant("appealed_at"),
        sa.Column("appeal_outcome", sa.String(length=8), nullable=True),
        sa.Column("once", sa.String(length=32), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'visible', 'hidden', 'deleted')", name=op.f("ck_comments_state")
        ),
        sa.CheckConstraint(
            "appeal_outcome IN ('granted', 'refused')", name=op.f("ck_comments_appeal_outcome")
        ),
        sa.CheckConstraint("score >= 0", name=op.f("ck_comments_score")),
        _to_comment("comments", "parent_id"),
        _to_comment("comments", "root_id"),
        _people("comments", "author_id"),
        _people("comments", "decided_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("once", name=op.f("uq_comments_once")),
        sa.UniqueConstraint("source", name=op.f("uq_comments_source")),
    )
    op.create_index("ix_comments_subject", "comments", ["subject_kind", "subject_id", "root_id", "id"])
    for name, column, where in (
        ("ix_comments_visible", "shown_at", VISIBLE),
        ("ix_comments_waiting", "waiting_at", WAITING),
        ("ix_comments_appealed", "appealed_at", APPEALED),
    ):
        op.create_index(name, "comments", [column, "id"], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_comments_author_id", "comments", ["author_id", "id"])
    for column in ("parent_id", "root_id", "decided_by_id"):
        op.create_index(f"ix_comments_{column}", "comments", [column])


def _around_comments() -> None:
    op.create_table(
        "comment_versions",
        _number("id"),
        _number("comment_id"),
        _number("number"),
        _text("body"),
        _text("html"),
        _instant("written_at", nullable=False),
        _to_comment("comment_versions", "comment_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_versions")),
        sa.UniqueConstraint("comment_id", "number", name=op.f("uq_comment_versions_comment_id_number")),
    )
    op.create_table(
        "comment_reactions",
        _number("comment_id"),
        _number("person_id"),
        sa.Column("kind", sa.String(length=8), nullable=False),
        _instant("at", nullable=False),
        sa.CheckConstraint("kind IN ('agree', 'thanks', 'insight')", name=op.f("ck_comment_reactions_kind")),
        _to_comment("comment_reactions", "comment_id", ondelete="CASCADE"),
        _people("comment_reactions", "person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_comment_reactions")),
    )
    op.create_index("ix_comment_reactions_person_id", "comment_reactions", ["person_id"])
    op.create_table(
        "comment_flags",
        _number("comment_id"),
        _number("person_id"),
        sa.Column("reason", sa.String(length=16), nullable=False),
        _text("note"),
        _instant("at", nullable=False),
        _to_comment("comment_flags", "comment_id", ondelete="CASCADE"),
        _people("comment_flags", "person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_comment_flags")),
    )
    op.create_index("ix_comment_flags_person_id", "comment_flags", ["person_id"])
    op.create_table(
        "comment_policies",
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("policy", sa.String(length=10), nullable=False),
        _number("closes_after_days", nullable=True),
        sa.CheckConstraint(
            "policy IN ('open', 'members', 'moderated', 'off')", name=op.f("ck_comment_policies_policy")
        ),
        sa.CheckConstraint("closes_after_days BETWEEN 1 AND 3650", name=op.f("ck_comment_policies_days")),
        sa.PrimaryKeyConstraint("subject_kind", "subject_id", name=op.f("pk_comment_policies")),
    )
    op.create_table(
        "comment_standings",
        _number("person_id"),
        _number("approved"),
        _number("refused"),
        _instant("blocked_at"),
        _instant("blocked_until"),
        _number("blocked_by_id", nullable=True),
        _text("block_note"),
        _people("comment_standings", "person_id", ondelete="CASCADE"),
        _people("comment_standings", "blocked_by_id"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_comment_standings")),
    )
    op.create_index("ix_comment_standings_blocked_by_id", "comment_standings", ["blocked_by_id"])
    op.create_table(
        "comment_spam_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        _number("good"),
        _number("bad"),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_comment_spam_words")),
    )


def _questions() -> None:
    op.create_table(
        "comment_questions",
        sa.Column("comment_id", sa.Integer(), autoincrement=False, nullable=False),
        _instant("marked_at", nullable=False),
        _number("marked_by_id", nullable=True),
        _number("owner_id", nullable=True),
        _instant("due_at"),
        sa.Column("due_wall", sa.String(length=16), nullable=True),
        sa.Column("due_zone", sa.String(length=64), nullable=True),
        _instant("reminded_at"),
        _instant("answered_at"),
        _number("answered_by_id", nullable=True),
        _number("answer_number"),
        _instant("faq_at"),
        sa.Column("faq_question", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer_number = 0)", name=op.f("ck_comment_questions_answered")
        ),
        _to_comment("comment_questions", "comment_id", ondelete="CASCADE"),
        _people("comment_questions", "marked_by_id"),
        _people("comment_questions", "owner_id"),
        _people("comment_questions", "answered_by_id"),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_questions")),
    )
    op.create_index(
        "ix_comment_questions_due_at",
        "comment_questions",
        ["due_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_comment_questions_owner_id", "comment_questions", ["owner_id", "due_at"])
    op.create_index("ix_comment_questions_answered_at", "comment_questions", ["answered_at", "comment_id"])
    op.create_index(
        "ix_comment_questions_faq_at",
        "comment_questions",
        ["faq_at", "comment_id"],
        sqlite_where=FAQ,
        postgresql_where=FAQ,
    )
    op.create_index("ix_comment_questions_answered_by_id", "comment_questions", ["answered_by_id"])
    op.create_index("ix_comment_questions_marked_by_id", "comment_questions", ["marked_by_id"])
    op.create_table(
        "comment_answer_versions",
        _number("id"),
        _number("comment_id"),
        _number("number"),
        _text("body"),
        _text("html"),
        _text("plain"),
        _instant("written_at", nullable=False),
        _number("written_by_id", nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment_questions.comment_id"],
            name=op.f("fk_comment_answer_versions_comment_id_comment_questions"),
            ondelete="CASCADE",
        ),
        _people("comment_answer_versions", "written_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_answer_versions")),
        sa.UniqueConstraint(
            "comment_id", "number", name=op.f("uq_comment_answer_versions_comment_id_number")
        ),
    )
    op.create_index("ix_comment_answer_versions_written_by_id", "comment_answer_versions", ["written_by_id"])
