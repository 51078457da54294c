"""A complaint names who wrote it, when its volunteer was told, and their reply.

Open complaints are told to their volunteers now: to those with an account the policy's standing
seven days begin today, to the others when staff tell them.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
#: As the standing policy has them, and the programme's offset, on the day of this migration.
REPLY_DAYS = 7
LOCAL = timedelta(hours=8)

PEOPLE = ("written_by_id", "told_by_id", "replied_by_id")

complaints = sa.table(
    "complaints",
    sa.column("id", ID),
    sa.column("volunteer_id", ID),
    sa.column("happened_on", sa.Date),
    sa.column("state", sa.String),
    sa.column("written_by_id", ID),
    sa.column("told_at", sa.DateTime(timezone=True)),
    sa.column("reply_until", sa.Date),
)
accounts = sa.table(
    "accounts",
    sa.column("volunteer_id", ID),
    sa.column("disabled_at", sa.DateTime(timezone=True)),
)
journal = sa.table(
    "journal",
    sa.column("account_id", ID),
    sa.column("verb", sa.String),
    sa.column("subject_type", sa.String),
    sa.column("subject_id", ID),
)
messages = sa.table(
    "messages",
    sa.column("volunteer_id", ID),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("kind", sa.String),
    sa.column("facts", JSON),
)


def upgrade() -> None:
    """Add the columns, say who wrote what is there, and tell whom open ones are about."""
    with op.batch_alter_table("complaints") as batch:
        batch.add_column(sa.Column("written_by_id", ID, nullable=True))
        batch.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("told_by_id", ID, nullable=True))
        batch.add_column(sa.Column("reply_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("reply", sa.Text(), nullable=True))
        batch.add_column(sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("replied_by_id", ID, nullable=True))
        batch.add_column(
            sa.Column("is_answered", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        for name in PEOPLE:
            batch.create_foreign_key(op.f(f"fk_complaints_{name}"), "accounts", [name], ["id"])
    with op.batch_alter_table("complaints") as batch:
        batch.alter_column("is_answered", server_default=None)
    _say_who_wrote()
    _tell_open()


def downgrade() -> None:
    """Drop the columns; what people were told stays."""
    with op.batch_alter_table("complaints") as batch:
        for name in PEOPLE:
            batch.drop_constraint(op.f(f"fk_complaints_{name}"), type_="foreignkey")
        for name in (*PEOPLE, "told_at", "reply_until", "reply", "replied_at", "is_answered"):
            batch.drop_column(name)


def _say_who_wrote() -> None:
    wrote = (
        sa.select(sa.func.max(journal.c.account_id))
        .where(
            journal.c.verb == "attendance.complain",
            journal.c.subject_type == "complaints",
            journal.c.subject_id == complaints.c.id,
        )
        .scalar_subquery()
    )
    op.get_bind().execute(complaints.update().values(written_by_id=wrote))


def _tell_open() -> None:
    connection, at = op.get_bind(), datetime.now(UTC)
    until = (at + LOCAL).date() + timedelta(days=REPLY_DAYS)
    can_read = sa.select(accounts.c.volunteer_id).where(
        accounts.c.volunteer_id.is_not(None), accounts.c.disabled_at.is_(None)
    )
    is_open = complaints.c.state == "open"
    connection.execute(
        complaints.update()
        .where(is_open, complaints.c.volunteer_id.in_(can_read))
        .values(told_at=at, reply_until=until)
    )
    rows = connection.execute(
        sa.select(complaints.c.id, complaints.c.volunteer_id, complaints.c.happened_on).where(
            is_open
        )
    ).all()
    said = sa.select(messages.c.facts).where(messages.c.kind == "complaint_raised")
    told = {facts["complaint"] for facts in connection.scalars(said)}
    for id_, volunteer_id, happened_on in rows:
        if id_ in told:
            continue
        facts = {"complaint": id_, "day": happened_on.isoformat(), "until": until.isoformat()}
        row = {"volunteer_id": volunteer_id, "at": at, "kind": "complaint_raised", "facts": facts}
        connection.execute(messages.insert().values(**row))
