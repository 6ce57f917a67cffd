"""Cards of the pages that notes link to, and who was told of being mentioned."""

import sqlalchemy as sa
from alembic import op

revision = "0012_link_cards"
down_revision = "0011_media_library"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("site_name", sa.String(length=120), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name=op.f("ck_link_cards_state")),
        sa.ForeignKeyConstraint(["picture_id"], ["media.id"], name=op.f("fk_link_cards_picture_id_media")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_cards")),
        sa.UniqueConstraint("digest", name=op.f("uq_link_cards_digest")),
    )
    op.create_index("ix_link_cards_state", "link_cards", ["state", "due_at"], unique=False)
    op.create_index("ix_link_cards_picture_id", "link_cards", ["picture_id"], unique=False)
    op.create_table(
        "post_cards",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["link_cards.id"], name=op.f("fk_post_cards_card_id_link_cards")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_cards_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_cards")),
    )
    op.create_index("ix_post_cards_card_id", "post_cards", ["card_id"], unique=False)
    op.create_table(
        "post_mentions",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_post_mentions_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_mentions_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "person_id", name=op.f("pk_post_mentions")),
    )
    op.create_index("ix_post_mentions_person_id", "post_mentions", ["person_id"], unique=False)
