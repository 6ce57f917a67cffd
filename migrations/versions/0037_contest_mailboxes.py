"""Each person enters a contest with one account: whose mail address took which of its places."""

import sqlalchemy as sa
from alembic import op

revision = "0037_contest_mailboxes"
down_revision = "0036_circle_pictures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contest_authors", sa.Column("mailbox_key", sa.String(length=64), nullable=True))
    op.create_index(
        "uq_contest_authors_mailbox", "contest_authors", ["contest_id", "mailbox_key", "slot"], unique=True
    )
