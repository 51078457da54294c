"""A person's calendar address ends with their sessions and tokens: it keeps the account's epoch."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; valid addresses end with the next act that ends sessions."""
    op.add_column("calendar_feeds", sa.Column("epoch", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE calendar_feeds SET epoch ="
        " (SELECT accounts.epoch FROM accounts WHERE accounts.id = calendar_feeds.account_id)"
        " WHERE volunteer_id IS NOT NULL"
    )


def downgrade() -> None:
    """Drop it, after deleting the addresses that have ended by it."""
    op.execute(
        "UPDATE calendar_feeds SET ended_at = CURRENT_TIMESTAMP"
        " WHERE ended_at IS NULL AND volunteer_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM accounts WHERE accounts.id = calendar_feeds.account_id"
        " AND accounts.epoch = calendar_feeds.epoch AND accounts.disabled_at IS NULL)"
    )
    op.drop_column("calendar_feeds", "epoch")
