"""Whether names of areas that look alike are one place, and a street's answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0100"
down_revision = "0087"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLE, NAME = "sheet_meanings", "ck_sheet_meanings_about"
BEFORE = ("sheet", "column", "profile", "rows")
NOW = (*BEFORE, "places")


def upgrade() -> None:
    """Add the column; earlier imports have no answer."""
    op.add_column("imports", sa.Column("alike_areas", JSON, nullable=True))
    _hold(NOW)


def downgrade() -> None:
    """Drop the answers about such names; the earlier release takes each for a place."""
    op.execute("DELETE FROM sheet_meanings WHERE about = 'places'")
    _hold(BEFORE)
    op.drop_column("imports", "alike_areas")


def _hold(abouts: tuple[str, ...]) -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), f"about IN {abouts}")
