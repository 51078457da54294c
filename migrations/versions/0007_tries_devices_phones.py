"""Wrong tries are counted for all workers; devices that an account knows; confirmed phones.

An earlier lock (five failures) becomes a count of the account. Of several people with one phone the
first registered keeps it confirmed; the others are confirmed face to face.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, move the counts, confirm the phones of those who had them first."""
    op.create_table(
        "devices",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_devices_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint(
            "account_id", "browser_hash", name=op.f("uq_devices_account_id_browser_hash")
        ),
    )
    op.create_index(op.f("ix_devices_browser_hash"), "devices", ["browser_hash"])
    op.create_table(
        "sign_in_tries",
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_tries")),
    )
    op.execute(
        "INSERT INTO sign_in_tries (key, failures, failed_at) "
        "SELECT 'account:' || id, "
        "CASE WHEN locked_until IS NULL THEN failed_sign_ins ELSE 5 END, "
        "COALESCE(locked_until, CURRENT_TIMESTAMP) FROM accounts "
        "WHERE failed_sign_ins > 0 OR locked_until IS NOT NULL"
    )
    op.drop_column("accounts", "failed_sign_ins")
    op.drop_column("accounts", "locked_until")
    op.add_column(
        "volunteers", sa.Column("phone_confirmed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("volunteers", sa.Column("phone_confirmed_by", ID, nullable=True))
    op.execute(
        "UPDATE volunteers SET phone_confirmed_at = created_at WHERE phone_key IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM volunteers AS earlier WHERE "
        "earlier.phone_key = volunteers.phone_key AND earlier.id < volunteers.id "
        "AND earlier.state <> 'disowned')"
    )


def downgrade() -> None:
    """Drop them; counts go back to the accounts."""
    op.drop_column("volunteers", "phone_confirmed_by")
    op.drop_column("volunteers", "phone_confirmed_at")
    op.add_column("accounts", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "accounts",
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    op.execute(
        "UPDATE accounts SET failed_sign_ins = (SELECT CASE WHEN failures < 5 "
        "THEN failures ELSE 4 END FROM sign_in_tries "
        "WHERE key = 'account:' || accounts.id) "
        "WHERE EXISTS (SELECT 1 FROM sign_in_tries WHERE key = 'account:' || accounts.id)"
    )
    op.drop_table("sign_in_tries")
    op.drop_index(op.f("ix_devices_browser_hash"), table_name="devices")
    op.drop_table("devices")
