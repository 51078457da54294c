"""Areas are closed and have a contact; no two sub-districts have one name.

Down drops contacts and closings. Of two sub-districts with one name the younger gets its number
behind the name, so that the index can be made.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INDEX = "uq_areas_street_name"
COLUMNS = (
    ("closed_at", sa.DateTime(timezone=True)),
    ("address", sa.String(120)),
    ("opening_hours", sa.String(120)),
    ("phone", sa.String(40)),
)

areas = sa.table(
    "areas",
    sa.column("id", sa.BigInteger),
    sa.column("parent_id", sa.BigInteger),
    sa.column("name", sa.String),
)


def upgrade() -> None:
    """Add the columns and the index."""
    for name, kind in COLUMNS:
        op.add_column("areas", sa.Column(name, kind, nullable=True))
    _tell_apart()
    op.create_index(
        INDEX,
        "areas",
        ["name"],
        unique=True,
        sqlite_where=sa.text("parent_id IS NULL"),
        postgresql_where=sa.text("parent_id IS NULL"),
    )


def downgrade() -> None:
    """Drop them; names that were told apart stay."""
    op.drop_index(INDEX, "areas")
    for name, _kind in reversed(COLUMNS):
        op.drop_column("areas", name)


def _tell_apart() -> None:
    streets = sa.select(areas.c.id, areas.c.name).where(areas.c.parent_id.is_(None))
    rows = op.get_bind().execute(streets.order_by(areas.c.id)).all()
    names = {row.name for row in rows}
    taken: set[str] = set()
    for row in rows:
        if row.name in taken:
            name = _free(row.name, row.id, names)
            op.execute(areas.update().where(areas.c.id == row.id).values(name=name))
            names.add(name)
        taken.add(row.name)


def _free(name: str, number: int, names: set[str]) -> str:
    tail = f"（{number}）"
    while f"{name[: 60 - len(tail)]}{tail}" in names:
        tail = f"{tail}（{number}）"
    return f"{name[: 60 - len(tail)]}{tail}"
