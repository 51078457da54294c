"""A household says who declared it, whether the other side confirmed it, and what was found untrue.

A declaration through one of the two's own account is theirs; any other is the staff's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENTS = ("confirmed_at", "never_at")
DECLARER = "fk_household_ties_declarer_id"

ties = sa.table(
    "household_ties",
    sa.column("one_id", ID),
    sa.column("other_id", ID),
    sa.column("declared_by_id", ID),
    sa.column("declarer_id", ID),
)
accounts = sa.table("accounts", sa.column("id", ID), sa.column("volunteer_id", ID))


def upgrade() -> None:
    """Add the columns and say which side declared what is there."""
    with op.batch_alter_table("household_ties") as batch:
        batch.add_column(sa.Column("declarer_id", ID, nullable=True))
        for name in MOMENTS:
            batch.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("never_why", sa.String(200), nullable=True))
        batch.create_foreign_key(op.f(DECLARER), "volunteers", ["declarer_id"], ["id"])
    op.create_index("ix_household_ties_declarer_id", "household_ties", ["declarer_id"])
    declarer = (
        sa.select(accounts.c.volunteer_id)
        .where(
            accounts.c.id == ties.c.declared_by_id,
            accounts.c.volunteer_id.in_((ties.c.one_id, ties.c.other_id)),
        )
        .scalar_subquery()
    )
    op.get_bind().execute(ties.update().values(declarer_id=declarer))


def downgrade() -> None:
    """Drop the columns; what was found untrue counts no more than what was taken back."""
    op.drop_index("ix_household_ties_declarer_id", table_name="household_ties")
    with op.batch_alter_table("household_ties") as batch:
        batch.drop_constraint(op.f(DECLARER), type_="foreignkey")
        for name in ("declarer_id", *MOMENTS, "never_why"):
            batch.drop_column(name)
