"""Requested swaps of places on a rota."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0081"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "shift_swaps"
ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("sign_up_id", ID, nullable=False),
        sa.Column("wanted_id", ID, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'agreed', 'declined', 'taken_back')",
            name=op.f(f"ck_{TABLE}_state"),
        ),
        sa.CheckConstraint(
            "wanted_id IS NULL OR wanted_id != sign_up_id", name=op.f(f"ck_{TABLE}_two_places")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["sign_ups.id"], name=op.f(f"fk_{TABLE}_{name}"))
            for name in ("sign_up_id", "wanted_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    for name in ("sign_up_id", "wanted_id"):
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [name])
    op.create_index(
        f"uq_{TABLE}_asked_sign_up_id",
        TABLE,
        ["sign_up_id"],
        unique=True,
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )


def downgrade() -> None:
    """Drop it: places stay as they were exchanged."""
    op.drop_table(TABLE)
