"""Declared household members."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "household_ties",
        sa.Column("id", ID, nullable=False),
        sa.Column("one_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by_id", ID, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_household_ties_in_order")),
        sa.ForeignKeyConstraint(
            ["one_id"], ["volunteers.id"], name=op.f("fk_household_ties_one_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["volunteers.id"], name=op.f("fk_household_ties_other_id")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["accounts.id"], name=op.f("fk_household_ties_declared_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_ties")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_household_ties_one_id_other_id")),
    )
    op.create_index("ix_household_ties_other_id", "household_ties", ["other_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_index("ix_household_ties_other_id", table_name="household_ties")
    op.drop_table("household_ties")
