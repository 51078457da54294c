"""The robot of a team's group chat."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "team_robots",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_team_robots_team_id_teams")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_robots")),
        sa.UniqueConstraint("team_id", name=op.f("uq_team_robots_team_id")),
    )


def downgrade() -> None:
    """Drop the table: groups are told nothing any more."""
    op.drop_table("team_robots")
