"""Changes of published events, stored with the state before; removed shifts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLE = "event_changes"
KINDS = ("edit_shift", "remove_shift", "put_off", "hand_over")


def upgrade() -> None:
    """Make the table; every shift that is there stays in its event."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("format", sa.Integer(), server_default="1", nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", ID, nullable=True),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_event_changes_kind")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_changes_event_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["accounts.id"], name=op.f(f"fk_event_changes_{column}")
            )
            for column in ("account_id", "undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_changes")),
    )
    op.create_index("ix_event_changes_event_id", TABLE, ["event_id"])
    op.add_column("shifts", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop the table, and the removed shifts, to which nobody came."""
    op.execute(
        "DELETE FROM sign_ups WHERE shift_id IN"
        " (SELECT id FROM shifts WHERE removed_at IS NOT NULL)"
    )
    op.execute("DELETE FROM shifts WHERE removed_at IS NOT NULL")
    op.drop_column("shifts", "removed_at")
    op.drop_table(TABLE)
