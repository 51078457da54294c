"""Acts on many rows of a list: a batch under one number, and how each of its rows stands."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_STATES = ("judging", "judged", "running", "done", "undoing", "undone", "stopped")
_ROW_STATES = ("open", "fit", "unfit", "done", "refused", "undone", "kept")


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "batches",
        sa.Column("id", ID, nullable=False),
        sa.Column("list_name", sa.String(32), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"state IN {_STATES}", name=op.f("ck_batches_state")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_batches_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_account_id"), "batches", ["account_id"])
    op.create_table(
        "batch_rows",
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("row_id", ID, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column("trouble", JSON, nullable=True),
        sa.Column("made_id", ID, nullable=True),
        sa.CheckConstraint(f"state IN {_ROW_STATES}", name=op.f("ck_batch_rows_state")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_batch_rows_batch_id_batches")
        ),
        sa.PrimaryKeyConstraint("batch_id", "row_id", name=op.f("pk_batch_rows")),
    )


def downgrade() -> None:
    """Drop both; what the batches did stays."""
    op.drop_table("batch_rows")
    op.drop_table("batches")
