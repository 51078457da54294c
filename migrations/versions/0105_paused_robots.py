"""The robot of a team keeps since when it has failed, and whether it is paused."""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0109"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns; earlier failures are unknown."""
    op.add_column("team_robots", sa.Column("failing_since", AT, nullable=True))
    op.add_column("team_robots", sa.Column("paused_at", AT, nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("team_robots", "paused_at")
    op.drop_column("team_robots", "failing_since")
