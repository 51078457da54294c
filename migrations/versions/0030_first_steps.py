"""Which first steps of a street somebody set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "steps_aside"


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        TABLE,
        sa.Column("area_id", ID, nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_steps_aside_area_id")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_steps_aside_account_id")
        ),
        sa.PrimaryKeyConstraint("area_id", "step", name=op.f("pk_steps_aside")),
    )


def downgrade() -> None:
    """Drop the table; the list appears again for people who set it aside."""
    op.drop_table(TABLE)
