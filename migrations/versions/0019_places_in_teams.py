"""A place in a team may begin on a day ahead; a leader's role may be a deputy's.

Going down, a place that has not begun is none, and deputies are leaders.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STATE = "ck_memberships_state"


def upgrade() -> None:
    """Let places begin later and leaders be deputies; everybody is as they were."""
    _states("('asked', 'coming', 'active', 'left')")
    op.add_column(
        "grants",
        sa.Column("is_deputy", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Take both back."""
    op.execute("UPDATE memberships SET state = 'left', left_at = joined_at WHERE state = 'coming'")
    op.drop_column("grants", "is_deputy")
    _states("('asked', 'active', 'left')")


def _states(states: str) -> None:
    with op.batch_alter_table("memberships") as batch:
        batch.drop_constraint(op.f(STATE), type_="check")
        batch.create_check_constraint(op.f(STATE), f"state IN {states}")
