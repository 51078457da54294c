"""A round is withdrawn before it counts; what earlier versions typed into a rating is marked.

Down drops withdrawn rounds: an earlier release does not know the state.
"""

import sqlalchemy as sa
from alembic import op

revision = "0121"
down_revision = "0085"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = ("open", "frozen", "draft", "notice", "decided", "final")
NOW = (*BEFORE, "withdrawn")
UNIQUE, COLUMNS = "uq_rounds_area_id_half_year_supplement", ["area_id", "half_year", "supplement"]
COUNTS = sa.text("state <> 'withdrawn'")


def upgrade() -> None:
    """Let rounds be withdrawn, and mark the objections whose facts were typed."""
    if op.get_bind().dialect.name == "sqlite":
        _written_anew(9, NOW, *_added())
    else:
        op.drop_constraint(op.f("ck_rounds_state"), "rounds", type_="check")
        op.drop_constraint(UNIQUE, "rounds", type_="unique")
        op.alter_column("rounds", "state", type_=sa.String(9), existing_type=sa.String(8))
        op.create_check_constraint(op.f("ck_rounds_state"), "rounds", f"state IN {NOW}")
        for column in _added():
            op.add_column("rounds", column)
        name = op.f("fk_rounds_withdrawn_by_id")
        op.create_foreign_key(name, "rounds", "accounts", ["withdrawn_by_id"], ["id"])
    op.create_index(
        UNIQUE, "rounds", COLUMNS, unique=True, sqlite_where=COUNTS, postgresql_where=COUNTS
    )
    # The default stays, because SQLite would have to rewrite the table.
    op.add_column(
        "objections", sa.Column("typed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute("UPDATE objections SET typed = (1 = 1) WHERE state = 'upheld'")


def downgrade() -> None:
    """Drop both, and the rounds that an earlier release does not know."""
    gone = "SELECT id FROM rounds WHERE state = 'withdrawn'"
    results = f"SELECT id FROM round_results WHERE round_id IN ({gone})"  # noqa: S608
    op.execute(f"DELETE FROM objections WHERE result_id IN ({results})")  # noqa: S608
    op.execute(f"DELETE FROM round_results WHERE round_id IN ({gone})")  # noqa: S608
    op.execute("DELETE FROM rounds WHERE state = 'withdrawn'")
    op.drop_column("objections", "typed")
    op.drop_index(UNIQUE, "rounds")
    if op.get_bind().dialect.name == "sqlite":
        _written_anew(8, BEFORE, sa.UniqueConstraint(*COLUMNS, name=UNIQUE))
        return
    op.drop_constraint(op.f("ck_rounds_state"), "rounds", type_="check")
    for column in reversed(_added()):
        op.drop_column("rounds", column.name)
    op.alter_column("rounds", "state", type_=sa.String(8), existing_type=sa.String(9))
    op.create_check_constraint(op.f("ck_rounds_state"), "rounds", f"state IN {BEFORE}")
    op.create_unique_constraint(UNIQUE, "rounds", COLUMNS)


def _added() -> list[sa.Column]:
    return [
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", ID, nullable=True),
        sa.Column("withdrawn_reason", sa.String(200), nullable=True),
    ]


def _written_anew(length: int, states: tuple[str, ...], *more: sa.Column | sa.Constraint) -> None:
    """Rewrite the table on SQLite, which cannot change a constraint.

    Rows of other tables refer to its rows, so foreign keys are checked once all of them are back.
    """
    links = dict.fromkeys(("opened_by_id", "noticed_by_id", "signed_off_by_id"), "accounts.id")
    links |= {"area_id": "areas.id", "policy_version": "policies.version"}
    if any(each.name == "withdrawn_by_id" for each in more):
        links["withdrawn_by_id"] = "accounts.id"
    kept = (
        *("id", "area_id", "half_year", "supplement", "state", "policy_version", "facts_format"),
        *("rules_version", "facts_hash", "final_hash", "reason", "opened_at", "opened_by_id"),
        *("frozen_at", "noticed_at", "notice_ends_on", "signed_off_at", "noticed_by_id"),
        *("signed_off_by_id", "version"),
    )
    named = ", ".join(kept)
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TABLE rounds_kept AS SELECT {named} FROM rounds")  # noqa: S608
    op.drop_table("rounds")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "rounds",
        sa.Column("id", ID, nullable=False),
        sa.Column("area_id", ID, nullable=False),
        sa.Column("half_year", sa.String(6), nullable=False),
        sa.Column("supplement", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length), nullable=False),
        *(sa.Column(each, sa.Integer(), nullable=True) for each in kept[5:8]),
        *(sa.Column(each, sa.String(64), nullable=True) for each in kept[8:10]),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("opened_by_id", ID, nullable=True),
        *(sa.Column(each, moment, nullable=True) for each in ("frozen_at", "noticed_at")),
        sa.Column("notice_ends_on", sa.Date(), nullable=True),
        sa.Column("signed_off_at", moment, nullable=True),
        *(sa.Column(each, ID, nullable=True) for each in kept[17:19]),
        sa.Column("version", sa.Integer(), nullable=False),
        *more,
        sa.CheckConstraint(f"state IN {states}", name=op.f("ck_rounds_state")),
        *(
            sa.ForeignKeyConstraint([name], [to], name=op.f(f"fk_rounds_{name}"))
            for name, to in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.execute(f"INSERT INTO rounds ({named}) SELECT {named} FROM rounds_kept")  # noqa: S608
    op.drop_table("rounds_kept")
