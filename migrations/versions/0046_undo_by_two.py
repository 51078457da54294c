"""An undo of an import waits for a second person; one person decided earlier undos."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COLUMNS = {
    "undo_reason": sa.String(length=200),
    "undo_asked_by_id": ID,
    "undo_asked_at": sa.DateTime(timezone=True),
    "undo_answer": sa.String(length=200),
    "undo_decided_by_id": ID,
    "undo_decided_at": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    """Add the columns."""
    for name, kind in _COLUMNS.items():
        op.add_column("imports", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Drop them; people who wait for an undo must ask again."""
    for name in reversed(_COLUMNS):
        op.drop_column("imports", name)
