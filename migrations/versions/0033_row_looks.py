"""Whether hidden and struck-through rows of an import are taken, and a street's answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLE, NAME = "sheet_meanings", "ck_sheet_meanings_about"
BEFORE = ("sheet", "column", "profile")
NOW = (*BEFORE, "rows")


def upgrade() -> None:
    """Add the column; earlier imports have no answer."""
    op.add_column("imports", sa.Column("row_looks", JSON, nullable=True))
    _hold(NOW)


def downgrade() -> None:
    """Drop the answers about such rows; the earlier release takes them all."""
    op.execute("DELETE FROM sheet_meanings WHERE about = 'rows'")
    _hold(BEFORE)
    op.drop_column("imports", "row_looks")


def _hold(abouts: tuple[str, ...]) -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), f"about IN {abouts}")
