"""Photos of claims; there were none before."""

import sqlalchemy as sa
from alembic import op

revision = "0109"
down_revision = "0113"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "claim_photos"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f(f"fk_{TABLE}_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("record_id", "sha256", name=op.f(f"uq_{TABLE}_record_id_sha256")),
    )


def downgrade() -> None:
    """Drop the table and the photos in it."""
    op.drop_table(TABLE)
