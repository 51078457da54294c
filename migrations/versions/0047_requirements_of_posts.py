"""Posts state what they ask of people; earlier posts ask nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

NUMBERS = ("min_age", "max_age", "min_stars")
WORDS = {"skills": 120, "cover": 200}


def upgrade() -> None:
    """Add the columns."""
    for name in NUMBERS:
        op.add_column("posts", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    for name, longest in WORDS.items():
        op.add_column("posts", sa.Column(name, sa.String(length=longest), nullable=True))


def downgrade() -> None:
    """Drop the columns; people with a place keep it."""
    for name in (*NUMBERS, *WORDS):
        op.drop_column("posts", name)
