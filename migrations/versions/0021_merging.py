"""Merging two entries of one person: what was merged, what it moved, which points it passed on.

Down refuses while an entry is merged: an older program would take both entries for two people.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STATES = "'waiting', 'done', 'refused', 'undone'"
STANDING = sa.text("state IN ('waiting', 'done')")


def upgrade() -> None:
    """Make the column and the tables."""
    op.add_column("volunteers", sa.Column("merged_into_id", ID, nullable=True))
    op.create_index("ix_volunteers_merged_into_id", "volunteers", ["merged_into_id"])
    _mergings()
    _moves()
    _passings()


def downgrade() -> None:
    """Drop them, where no entry is merged."""
    merged = sa.text("SELECT COUNT(*) FROM volunteers WHERE merged_into_id IS NOT NULL")
    if op.get_bind().scalar(merged):
        raise ValueError("entries of people are merged, which no older version knows")
    op.drop_table("points_passings")
    op.drop_table("merging_moves")
    op.drop_table("mergings")
    op.drop_index("ix_volunteers_merged_into_id", table_name="volunteers")
    op.drop_column("volunteers", "merged_into_id")


def _instant(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in targets.items()
    ]


def _mergings() -> None:
    table = "mergings"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("kept_id", ID, nullable=False),
        sa.Column("merged_id", ID, nullable=False),
        sa.Column("taken", JSON, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        _instant("asked_at", nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        _instant("decided_at"),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        _instant("done_at"),
        _instant("undone_at"),
        sa.Column("undone_by_id", ID, nullable=True),
        sa.Column("undo_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_mergings_state")),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_mergings_two_entries")),
        *_keys(
            table,
            kept_id="volunteers",
            merged_id="volunteers",
            asked_by_id="accounts",
            decided_by_id="accounts",
            undone_by_id="accounts",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mergings")),
    )
    op.create_index("ix_mergings_kept_id", table, ["kept_id"])
    op.create_index("ix_mergings_merged_id", table, ["merged_id"])
    op.create_index(
        "uq_mergings_standing_merged_id",
        table,
        ["merged_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _moves() -> None:
    table = "merging_moves"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("merging_id", ID, nullable=False),
        sa.Column("table_name", sa.String(length=30), nullable=False),
        sa.Column("row_id", ID, nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("stood", JSON, nullable=False),
        *_keys(table, merging_id="mergings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merging_moves")),
    )
    op.create_index("ix_merging_moves_merging_id", table, ["merging_id"])


def _passings() -> None:
    table = "points_passings"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("giver_id", ID, nullable=False),
        sa.Column("taker_id", ID, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("hold_id", ID, nullable=True),
        sa.Column("merging_id", ID, nullable=False),
        _instant("at", nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_points_passings_amount")),
        *_keys(
            table,
            giver_id="points_accounts",
            taker_id="points_accounts",
            hold_id="holds",
            merging_id="mergings",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_passings")),
    )
    for column in ("giver_id", "taker_id", "merging_id"):
        op.create_index(f"ix_points_passings_{column}", table, [column])
