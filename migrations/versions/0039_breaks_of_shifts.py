"""A shift has planned breaks, which give no minutes; earlier shifts have none."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

CHANGES = sa.table(
    "event_changes",
    sa.column("id", sa.BigInteger()),
    sa.column("before", JSON),
    sa.column("after", JSON),
    sa.column("format", sa.Integer()),
)


def upgrade() -> None:
    """Add the column."""
    op.add_column("shifts", sa.Column("breaks", JSON, server_default="[]", nullable=False))


def downgrade() -> None:
    """Drop it; records keep their minutes, and kept changes lose the breaks they name."""
    connection = op.get_bind()
    later = sa.select(CHANGES).where(CHANGES.c.format == 2)
    for row in connection.execute(later).all():
        for state in (row.before, row.after):
            for shift in state["shifts"].values():
                shift.pop("breaks")
        values = {"before": row.before, "after": row.after, "format": 1}
        connection.execute(CHANGES.update().where(CHANGES.c.id == row.id).values(values))
    op.drop_column("shifts", "breaks")
