"""People who died or moved away are marked, apart from those who withdrew their consent."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0095"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; nobody is marked."""
    op.add_column("volunteers", sa.Column("departed_as", sa.String(8), nullable=True))
    op.add_column("volunteers", sa.Column("departed_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop both; marked people stay frozen like people who left."""
    op.drop_column("volunteers", "departed_on")
    op.drop_column("volunteers", "departed_as")
