"""The papers behind hand-entered sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "sheet_papers"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("sheet_key", sa.String(length=32), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["accounts.id"], name=op.f("fk_sheet_papers_added_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_papers")),
        sa.UniqueConstraint("sheet_key", "sha256", name=op.f("uq_sheet_papers_sheet_key_sha256")),
    )


def downgrade() -> None:
    """Drop the table and the pages in it; the records stay."""
    op.drop_table(TABLE)
