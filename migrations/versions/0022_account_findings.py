"""Findings about who is behind an account.

Staff accounts that name no volunteer still work; the page of accounts lists them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "account_findings"
LINKS = {
    "account_id": "accounts",
    "volunteer_id": "volunteers",
    "other_account_id": "accounts",
    "said_by_id": "accounts",
    "decided_by_id": "accounts",
}


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("finding", sa.String(length=8), nullable=False),
        sa.Column("volunteer_id", ID, nullable=True),
        sa.Column("other_account_id", ID, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "finding IN ('linked', 'nobody', 'another', 'unlinked')",
            name=op.f("ck_account_findings_finding"),
        ),
        sa.CheckConstraint(
            "state IN ('done', 'waiting', 'refused')", name=op.f("ck_account_findings_state")
        ),
        sa.CheckConstraint(
            "state = 'done' OR finding = 'unlinked'",
            name=op.f("ck_account_findings_only_unlinking_waits"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_account_findings_{column}")
            )
            for column, table in LINKS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_findings")),
    )
    for column in ("account_id", "volunteer_id", "other_account_id"):
        op.create_index(f"ix_account_findings_{column}", TABLE, [column])
    op.create_index(
        "uq_account_findings_waiting_account_id",
        TABLE,
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    """Drop the table; the links themselves stay."""
    op.drop_table(TABLE)
