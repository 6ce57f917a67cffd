"""Circles: groups that members make, and what they talk about."""

import sqlalchemy as sa
from alembic import op

revision = "0029_circles"
down_revision = "0028_comments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=80), nullable=True),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("visibility", sa.String(length=8), nullable=False),
        sa.Column("join_policy", sa.String(length=10), nullable=False),
        sa.Column("content_default", sa.String(length=8), nullable=False),
        sa.Column("backed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("backed_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_count", sa.Integer(), nullable=False),
        sa.Column("topic_count", sa.Integer(), nullable=False),
        sa.Column("owner_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heir_id", sa.Integer(), nullable=True),
        sa.Column("heir_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heirs_asked", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leads_to_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("content_default IN ('all', 'members')", name=op.f("ck_circles_content_default")),
        sa.CheckConstraint(
            "join_policy IN ('open', 'request', 'invitation')", name=op.f("ck_circles_join_policy")
        ),
        sa.CheckConstraint(
            "visibility <> 'hidden' OR name_key IS NULL", name=op.f("ck_circles_hidden_has_no_key")
        ),
        sa.CheckConstraint(
            "visibility IN ('public', 'members', 'hidden')", name=op.f("ck_circles_visibility")
        ),
        sa.CheckConstraint(
            "leads_to_id IS NULL OR closed_at IS NOT NULL", name=op.f("ck_circles_open_leads_nowhere")
        ),
        sa.ForeignKeyConstraint(
            ["backed_by_id"], ["people.id"], name=op.f("fk_circles_backed_by_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["people.id"],
            name=op.f("fk_circles_created_by_id_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["heir_id"], ["people.id"], name=op.f("fk_circles_heir_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["leads_to_id"], ["circles.id"], name=op.f("fk_circles_leads_to_id_circles"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["media.id"], name=op.f("fk_circles_picture_id_media"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circles")),
        sa.UniqueConstraint("slug", name=op.f("uq_circles_slug")),
    )
    op.create_index("ix_circles_leads_to_id", "circles", ["leads_to_id"], unique=False)
    op.create_index(
        "ix_circles_listed",
        "circles",
        ["active_at", "id"],
        unique=False,
        sqlite_where=sa.text("visibility = 'public' AND closed_at IS NULL"),
        postgresql_where=sa.text("visibility = 'public' AND closed_at IS NULL"),
    )
    op.create_index("ix_circles_picture_id", "circles", ["picture_id"], unique=False)
    op.create_index(
        "uq_circles_name_key",
        "circles",
        ["name_key"],
        unique=True,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "circle_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_feeds_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_circle_feeds_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_circle_feeds_token_hash")),
    )
    op.create_index("ix_circle_feeds_circle_id", "circle_feeds", ["circle_id"], unique=False)
    op.create_index("ix_circle_feeds_person_id", "circle_feeds", ["person_id", "circle_id"], unique=False)
    op.create_table(
        "circle_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_wall", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 10 AND 480", name=op.f("ck_circle_hours_minutes")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_hours_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["people.id"], name=op.f("fk_circle_hours_expert_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_hours")),
    )
    op.create_index(
        "ix_circle_hours_circle_id", "circle_hours", ["circle_id", "starts_at", "id"], unique=False
    )
    op.create_index("ix_circle_hours_starts_at", "circle_hours", ["starts_at", "id"], unique=False)
    op.create_table(
        "circle_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("most_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_links_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["people.id"],
            name=op.f("fk_circle_links_created_by_id_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_circle_links_token_hash")),
    )
    op.create_index("ix_circle_links_circle_id", "circle_links", ["circle_id", "id"], unique=False)
    op.create_table(
        "circle_memberships",
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "role IN ('member', 'moderator', 'owner')", name=op.f("ck_circle_memberships_role")
        ),
        sa.CheckConstraint(
            "state = 'member' OR role = 'member'", name=op.f("ck_circle_memberships_only_members_have_a_role")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'invited', 'member', 'banned')", name=op.f("ck_circle_memberships_state")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["people.id"], name=op.f("fk_circle_memberships_by_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"],
            ["circles.id"],
            name=op.f("fk_circle_memberships_circle_id_circles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_circle_memberships_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("circle_id", "person_id", name=op.f("pk_circle_memberships")),
    )
    op.create_index(
        "ix_circle_memberships_person_id", "circle_memberships", ["person_id", "state"], unique=False
    )
    op.create_index(
        "ix_circle_memberships_state",
        "circle_memberships",
        ["circle_id", "state", "since", "person_id"],
        unique=False,
    )
    op.create_index(
        "uq_circle_memberships_owner",
        "circle_memberships",
        ["circle_id"],
        unique=True,
        sqlite_where=sa.text("role = 'owner'"),
        postgresql_where=sa.text("role = 'owner'"),
    )
    op.create_table(
        "circle_slugs",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_slugs_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_circle_slugs")),
    )
    op.create_index("ix_circle_slugs_circle_id", "circle_slugs", ["circle_id"], unique=False)
    op.create_table(
        "circle_tags",
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_tags_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_circle_tags_tag_id_tags"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_id", "tag_id", name=op.f("pk_circle_tags")),
    )
    op.create_index("ix_circle_tags_tag_id", "circle_tags", ["tag_id", "circle_id"], unique=False)
    op.create_table(
        "circle_topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guid", sa.String(length=60), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_count", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.Column("hidden_why", sa.String(length=300), nullable=False),
        sa.CheckConstraint("audience IN ('all', 'members')", name=op.f("ck_circle_topics_audience")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["people.id"], name=op.f("fk_circle_topics_by_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_topics_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"],
            ["people.id"],
            name=op.f("fk_circle_topics_hidden_by_id_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_circle_topics_post_id_posts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_topics")),
        sa.UniqueConstraint("guid", name=op.f("uq_circle_topics_guid")),
    )
    op.create_index("ix_circle_topics_by_id", "circle_topics", ["by_id", "id"], unique=False)
    op.create_index(
        "ix_circle_topics_circle_id", "circle_topics", ["circle_id", "active_at", "id"], unique=False
    )
    op.create_index("ix_circle_topics_post_id", "circle_topics", ["post_id"], unique=False)
