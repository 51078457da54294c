"""Links by e-mail that set a password are stored among the one-time codes."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; earlier codes were handed out face to face."""
    op.add_column(
        "sign_in_codes",
        sa.Column("is_by_message", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Drop the column; links that were sent open nothing any more."""
    op.execute("DELETE FROM sign_in_codes WHERE is_by_message")
    op.drop_column("sign_in_codes", "is_by_message")
