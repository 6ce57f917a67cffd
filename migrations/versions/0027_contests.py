"""Contests: series, phases, rules, prizes, people, entries with their seals, places."""

import sqlalchemy as sa
from alembic import op

revision = "0027_contests"
down_revision = "0026_sending_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contest_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_series")),
        sa.UniqueConstraint("slug", name=op.f("uq_contest_series_slug")),
    )
    op.create_table(
        "contests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("brief", sa.JSON(), nullable=False),
        sa.Column("brief_html", sa.JSON(), nullable=False),
        sa.Column("theme_by_id", sa.Integer(), nullable=True),
        sa.Column("theme_url", sa.String(length=500), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("eligible", sa.String(length=8), nullable=False),
        sa.Column("eligibility", sa.JSON(), nullable=False),
        sa.Column("least_age", sa.Integer(), nullable=True),
        sa.Column("least_days", sa.Integer(), nullable=False),
        sa.Column("most_entries", sa.Integer(), nullable=False),
        sa.Column("most_authors", sa.Integer(), nullable=False),
        sa.Column("least_words", sa.Integer(), nullable=False),
        sa.Column("most_words", sa.Integer(), nullable=True),
        sa.Column("takes_posts", sa.Boolean(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_for", sa.Text(), nullable=False),
        sa.Column("sealed_hash", sa.String(length=64), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("results_state", sa.String(length=12), nullable=True),
        sa.Column("preliminary_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("eligible IN ('everyone', 'members', 'staff')", name=op.f("ck_contests_eligible")),
        sa.CheckConstraint(
            "results_state IN ('preliminary', 'checked', 'final')", name=op.f("ck_contests_results_state")
        ),
        sa.CheckConstraint(
            "(series_id IS NULL) = (number IS NULL)", name=op.f("ck_contests_number_in_series")
        ),
        sa.CheckConstraint("grace_minutes BETWEEN 0 AND 1440", name=op.f("ck_contests_grace_minutes")),
        sa.CheckConstraint(
            "least_words >= 0 AND (most_words IS NULL OR most_words >= least_words)",
            name=op.f("ck_contests_words"),
        ),
        sa.CheckConstraint("most_authors BETWEEN 1 AND 20", name=op.f("ck_contests_most_authors")),
        sa.CheckConstraint("most_entries BETWEEN 1 AND 20", name=op.f("ck_contests_most_entries")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_contests_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["contest_series.id"], name=op.f("fk_contests_series_id_contest_series")
        ),
        sa.ForeignKeyConstraint(["theme_by_id"], ["people.id"], name=op.f("fk_contests_theme_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contests")),
        sa.UniqueConstraint("series_id", "number", name=op.f("uq_contests_series_id_number")),
        sa.UniqueConstraint("slug", name=op.f("uq_contests_slug")),
    )
    op.create_index("ix_contests_announced_at", "contests", ["announced_at", "id"], unique=False)
    op.create_index("ix_contests_final_at", "contests", ["final_at", "id"], unique=False)
    op.create_index(op.f("ix_contests_theme_by_id"), "contests", ["theme_by_id"], unique=False)
    op.create_table(
        "contest_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_contest_acts_by_id_people")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_acts_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_acts")),
    )
    op.create_index("ix_contest_acts_contest_id", "contest_acts", ["contest_id", "id"], unique=False)
    op.create_table(
        "contest_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed_hash", sa.String(length=64), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resubmitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consented_rules", sa.Integer(), nullable=True),
        sa.Column("may_republish", sa.Boolean(), nullable=False),
        sa.Column("is_adult", sa.Boolean(), nullable=False),
        sa.Column("guardian", sa.String(length=120), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("verdict_reason", sa.Text(), nullable=False),
        sa.Column("verdict_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict_by_id", sa.Integer(), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_verdict", sa.String(length=8), nullable=True),
        sa.Column("appeal_reason", sa.Text(), nullable=False),
        sa.Column("appeal_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("feedback_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "appeal_verdict IN ('upheld', 'rejected')", name=op.f("ck_contest_entries_appeal_verdict")
        ),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'asked', 'refused')", name=op.f("ck_contest_entries_verdict")
        ),
        sa.CheckConstraint(
            "(version = 0) = (sealed_hash IS NULL)", name=op.f("ck_contest_entries_seal_is_whole")
        ),
        sa.CheckConstraint(
            "(version = 0) = (submitted_at IS NULL)", name=op.f("ck_contest_entries_submission_is_whole")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_entries_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_contest_entries_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_contest_entries_post_id_posts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["published_id"],
            ["posts.id"],
            name=op.f("fk_contest_entries_published_id_posts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["verdict_by_id"], ["people.id"], name=op.f("fk_contest_entries_verdict_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_entries")),
    )
    op.create_index("ix_contest_entries_contest_id", "contest_entries", ["contest_id", "id"], unique=False)
    op.create_index("ix_contest_entries_person_id", "contest_entries", ["person_id", "id"], unique=False)
    op.create_index("ix_contest_entries_post_id", "contest_entries", ["post_id"], unique=False)
    op.create_index("ix_contest_entries_published_id", "contest_entries", ["published_id"], unique=False)
    op.create_index(
        "ix_contest_entries_submitted_at",
        "contest_entries",
        ["contest_id", "submitted_at", "id"],
        unique=False,
    )
    op.create_table(
        "contest_followers",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_followers_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_contest_followers_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contest_id", "person_id", name=op.f("pk_contest_followers")),
    )
    op.create_index("ix_contest_followers_person_id", "contest_followers", ["person_id"], unique=False)
    op.create_table(
        "contest_phases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_wall", sa.String(length=16), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_wall", sa.String(length=16), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_hours", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(ends_at IS NULL) = (kind = 'results')", name=op.f("ck_contest_phases_results_stay")
        ),
        sa.CheckConstraint(
            "kind IN ('announce', 'entries', 'check', 'jury', 'vote', 'appeal', 'results')",
            name=op.f("ck_contest_phases_kind"),
        ),
        sa.CheckConstraint(
            "(ends_at IS NULL) = (ends_wall IS NULL)", name=op.f("ck_contest_phases_end_is_whole")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_contest_phases_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_phases_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_phases")),
        sa.UniqueConstraint("contest_id", "kind", name=op.f("uq_contest_phases_contest_id_kind")),
    )
    op.create_index(
        "ix_contest_phases_closing",
        "contest_phases",
        ["ends_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND ends_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND ends_at IS NOT NULL"),
    )
    op.create_index(
        "ix_contest_phases_opening",
        "contest_phases",
        ["starts_at"],
        unique=False,
        sqlite_where=sa.text("opened_at IS NULL"),
        postgresql_where=sa.text("opened_at IS NULL"),
    )
    op.create_index("ix_contest_phases_starts_at", "contest_phases", ["starts_at", "ends_at"], unique=False)
    op.create_table(
        "contest_prizes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("places BETWEEN 1 AND 100", name=op.f("ck_contest_prizes_places")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_prizes_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_prizes")),
    )
    op.create_index(op.f("ix_contest_prizes_contest_id"), "contest_prizes", ["contest_id"], unique=False)
    op.create_table(
        "contest_roles",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=9), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('organiser', 'juror')", name=op.f("ck_contest_roles_role")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_contest_roles_added_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_roles_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contest_roles_person_id_people")),
        sa.PrimaryKeyConstraint("contest_id", "person_id", name=op.f("pk_contest_roles")),
    )
    op.create_index("ix_contest_roles_person_id", "contest_roles", ["person_id", "role"], unique=False)
    op.create_table(
        "contest_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("html", sa.JSON(), nullable=False),
        sa.Column("consent", sa.JSON(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_rules_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_contest_rules_made_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_rules")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_contest_rules_contest_id_number")),
    )
    op.create_table(
        "contest_authors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("slot >= 0", name=op.f("ck_contest_authors_slot")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_authors_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contest_entries.id"],
            name=op.f("fk_contest_authors_entry_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_contest_authors_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_authors")),
        sa.UniqueConstraint(
            "contest_id", "person_id", "slot", name=op.f("uq_contest_authors_contest_id_person_id_slot")
        ),
        sa.UniqueConstraint("entry_id", "person_id", name=op.f("uq_contest_authors_entry_id_person_id")),
    )
    op.create_index(
        "ix_contest_authors_person_id", "contest_authors", ["person_id", "entry_id"], unique=False
    )
    op.create_table(
        "contest_places",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("prize_id", sa.Integer(), nullable=True),
        sa.Column("points", sa.String(length=20), nullable=True),
        sa.Column("disqualified_for", sa.Text(), nullable=False),
        sa.CheckConstraint("place >= 1", name=op.f("ck_contest_places_place")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_places_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contest_entries.id"],
            name=op.f("fk_contest_places_entry_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["prize_id"],
            ["contest_prizes.id"],
            name=op.f("fk_contest_places_prize_id_contest_prizes"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_contest_places")),
    )
    op.create_index("ix_contest_places_contest_id", "contest_places", ["contest_id", "place"], unique=False)
    op.create_index("ix_contest_places_prize_id", "contest_places", ["prize_id"], unique=False)
    op.create_table(
        "contest_snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("rules_number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contest_entries.id"],
            name=op.f("fk_contest_snapshots_entry_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_snapshots")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_contest_snapshots_entry_id_version")),
    )
    op.create_index("ix_contest_snapshots_hash", "contest_snapshots", ["content_hash"], unique=False)
