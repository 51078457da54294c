"""A free place is kept for a waiting person until a time."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

INDEX = "ix_sign_ups_offered_until"
ASKED = sa.text("offered_until IS NOT NULL")


def upgrade() -> None:
    """Add the column and its index."""
    op.add_column("sign_ups", sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        INDEX, "sign_ups", ["offered_until"], sqlite_where=ASKED, postgresql_where=ASKED
    )


def downgrade() -> None:
    """Drop both; people who were asked wait on."""
    op.drop_index(INDEX, "sign_ups")
    op.drop_column("sign_ups", "offered_until")
