"""Printed sheets of rosters are numbered, and each line is entered once.

Down drops the sheets; what was entered from them are scans like all others.
"""

import sqlalchemy as sa
from alembic import op

revision = "0151"
down_revision = "0158"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "roster_sheets",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("shift_id", ID, nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("printed_by_id", ID, nullable=True),
        _key("roster_sheets", "event_id", "events.id"),
        _key("roster_sheets", "shift_id", "shifts.id"),
        _key("roster_sheets", "printed_by_id", "accounts.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_sheets")),
    )
    op.create_index(op.f("ix_roster_sheets_event_id"), "roster_sheets", ["event_id"])
    op.create_table(
        "roster_lines",
        sa.Column("id", ID, nullable=False),
        sa.Column("sheet_id", ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("sign_up_id", ID, nullable=True),
        sa.Column("came_at", MOMENT, nullable=True),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("entered_at", MOMENT, nullable=True),
        sa.Column("entered_by_id", ID, nullable=True),
        sa.CheckConstraint("left_at >= came_at", name=op.f("ck_roster_lines_order")),
        _key("roster_lines", "sheet_id", "roster_sheets.id"),
        _key("roster_lines", "sign_up_id", "sign_ups.id"),
        _key("roster_lines", "entered_by_id", "accounts.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_lines")),
        sa.UniqueConstraint("sheet_id", "line", name=op.f("uq_roster_lines_sheet_id_line")),
    )
    op.create_index(op.f("ix_roster_lines_sign_up_id"), "roster_lines", ["sign_up_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("roster_lines")
    op.drop_table("roster_sheets")
