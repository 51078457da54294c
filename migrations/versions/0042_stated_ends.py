"""A volunteer may state when they left without checking out."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    at = sa.Column("stated_ends_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("service_records", at)


def downgrade() -> None:
    """Drop it; ends that were set by it stay."""
    op.drop_column("service_records", "stated_ends_at")
