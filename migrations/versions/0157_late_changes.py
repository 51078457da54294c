"""A final round keeps whose facts of now would give another star or other hours."""

import sqlalchemy as sa
from alembic import op

revision = "0157"
down_revision = "0135"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table, empty until the first night's count."""
    op.add_column("rounds", sa.Column("late_counted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "late_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("result_id", ID, nullable=True),
        sa.Column("stars_before", sa.Integer(), nullable=False),
        sa.Column("stars_now", sa.Integer(), nullable=False),
        sa.Column("minutes_before", sa.Integer(), nullable=False),
        sa.Column("minutes_now", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_late_changes_round_id_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_late_changes_volunteer_id_volunteers"),
        ),
        sa.ForeignKeyConstraint(
            ["result_id"],
            ["round_results.id"],
            name=op.f("fk_late_changes_result_id_round_results"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_changes")),
        sa.UniqueConstraint(
            "round_id", "volunteer_id", name=op.f("uq_late_changes_round_id_volunteer_id")
        ),
    )
    op.create_index(op.f("ix_late_changes_volunteer_id"), "late_changes", ["volunteer_id"])
    op.create_index(op.f("ix_late_changes_result_id"), "late_changes", ["result_id"])


def downgrade() -> None:
    """Drop both; the next count after another upgrade fills them again."""
    op.drop_table("late_changes")
    op.drop_column("rounds", "late_counted_at")
