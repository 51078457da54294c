"""A scan keeps by how much the phone's clock was wrong; for earlier scans that is unknown."""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("scans", sa.Column("skew_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("scans", "skew_seconds")
