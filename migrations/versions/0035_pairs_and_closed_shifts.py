"""A person goes in and out of a shift several times; each shift is closed by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

OLD = "uq_attendances_sign_up_id"
INSIDE, OF_PLACE = "uq_attendances_inside_sign_up_id", "ix_attendances_sign_up_id"
_IS_INSIDE = sa.text("checked_out_at IS NULL")


def upgrade() -> None:
    """Let a place have several pairs; the shifts of closed events are closed as those are."""
    with op.batch_alter_table("attendances") as batch:
        batch.drop_constraint(OLD, type_="unique")
    op.create_index(OF_PLACE, "attendances", ["sign_up_id"])
    op.create_index(
        INSIDE,
        "attendances",
        ["sign_up_id"],
        unique=True,
        sqlite_where=_IS_INSIDE,
        postgresql_where=_IS_INSIDE,
    )
    for name in ("closed_at", "open_until"):
        op.add_column("shifts", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE shifts SET closed_at = (SELECT e.closed_at FROM events e"
        " WHERE e.id = shifts.event_id AND e.state = 'closed')"
    )
    since = sa.Column("no_shows_from", sa.DateTime(timezone=True), nullable=True)
    op.add_column("volunteers", since)


def downgrade() -> None:
    """Join several pairs into one, from the first entry to the last exit; close half-closed events.

    The older program closes an event whole, and would make the records of a half-closed one twice.
    """
    op.execute(
        "UPDATE events SET state = 'closed', closed_at = (SELECT MAX(s.closed_at) FROM shifts s"
        " WHERE s.event_id = events.id) WHERE state = 'published' AND EXISTS"
        " (SELECT 1 FROM shifts s WHERE s.event_id = events.id AND s.closed_at IS NOT NULL)"
    )
    op.drop_index(INSIDE, table_name="attendances")
    op.execute(
        "UPDATE attendances SET checked_out_at = (SELECT"
        " CASE WHEN COUNT(*) > COUNT(o.checked_out_at) THEN NULL ELSE MAX(o.checked_out_at) END"
        " FROM attendances o"
        " WHERE o.sign_up_id = attendances.sign_up_id), grade = (SELECT MIN(o.grade)"
        " FROM attendances o WHERE o.sign_up_id = attendances.sign_up_id)"
        " WHERE id IN (SELECT MIN(o.id) FROM attendances o GROUP BY o.sign_up_id"
        " HAVING COUNT(*) > 1)"
    )
    op.execute(
        "DELETE FROM attendances WHERE id NOT IN"
        " (SELECT MIN(o.id) FROM attendances o GROUP BY o.sign_up_id)"
    )
    op.drop_index(OF_PLACE, table_name="attendances")
    with op.batch_alter_table("attendances") as batch:
        batch.create_unique_constraint(OLD, ["sign_up_id"])
    op.drop_column("volunteers", "no_shows_from")
    for name in ("open_until", "closed_at"):
        op.drop_column("shifts", name)
