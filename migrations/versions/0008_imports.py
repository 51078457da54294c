"""The totals of an import are shown before it is applied; a second person decides."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
BEFORE = ("reading", "previewed", "applying", "applied", "undone", "failed")
STATES = ("reading", "previewed", "asked", "applying", "applied", "refused", "undone", "failed")
NEW = (
    *("figures", "records", "concerned", "largest", "shown"),
    *("asked_by_id", "asked_at", "decided_by_id", "decided_at", "answer"),
)


def upgrade() -> None:
    """Add the figures and who decided; old imports get theirs from their records, the journal."""
    _set_aside()
    with op.batch_alter_table("imports") as batch:
        for name, kind in (("figures", JSON), ("concerned", JSON)):
            batch.add_column(sa.Column(name, kind, nullable=False, server_default="{}"))
        batch.add_column(sa.Column("records", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("largest", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("shown", sa.String(length=43), nullable=True))
        for name in ("asked", "decided"):
            batch.add_column(sa.Column(f"{name}_by_id", ID, nullable=True))
            batch.add_column(sa.Column(f"{name}_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("answer", sa.String(length=200), nullable=True))
        _states(batch, STATES)
    with op.batch_alter_table("imports") as batch:
        for name in ("figures", "concerned", "records"):
            batch.alter_column(name, server_default=None)
    _put_back()
    op.execute(
        "UPDATE imports SET decided_at = applied_at, records = (SELECT count(*)"
        " FROM service_records WHERE service_records.import_id = imports.id),"
        " decided_by_id = (SELECT min(account_id) FROM journal WHERE verb = 'imports.apply'"
        " AND subject_type = 'imports' AND subject_id = imports.id) WHERE state = 'applied'"
    )


def downgrade() -> None:
    """What waits for a second person is a preview again; what was refused was never applied."""
    op.execute("UPDATE imports SET state = 'previewed' WHERE state = 'asked'")
    op.execute(
        "UPDATE imports SET state = 'undone', undone_at = decided_at WHERE state = 'refused'"
    )
    _set_aside()
    with op.batch_alter_table("imports") as batch:
        _states(batch, BEFORE)
        for name in NEW:
            batch.drop_column(name)
    _put_back()


def _states(batch: BatchOperations, states: tuple[str, ...]) -> None:
    batch.drop_constraint(op.f("ck_imports_state"), type_="check")
    batch.create_check_constraint(op.f("ck_imports_state"), f"state IN {states}")


def _set_aside() -> None:
    """Set refused rows aside, because SQLite rewrites the table to which they refer."""
    if _is_sqlite():
        op.execute("CREATE TEMPORARY TABLE aside AS SELECT * FROM refused_rows")
        op.execute("DELETE FROM refused_rows")


def _put_back() -> None:
    if _is_sqlite():
        op.execute("INSERT INTO refused_rows SELECT * FROM aside")
        op.execute("DROP TABLE aside")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
