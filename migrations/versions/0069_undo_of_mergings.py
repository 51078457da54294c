"""An undo of a merging by two waits for a second person; earlier undos needed one."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COLUMNS = {
    "undo_asked_by_id": ID,
    "undo_asked_at": sa.DateTime(timezone=True),
    "undo_answer": sa.String(length=200),
    "undo_decided_by_id": ID,
    "undo_decided_at": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    """Add the columns."""
    for name, kind in _COLUMNS.items():
        op.add_column("mergings", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Drop them, with the reason of an undo that waits; the person who asked must ask again."""
    op.execute("UPDATE mergings SET undo_reason = NULL WHERE undone_at IS NULL")
    for name in reversed(_COLUMNS):
        op.drop_column("mergings", name)
