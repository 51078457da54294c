"""Facts of format 2 name the records behind the minutes; an older program cannot read them.

Nothing changes in the tables: rounds that were frozen before keep their format.
"""

import sqlalchemy as sa
from alembic import op

revision = "0135"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing: a round says the format of its facts."""


def downgrade() -> None:
    """Refuse where a round was frozen in the second format."""
    rounds = sa.table("rounds", sa.column("facts_format"))
    later = sa.select(rounds.c.facts_format).where(rounds.c.facts_format > 1).limit(1)
    if op.get_bind().execute(later).first() is not None:
        raise ValueError("rounds.facts_format holds a format that no older program reads")
