"""A card keeps the key under which its name goes along to a gate without network.

Cards that were printed before have none: what the QR code holds is on paper alone.
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
