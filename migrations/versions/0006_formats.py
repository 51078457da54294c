"""Data that are kept for ever state their format: facts and rules of rounds, seals, day sheets,
changes.

All existing data were written in format 1, by the first rules.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: Data without a stated format are of the first.
FIRST = ("seals", "day_sheets", "record_changes")
ROUNDS = ("facts_format", "rules_version")


def upgrade() -> None:
    """Add the columns; a round that was frozen has the first format and the first rules."""
    for table in FIRST:
        op.add_column(table, sa.Column("format", sa.Integer(), nullable=False, server_default="1"))
    for name in ROUNDS:
        op.add_column("rounds", sa.Column(name, sa.Integer(), nullable=True))
    rounds = sa.table("rounds", *(sa.column(name) for name in (*ROUNDS, "policy_version")))
    frozen = rounds.update().where(rounds.c.policy_version.is_not(None))
    op.execute(frozen.values(dict.fromkeys(ROUNDS, 1)))


def downgrade() -> None:
    """Take them away again, unless something was written that older programs cannot read."""
    for table in FIRST:
        _need_first(table, "format")
    for name in ROUNDS:
        _need_first("rounds", name)
    _need_first_policies()
    for name in ROUNDS:
        op.drop_column("rounds", name)
    for table in FIRST:
        op.drop_column(table, "format")


def _need_first(table: str, name: str) -> None:
    kept = sa.table(table, sa.column(name))
    later = sa.select(kept.c[name]).where(kept.c[name] > 1).limit(1)
    if op.get_bind().execute(later).first() is not None:
        raise ValueError(f"{table}.{name} holds a format that no older program reads")


def _need_first_policies() -> None:
    kept = sa.table("policies", sa.column("version"), sa.column("numbers", sa.JSON))
    for version, numbers in op.get_bind().execute(sa.select(kept.c.version, kept.c.numbers)):
        if "format" in numbers:
            raise ValueError(f"policy version {version} is in a format that no older program reads")
