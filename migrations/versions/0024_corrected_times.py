"""Corrections of the times of a record."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "record_corrections"
INSTANTS = ("starts_was", "ends_was", "starts_at", "ends_at")


def upgrade() -> None:
    """Add the times of a correction; earlier ones have none."""
    for name in INSTANTS:
        op.add_column(TABLE, sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column("shift_id", ID, nullable=True))


def downgrade() -> None:
    """Drop it, where no amendment of the newer format is kept: no older program reads one."""
    newer = "SELECT count(*) FROM record_changes WHERE format > 1"
    if op.get_bind().scalar(sa.text(newer)):
        raise RuntimeError("amendments of a newer format are kept: this migration does not go down")
    with op.batch_alter_table(TABLE) as table:
        for name in (*INSTANTS, "shift_id"):
            table.drop_column(name)
