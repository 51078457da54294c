"""A version of the policy holds for a place from a half-year, and its daily numbers from a day.

Earlier versions held for everybody from the moment they were added: they rate the half-year of that
day and later ones.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0125"
down_revision = "0104"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "policy_terms"
STATES = ("proposed", "active", "refused")
FIRST = date(1900, 1, 1)


def upgrade() -> None:
    """Make the table; each earlier version is active in it."""
    op.create_table(
        TABLE,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_id", ID, nullable=True),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("half_year", sa.String(length=6), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("has_begun", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_policy_terms_state")),
        sa.ForeignKeyConstraint(
            ["version"], ["policies.version"], name=op.f("fk_policy_terms_version")
        ),
        sa.ForeignKeyConstraint(
            ["based_on"], ["policies.version"], name=op.f("fk_policy_terms_based_on")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_policy_terms_area_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_policy_terms_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_terms")),
    )
    _carry_over(op.get_bind())


def downgrade() -> None:
    """Drop it; refused where a version does not hold for everybody at once."""
    others = sa.text(
        "SELECT count(*) FROM policy_terms WHERE area_id IS NOT NULL OR state <> 'active'"
    )
    if count := op.get_bind().scalar(others):
        raise RuntimeError(f"policies of areas, or not in force, are kept ({count})")
    op.drop_table(TABLE)


def _carry_over(connection: sa.Connection) -> None:
    instant = sa.DateTime(timezone=True)
    policies = sa.table("policies", sa.column("version", sa.Integer), sa.column("at", instant))
    terms = sa.table(
        TABLE,
        *(sa.column(name) for name in ("version", "half_year", "state", "has_begun")),
        sa.column("from_on", sa.Date),
        sa.column("decided_at", instant),
    )
    rows = connection.execute(sa.select(policies.c.version, policies.c.at)).all()
    for version, at in rows:
        day = FIRST if version == 1 else _local_day(at)
        connection.execute(
            sa.insert(terms).values(
                version=version,
                half_year=f"{day.year}H{1 if day.month <= 6 else 2}",
                from_on=day,
                state="active",
                has_begun=True,
                decided_at=at,
            )
        )


def _local_day(at: datetime) -> date:
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(current_app.extensions["settings"].zone).date()
