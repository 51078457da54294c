"""Printed volunteer cards, by the hash of their codes."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0049"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "volunteer_cards"
REFERS = {
    "volunteer_id": "volunteers.id",
    "made_by_id": "accounts.id",
    "ended_by_id": "accounts.id",
}
IN_USE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        *(sa.Column(name, ID, nullable=name != "volunteer_id") for name in REFERS),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [of], name=op.f(f"fk_{TABLE}_{name}"))
            for name, of in REFERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("secret_hash", name=op.f(f"uq_{TABLE}_secret_hash")),
    )
    op.create_index(f"ix_{TABLE}_volunteer_id", TABLE, ["volunteer_id"])
    op.create_index(
        f"uq_{TABLE}_in_use_volunteer_id",
        TABLE,
        ["volunteer_id"],
        unique=True,
        sqlite_where=IN_USE,
        postgresql_where=IN_USE,
    )


def downgrade() -> None:
    """Drop it: cards are printed anew."""
    op.drop_table(TABLE)
