"""Addresses under which a calendar reads a person's places or a team's events."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "calendar_feeds"
OWNERS = {"volunteer_id": "volunteers.id", "team_id": "teams.id", "account_id": "accounts.id"}


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        *(sa.Column(name, ID, nullable=True) for name in OWNERS),
        sa.Column("secret_key", sa.LargeBinary(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(volunteer_id IS NULL) <> (team_id IS NULL)", name=op.f("ck_calendar_feeds_owner")
        ),
        *(
            sa.ForeignKeyConstraint([name], [of], name=op.f(f"fk_calendar_feeds_{name}"))
            for name, of in OWNERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feeds_secret_hash")),
    )
    for name in ("volunteer_id", "team_id"):
        op.create_index(f"ix_calendar_feeds_{name}", TABLE, [name])


def downgrade() -> None:
    """Drop the table; calendars that read an address find nothing."""
    op.drop_table(TABLE)
