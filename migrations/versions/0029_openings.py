"""Opening balances: their tables, and a kind of transfer for the points among them.

On SQLite the CHECK of the ledger is changed in the stored schema, as SQLite's own manual says for
changes that touch no row: the table has append-only triggers, others refer to it, and it is long.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CHECK = "ck_transfers_kind"
BEFORE = "kind IN ('earn', 'reverse', 'redeem', 'expire', 'adjust', 'debt', 'repay', 'waive')"
SINCE = (
    "kind IN ('earn', 'opening', 'reverse', 'redeem', 'expire', 'adjust', 'debt', 'repay', 'waive')"
)

ONCE = {
    "opening_points": "expires_on",
    "opening_hours": "year",
    "opening_stars": "half_year",
    "opening_papers": None,
}


def upgrade() -> None:
    """Make the tables; the ledger takes transfers of kind ``opening``."""
    _make(
        "opening_points",
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_opening_points_amount")),
        sqlite_autoincrement=True,
    )
    _make(
        "opening_hours",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            f"minutes BETWEEN 1 AND {366 * 24 * 60}", name=op.f("ck_opening_hours_minutes")
        ),
    )
    _make(
        "opening_stars",
        sa.Column("half_year", sa.String(length=6), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_opening_stars_stars")),
    )
    _make(
        "opening_papers",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("compared", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("compared", name=op.f("uq_opening_papers_compared")),
    )
    op.create_index("ix_opening_papers_volunteer_id", "opening_papers", ["volunteer_id"])
    _kinds(BEFORE, SINCE)


def downgrade() -> None:
    """Drop the tables, where nothing was ever taken over: an older program cannot say it."""
    connection = op.get_bind()
    for rows in (*ONCE, "transfers WHERE kind = 'opening'"):
        if connection.scalar(sa.text(f"SELECT count(*) FROM {rows}")):  # noqa: S608
            raise RuntimeError(f"opening balances are kept ({rows}): this migration stays up")
    _kinds(SINCE, BEFORE)
    for table in ONCE:
        op.drop_table(table)


def _make(table: str, *own: sa.schema.SchemaItem, **options: bool) -> None:
    once = ONCE[table]
    keys = (
        [sa.UniqueConstraint("volunteer_id", once, name=op.f(f"uq_{table}_volunteer_id_{once}"))]
        if once
        else []
    )
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        *own,
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f(f"fk_{table}_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *keys,
        **options,
    )
    op.create_index(f"ix_{table}_import_id", table, ["import_id"])


def _kinds(old: str, new: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(CHECK), "transfers", type_="check")
        op.create_check_constraint(op.f(CHECK), "transfers", new)
        return
    connection = op.get_bind()
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :old, :new)"
            " WHERE type = 'table' AND name = 'transfers' AND instr(sql, :old) > 0"
        ),
        {"old": old, "new": new},
    )
    if changed.rowcount != 1:
        raise RuntimeError("the ledger's table is not as the migrations made it")
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")
