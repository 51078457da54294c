"""A dispute states the true times; earlier ones state them in words."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NAMES = ("starts_at", "ends_at")


def upgrade() -> None:
    """Add the columns."""
    for name in NAMES:
        op.add_column("disputes", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop them; the words of the disputes stay."""
    for name in NAMES:
        op.drop_column("disputes", name)
