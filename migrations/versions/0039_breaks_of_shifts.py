"""A shift has planned breaks, which give no minutes; those of before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("shifts", sa.Column("breaks", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Drop it; records that were made keep their minutes and reasons."""
    op.drop_column("shifts", "breaks")
