"""A message is to a person or to an account of staff without one."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ONE_READER = "ck_messages_one_reader"
READER = "fk_messages_account_id"

messages = sa.table("messages", sa.column("volunteer_id", ID), sa.column("account_id", ID))
accounts = sa.table("accounts", sa.column("id", ID), sa.column("volunteer_id", ID))


def upgrade() -> None:
    """Let an account be the reader; what is there stays its person's."""
    with op.batch_alter_table("messages") as batch:
        batch.alter_column("volunteer_id", existing_type=ID, nullable=True)
        batch.add_column(sa.Column("account_id", ID, nullable=True))
        batch.create_foreign_key(op.f(READER), "accounts", ["account_id"], ["id"])
        batch.create_check_constraint(
            op.f(ONE_READER), "(volunteer_id IS NULL) <> (account_id IS NULL)"
        )
    op.create_index("ix_messages_account_id_id", "messages", ["account_id", "id"])


def downgrade() -> None:
    """Give an account's messages to the person behind it; delete those of an account without
    one.
    """
    op.drop_index("ix_messages_account_id_id", table_name="messages")
    behind = (
        sa.select(accounts.c.volunteer_id)
        .where(accounts.c.id == messages.c.account_id)
        .scalar_subquery()
    )
    connection = op.get_bind()
    with op.batch_alter_table("messages") as batch:
        batch.drop_constraint(op.f(ONE_READER), type_="check")
    of_account = messages.c.volunteer_id.is_(None)
    connection.execute(messages.update().where(of_account).values(volunteer_id=behind))
    connection.execute(messages.delete().where(of_account))
    with op.batch_alter_table("messages") as batch:
        batch.drop_constraint(op.f(READER), type_="foreignkey")
        batch.drop_column("account_id")
        batch.alter_column("volunteer_id", existing_type=ID, nullable=False)
