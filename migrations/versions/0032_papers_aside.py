"""Pages of paper sheets that nobody entered are counted and dropped: an index for it."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NAME = "ix_sheet_papers_added_by_id_added_at"


def upgrade() -> None:
    """Make the index."""
    op.create_index(NAME, "sheet_papers", ["added_by_id", "added_at", "sheet_key"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index(NAME, table_name="sheet_papers")
