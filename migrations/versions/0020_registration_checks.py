"""Entries for staff to check: a leader's newcomers, and possible duplicates."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "registration_checks"


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "kind IN ('newcomer', 'same_name')", name=op.f("ck_registration_checks_kind")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [target], name=op.f(f"fk_registration_checks_{column}")
            )
            for column, target in (
                ("volunteer_id", "volunteers.id"),
                ("asked_by_id", "accounts.id"),
                ("answered_by_id", "accounts.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_checks")),
    )
    op.create_index(op.f("ix_registration_checks_volunteer_id"), TABLE, ["volunteer_id"])
    op.create_index(
        "uq_registration_checks_open",
        TABLE,
        ["volunteer_id", "kind"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    """Drop the table; the people stay."""
    op.drop_table(TABLE)
