"""The key of a timed message, which is sent only once."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

INDEX = "uq_messages_once_key"


def upgrade() -> None:
    """Add the column; earlier messages have no key."""
    op.add_column("messages", sa.Column("once_key", sa.String(length=60), nullable=True))
    op.create_index(INDEX, "messages", ["once_key"], unique=True)


def downgrade() -> None:
    """Drop it; the messages stay."""
    op.drop_index(INDEX, "messages")
    op.drop_column("messages", "once_key")
