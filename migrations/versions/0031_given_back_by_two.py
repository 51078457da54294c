"""Two admins restore what two took: two more acts for which one admin asks another."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE, NAME = "watcher_requests", "ck_watcher_requests_act"
BEFORE = ("role", "disable", "code", "registration")
NOW = (*BEFORE, "grant", "enable")


def upgrade() -> None:
    """Let a request name the two acts; the requests that there are stay."""
    _hold(NOW)


def downgrade() -> None:
    """Drop the requests of the two acts: an earlier release knows neither them nor their rule."""
    op.execute("DELETE FROM watcher_requests WHERE act IN ('grant', 'enable')")
    _hold(BEFORE)


def _hold(acts: tuple[str, ...]) -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), f"act IN {acts}")
