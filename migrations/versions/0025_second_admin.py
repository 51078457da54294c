"""Requests of one admin about another or an auditor; households declared by staff that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "watcher_requests"
ACTS = ("role", "disable", "code", "registration")


def upgrade() -> None:
    """Make the table; the households that are declared count as they did."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", ID, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", ID, nullable=True),
        sa.CheckConstraint(f"act IN {ACTS}", name=op.f("ck_watcher_requests_act")),
        *(
            sa.ForeignKeyConstraint(
                [column], ["accounts.id"], name=op.f(f"fk_watcher_requests_{column}")
            )
            for column in ("account_id", "asked_by_id", "ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watcher_requests")),
    )
    op.create_index("ix_watcher_requests_account_id", TABLE, ["account_id"])
    pending = sa.Column("is_pending", sa.Boolean(), nullable=False, server_default=sa.false())
    with op.batch_alter_table("household_ties") as batch:
        batch.add_column(pending)
    with op.batch_alter_table("household_ties") as batch:
        batch.alter_column("is_pending", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    """Drop the table; a household that waits for its confirmation ends, because it never
    counted.
    """
    op.execute(
        "UPDATE household_ties SET never_at = declared_at, never_why = '没有人确认',"
        " ended_at = COALESCE(ended_at, declared_at) WHERE is_pending"
    )
    with op.batch_alter_table("household_ties") as batch:
        batch.drop_column("is_pending")
    op.drop_table(TABLE)
