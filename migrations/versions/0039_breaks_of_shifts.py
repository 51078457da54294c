"""A shift has planned breaks, which give no minutes; those of before have none."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Add the column."""
    op.add_column("shifts", sa.Column("breaks", JSON, server_default="[]", nullable=False))


def downgrade() -> None:
    """Drop it; records keep their minutes. Not once a change of an event is kept with breaks."""
    later = sa.text("SELECT count(*) FROM event_changes WHERE format > 1")
    if op.get_bind().scalar(later):
        raise ValueError("event_changes.format holds a format that no older program reads")
    op.drop_column("shifts", "breaks")
