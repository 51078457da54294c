"""Who printed which paper when, and why a second time; an export may be a file of papers."""

import sqlalchemy as sa
from alembic import op

revision = "0158"
down_revision = "0157"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KIND = "ck_list_exports_kind"


def upgrade() -> None:
    """Create the log; nothing is known of prints before it."""
    op.create_table(
        "certificate_prints",
        sa.Column("id", ID, nullable=False),
        sa.Column("certificate_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(120), nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_prints_certificate_id_certificates"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_certificate_prints_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_prints")),
    )
    op.create_index(
        op.f("ix_certificate_prints_certificate_id"), "certificate_prints", ["certificate_id"]
    )
    _kinds("kind IN ('xlsx', 'csv', 'pdf')")


def downgrade() -> None:
    """Drop the log; files of papers are made anew from the list."""
    op.execute("DELETE FROM list_exports WHERE kind = 'pdf'")
    _kinds("kind IN ('xlsx', 'csv')")
    op.drop_table("certificate_prints")


def _kinds(check: str) -> None:
    with op.batch_alter_table("list_exports") as table:
        table.drop_constraint(op.f(KIND), type_="check")
        table.create_check_constraint(op.f(KIND), check)
