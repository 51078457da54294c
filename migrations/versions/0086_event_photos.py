"""Photos of events; there were none before."""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0121"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "event_photos"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=True),
        sa.Column("thumb", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(length=80), nullable=True),
        sa.Column("consent", sa.String(length=6), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", ID, nullable=False),
        sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.CheckConstraint("consent IN ('asked', 'nobody')", name=op.f(f"ck_{TABLE}_consent")),
        sa.CheckConstraint(
            "(taken_down_at IS NULL) = (jpeg IS NOT NULL)", name=op.f(f"ck_{TABLE}_erased")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f(f"fk_{TABLE}_event_id")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["accounts.id"], name=op.f(f"fk_{TABLE}_added_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("event_id", "sha256", name=op.f(f"uq_{TABLE}_event_id_sha256")),
    )


def downgrade() -> None:
    """Drop the table and the photos in it."""
    op.drop_table(TABLE)
