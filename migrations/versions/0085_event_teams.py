"""Teams that run an event together with the one that organises it; every event had one before."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0076"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "event_teams"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f(f"fk_{TABLE}_event_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f(f"fk_{TABLE}_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("event_id", "team_id", name=op.f(f"uq_{TABLE}_event_id_team_id")),
    )
    op.create_index(f"ix_{TABLE}_team_id", TABLE, ["team_id"])


def downgrade() -> None:
    """Drop it: records that were made keep their teams."""
    op.drop_table(TABLE)
