"""A team can be merged into another one; the moved rows are kept, so that the merging can be
undone.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0104"
down_revision = "0124"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
AT = sa.DateTime(timezone=True)
STANDS = sa.text("state = 'done'")


def upgrade() -> None:
    """Add the column and both tables."""
    op.add_column("teams", sa.Column("merged_into_id", ID, nullable=True))
    op.create_index(op.f("ix_teams_merged_into_id"), "teams", ["merged_into_id"])
    op.create_table(
        "team_mergings",
        sa.Column("id", ID, primary_key=True),
        *(
            sa.Column(
                f"{name}_id",
                ID,
                sa.ForeignKey("teams.id", name=op.f(f"fk_team_mergings_{name}_id")),
                nullable=False,
            )
            for name in ("kept", "merged")
        ),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("state", sa.String(6), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("grant_ids", JSON, nullable=False),
        sa.Column("done_at", AT, nullable=False),
        sa.Column(
            "done_by_id", ID, sa.ForeignKey("accounts.id", name=op.f("fk_team_mergings_done_by_id"))
        ),
        sa.Column("undone_at", AT),
        sa.Column(
            "undone_by_id",
            ID,
            sa.ForeignKey("accounts.id", name=op.f("fk_team_mergings_undone_by_id")),
        ),
        sa.Column("undo_reason", sa.String(200)),
        sa.CheckConstraint("state IN ('done', 'undone')", name=op.f("ck_team_mergings_state")),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_team_mergings_two_teams")),
    )
    for name in ("kept_id", "merged_id"):
        op.create_index(op.f(f"ix_team_mergings_{name}"), "team_mergings", [name])
    op.create_index(
        "uq_team_mergings_standing_merged_id",
        "team_mergings",
        ["merged_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    op.create_table(
        "team_merging_moves",
        sa.Column("id", ID, primary_key=True),
        sa.Column(
            "merging_id",
            ID,
            sa.ForeignKey("team_mergings.id", name=op.f("fk_team_merging_moves_merging_id")),
            nullable=False,
        ),
        sa.Column("table_name", sa.String(30), nullable=False),
        sa.Column("row_id", ID, nullable=False),
        *(sa.Column(name, JSON, nullable=False) for name in ("before", "after", "stood")),
    )
    op.create_index(op.f("ix_team_merging_moves_merging_id"), "team_merging_moves", ["merging_id"])


def downgrade() -> None:
    """Drop them; a merged team stays closed."""
    op.drop_table("team_merging_moves")
    op.drop_table("team_mergings")
    op.drop_index(op.f("ix_teams_merged_into_id"), "teams")
    op.drop_column("teams", "merged_into_id")
