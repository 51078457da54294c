"""A card stores the key that seals its name on a phone at a gate without network.

Earlier cards have none, because the content of their QR code exists only on paper.
"""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("volunteer_cards", sa.Column("name_key", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("volunteer_cards", "name_key")
