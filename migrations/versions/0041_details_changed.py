"""Changes of a person's day of registration and details, in format 2 of changes."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE, NAME = "person_changes", "ck_person_changes_field"
OLD = ("phone", "name", "identity", "born_on", "sex", "home", "guardian", "consent")
NEW = (*OLD, "registered", "party", "employer", "skills", "remark")


def upgrade() -> None:
    """Allow the new fields."""
    _allow(NEW)


def downgrade() -> None:
    """Go back, unless a change is kept that the older program cannot read."""
    for table in (TABLE, "import_changes"):
        newer = sa.text(f"SELECT COUNT(*) FROM {table} WHERE format > 1")  # noqa: S608
        if op.get_bind().scalar(newer):
            raise RuntimeError(f"{table} holds a format that no older program reads")
    _allow(OLD)


def _allow(fields: tuple[str, ...]) -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), f"field IN {fields}")
