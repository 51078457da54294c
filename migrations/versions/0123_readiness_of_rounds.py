"""A round stores what was still to be done when it was frozen; earlier ones have none."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0123"
down_revision = "0122"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("rounds", sa.Column("readiness", JSON, nullable=True))
    op.add_column("rounds", sa.Column("lifted_reason", sa.String(200), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("rounds", "lifted_reason")
    op.drop_column("rounds", "readiness")
