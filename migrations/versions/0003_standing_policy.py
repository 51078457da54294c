"""Version 1 of the programme's numbers: the standing policy.

Frozen here as it was on the day; ``tests/test_policies.py`` holds it equal to rules.policy.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HASH = "e86643a312d7d1ad61bfdb67efa449d65be8322e441b3036e0745963a3d975aa"
NUMBERS = {
    "version": 1,
    "early_minutes": 30,
    "late_minutes": 15,
    "rounding_minutes": 6,
    "presence_percent": 60,
    "day_cap_minutes": 480,
    "grades_for_stars": ["scanned", "leader", "imported", "backfilled"],
    "grades_for_points": ["scanned", "leader", "imported"],
    "points_per_hour_centi": 100,
    "default_coefficient_centi": 100,
    "points_valid_years": 1,
    "star_minutes": [600, 1200, 2400, 4200, 6600],
    "lifetime_minutes": [6000, 18000, 36000, 60000, 90000],
    "registered_days": 90,
    "complaints_allowed": 0,
    "evaluations_needed": 3,
    "quality_mean_centi": 300,
    "notice_working_days": 5,
    "orders_a_month": 1,
    "pieces_an_order": 2,
    "order_days": 14,
    "no_shows_to_block": 5,
    "no_show_days": 365,
}


def upgrade() -> None:
    """Add version 1, unless a downgrade left it."""
    policies = sa.table(
        "policies",
        sa.column("version", sa.Integer),
        sa.column("numbers", sa.JSON),
        sa.column("hash", sa.String),
        sa.column("reason", sa.String),
        sa.column("at", sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    if connection.execute(sa.select(policies.c.version)).first() is None:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        row = {
            "version": 1,
            "numbers": NUMBERS,
            "hash": HASH,
            "reason": "standing policy",
            "at": at,
        }
        connection.execute(policies.insert().values(row))


def downgrade() -> None:
    """Leave it: policies are append-only, and 0001 takes the table."""
