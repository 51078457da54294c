"""The streets of the areas of one import, if its lists name several."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; earlier imports have one street."""
    op.add_column("imports", sa.Column("streets", sa.String(length=1300), nullable=True))
    said = sa.Column("is_street_said", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("imports", said)


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("imports", "is_street_said")
    op.drop_column("imports", "streets")
