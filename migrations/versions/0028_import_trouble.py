"""The reason of a failed import is stored with its code, and shown in the reader's language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the column; what failed before has its sentence and no code."""
    op.add_column("imports", sa.Column("trouble", JSON, nullable=True))


def downgrade() -> None:
    """Drop the column: the sentence stays."""
    op.drop_column("imports", "trouble")
