"""A post may not serve: people who only take part have no record; earlier posts serve."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "posts", sa.Column("serves", sa.Boolean(), server_default=sa.true(), nullable=False)
    )


def downgrade() -> None:
    """Drop it; presences on such posts stay."""
    op.drop_column("posts", "serves")
