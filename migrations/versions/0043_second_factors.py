"""Staff sign in with a second factor; two admins remove a lost one; a device may be trusted."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE, NAME = "watcher_requests", "ck_watcher_requests_act"
BEFORE = ("role", "disable", "code", "registration", "grant", "enable")
NOW = (*BEFORE, "factor")


def upgrade() -> None:
    """Make both tables; requests may name the new act, devices an end of trust."""
    op.create_table(
        "second_factors",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("pending", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_second_factors_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("code_hash", sa.String(128), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"])
    until = sa.Column("trusted_until", sa.DateTime(timezone=True), nullable=True)
    op.add_column("devices", until)
    _hold(NOW)


def downgrade() -> None:
    """Drop both; an earlier release asks for the password alone and does not know the act."""
    op.execute("DELETE FROM watcher_requests WHERE act = 'factor'")
    _hold(BEFORE)
    op.drop_column("devices", "trusted_until")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")


def _hold(acts: tuple[str, ...]) -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), f"act IN {acts}")
