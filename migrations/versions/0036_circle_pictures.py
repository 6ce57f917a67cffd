"""What the picture of a circle shows in words, and which point of it stays visible."""

import sqlalchemy as sa
from alembic import op

revision = "0036_circle_pictures"
down_revision = "0035_circle_appeals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "circles", sa.Column("picture_alt", sa.String(length=300), nullable=False, server_default="")
    )
    for name in ("focal_x", "focal_y"):
        op.add_column("circles", sa.Column(name, sa.Double(), nullable=False, server_default="0.5"))
