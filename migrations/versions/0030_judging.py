"""How contests are judged: seats, scores, votes, certificates, likenesses of entries."""

import sqlalchemy as sa
from alembic import op

revision = "0030_judging"
down_revision = "0029_circles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contest_judging",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("rubric", sa.JSON(), nullable=False),
        sa.Column("per_entry", sa.Integer(), nullable=False),
        sa.Column("public_weight", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.JSON(), nullable=False),
        sa.Column("draws_lot", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("votes_each", sa.Integer(), nullable=False),
        sa.Column("voter_days", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_score_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_vote_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("head_seat_id", sa.Integer(), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("scores_hash", sa.String(length=64), nullable=True),
        sa.Column("scores_sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(scores_hash IS NULL) = (scores_sealed_at IS NULL)",
            name=op.f("ck_contest_judging_seal_is_whole"),
        ),
        sa.CheckConstraint("per_entry BETWEEN 0 AND 50", name=op.f("ck_contest_judging_per_entry")),
        sa.CheckConstraint("public_weight BETWEEN 0 AND 90", name=op.f("ck_contest_judging_public_weight")),
        sa.CheckConstraint("voter_days BETWEEN 0 AND 3650", name=op.f("ck_contest_judging_voter_days")),
        sa.CheckConstraint("votes_each BETWEEN 1 AND 20", name=op.f("ck_contest_judging_votes_each")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_judging_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_contest_judging")),
    )
    op.create_table(
        "contest_voters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("address_key", sa.String(length=64), nullable=False),
        sa.Column("network_key", sa.String(length=64), nullable=False),
        sa.Column("account_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("held_for", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('counted', 'held', 'void')", name=op.f("ck_contest_voters_state")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_voters_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_voters")),
        sa.UniqueConstraint(
            "contest_id", "address_key", name=op.f("uq_contest_voters_contest_id_address_key")
        ),
        sa.UniqueConstraint("contest_id", "person_key", name=op.f("uq_contest_voters_contest_id_person_key")),
        sa.UniqueConstraint("id", "contest_id", name=op.f("uq_contest_voters_id_contest_id")),
    )
    op.create_index("ix_contest_voters_network_key", "contest_voters", ["contest_id", "network_key"])
    op.create_index("ix_contest_voters_state", "contest_voters", ["contest_id", "state"])
    op.create_table(
        "jury_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=12), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_for", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_jury_seats_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_jury_seats_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_seats")),
        sa.UniqueConstraint("contest_id", "label", name=op.f("uq_jury_seats_contest_id_label")),
        sa.UniqueConstraint("contest_id", "person_id", name=op.f("uq_jury_seats_contest_id_person_id")),
    )
    op.create_index("ix_jury_seats_person_id", "jury_seats", ["person_id"])
    op.create_table(
        "contest_certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("prize", sa.JSON(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_for", sa.Text(), nullable=False),
        sa.Column("replaced_by", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_for = '')",
            name=op.f("ck_contest_certificates_revocation_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_certificates_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contest_entries.id"],
            name=op.f("fk_contest_certificates_entry_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["people.id"], name=op.f("fk_contest_certificates_issued_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_contest_certificates_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_contest_certificates_code")),
    )
    op.create_index("ix_contest_certificates_contest_id", "contest_certificates", ["contest_id", "id"])
    op.create_index("ix_contest_certificates_entry_id", "contest_certificates", ["entry_id"])
    op.create_index("ix_contest_certificates_person_id", "contest_certificates", ["person_id", "id"])
    op.create_table(
        "contest_votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("ballot", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("slot BETWEEN 0 AND 19", name=op.f("ck_contest_votes_slot")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contests.id"],
            name=op.f("fk_contest_votes_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contest_entries.id"],
            name=op.f("fk_contest_votes_entry_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["voter_id", "contest_id"],
            ["contest_voters.id", "contest_voters.contest_id"],
            name="fk_contest_votes_voter_id_contest_voters",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_votes")),
        sa.UniqueConstraint("ballot", name=op.f("uq_contest_votes_ballot")),
        sa.UniqueConstraint("voter_id", "entry_id", name=op.f("uq_contest_votes_voter_id_entry_id")),
        sa.UniqueConstraint("voter_id", "slot", name=op.f("uq_contest_votes_voter_id_slot")),
    )
    op.create_index("ix_contest_votes_contest_id", "contest_votes", ["contest_id", "entry_id"])
    op.create_index("ix_contest_votes_entry_id", "contest_votes", ["entry_id"])
    op.create_index("ix_contest_votes_voter_id", "contest_votes", ["voter_id", "contest_id"])
    op.create_table(
        "entry_likenesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("contained", sa.Integer(), nullable=False),
        sa.Column("resemblance", sa.Integer(), nullable=False),
        sa.Column("longest", sa.Integer(), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint("(other_id IS NULL) <> (post_id IS NULL)", name=op.f("ck_entry_likenesses_other")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contest_entries.id"],
            name=op.f("fk_entry_likenesses_entry_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["contest_entries.id"],
            name=op.f("fk_entry_likenesses_other_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_entry_likenesses_post_id_posts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["seen_by_id"], ["people.id"], name=op.f("fk_entry_likenesses_seen_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_likenesses")),
        sa.UniqueConstraint("entry_id", "other_id", name=op.f("uq_entry_likenesses_entry_id_other_id")),
        sa.UniqueConstraint("entry_id", "post_id", name=op.f("uq_entry_likenesses_entry_id_post_id")),
    )
    op.create_index("ix_entry_likenesses_other_id", "entry_likenesses", ["other_id"])
    op.create_index("ix_entry_likenesses_post_id", "entry_likenesses", ["post_id"])
    op.create_table(
        "jury_amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_jury_amendments_by_id_people")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contest_entries.id"],
            name=op.f("fk_jury_amendments_entry_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"],
            ["jury_seats.id"],
            name=op.f("fk_jury_amendments_seat_id_jury_seats"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_amendments")),
    )
    op.create_index("ix_jury_amendments_entry_id", "jury_amendments", ["entry_id"])
    op.create_index("ix_jury_amendments_seat_id", "jury_amendments", ["seat_id"])
    op.create_table(
        "jury_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contest_entries.id"],
            name=op.f("fk_jury_assignments_entry_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"],
            ["jury_seats.id"],
            name=op.f("fk_jury_assignments_seat_id_jury_seats"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_assignments")),
        sa.UniqueConstraint("seat_id", "entry_id", name=op.f("uq_jury_assignments_seat_id_entry_id")),
        sa.UniqueConstraint("seat_id", "position", name=op.f("uq_jury_assignments_seat_id_position")),
    )
    op.create_index("ix_jury_assignments_entry_id", "jury_assignments", ["entry_id"])
    op.create_table(
        "jury_recusals",
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_jury_recusals_by_id_people")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contest_entries.id"],
            name=op.f("fk_jury_recusals_entry_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"],
            ["jury_seats.id"],
            name=op.f("fk_jury_recusals_seat_id_jury_seats"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("seat_id", "entry_id", name=op.f("pk_jury_recusals")),
    )
    op.create_index("ix_jury_recusals_entry_id", "jury_recusals", ["entry_id"])
    op.create_table(
        "jury_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("comment_state", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "comment_state IN ('none', 'waiting', 'approved', 'held')",
            name=op.f("ck_jury_scores_comment_state"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contest_entries.id"],
            name=op.f("fk_jury_scores_entry_id_contest_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["jury_seats.id"], name=op.f("fk_jury_scores_seat_id_jury_seats"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_scores")),
        sa.UniqueConstraint("seat_id", "entry_id", name=op.f("uq_jury_scores_seat_id_entry_id")),
    )
    op.create_index("ix_jury_scores_entry_id", "jury_scores", ["entry_id"])
