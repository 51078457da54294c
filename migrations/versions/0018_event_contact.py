"""An event names whom to call, where people meet and what to bring."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COLUMNS = (("contact_name", 40), ("contact_phone", 40), ("meeting_point", 60), ("bring", 120))


def upgrade() -> None:
    """Add the columns; of events that are there nothing is known."""
    for name, length in COLUMNS:
        op.add_column("events", sa.Column(name, sa.String(length), nullable=True))


def downgrade() -> None:
    """Drop them."""
    for name, _length in reversed(COLUMNS):
        op.drop_column("events", name)
