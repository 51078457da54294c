"""Exports of lists that are written beside a request."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0072"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "('running', 'done', 'cancelled', 'failed', 'expired')"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "list_exports",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("list_name", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_list_exports_state")),
        sa.CheckConstraint("kind IN ('xlsx', 'csv')", name=op.f("ck_list_exports_kind")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_list_exports_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_exports")),
    )
    op.create_index(op.f("ix_list_exports_account_id"), "list_exports", ["account_id"])


def downgrade() -> None:
    """Drop it; running exports end, and their files are deleted as unknown ones."""
    op.drop_table("list_exports")
