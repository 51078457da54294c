"""Corrections of decided records by staff."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "record_corrections"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("was", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'refused')", name=op.f("ck_record_corrections_state")
        ),
        sa.CheckConstraint("minutes >= 0 AND was >= 0", name=op.f("ck_record_corrections_minutes")),
        *(
            sa.ForeignKeyConstraint(
                [column], [target], name=op.f(f"fk_record_corrections_{column}")
            )
            for column, target in (
                ("record_id", "service_records.id"),
                ("asked_by_id", "accounts.id"),
                ("decided_by_id", "accounts.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_corrections")),
    )
    op.create_index("ix_record_corrections_record_id", TABLE, ["record_id"])
    op.create_index(
        "uq_record_corrections_waiting_record_id",
        TABLE,
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    """Drop the table; the changes of the records stay."""
    op.drop_table(TABLE)
