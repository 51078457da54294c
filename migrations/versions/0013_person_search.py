"""One field finds a person, and lists of people go by pinyin: both are written for everybody.

Of a phone's tails only keyed hashes are kept, so that the vault's key is needed here. Down drops
what the next way up derives again; nothing else is lost.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

from volunteer_service import crypto
from volunteer_service.people import search_keys
from volunteer_service.people.name_spelling import order_of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: People a chunk.
CHUNK = 1000


def _bytes(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


volunteers = sa.table(
    "volunteers",
    sa.column("id", ID),
    sa.column("name", sa.String),
    sa.column("name_order", sa.String),
    sa.column("number", sa.String),
    sa.column("phone", sa.LargeBinary),
)
keys = sa.table(
    "person_search_keys",
    sa.column("kind", sa.String),
    sa.column("key", sa.String),
    sa.column("volunteer_id", ID),
)


def upgrade() -> None:
    """Make the column and the table, and fill them."""
    op.create_table(
        "person_search_keys",
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("key", _bytes(80), nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_person_search_keys_volunteer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "key", "volunteer_id", name=op.f("pk_person_search_keys")),
    )
    # The default stays: SQLite would have to write the table anew, and its numbers are printed.
    op.add_column(
        "volunteers",
        sa.Column("name_order", _bytes(400), nullable=False, server_default=""),
    )
    for people in _chunks():
        _fill(people)
    op.create_index(
        op.f("ix_person_search_keys_volunteer_id"), "person_search_keys", ["volunteer_id"]
    )
    op.create_index("ix_volunteers_name_order_id", "volunteers", ["name_order", "id"])


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_volunteers_name_order_id", table_name="volunteers")
    op.drop_column("volunteers", "name_order")
    op.drop_index(op.f("ix_person_search_keys_volunteer_id"), table_name="person_search_keys")
    op.drop_table("person_search_keys")


def _chunks() -> Iterator[list[Any]]:
    last = 0
    columns = volunteers.c.id, volunteers.c.name, volunteers.c.number, volunteers.c.phone
    while True:
        query = sa.select(*columns).where(volunteers.c.id > last).order_by(volunteers.c.id)
        found = op.get_bind().execute(query.limit(CHUNK)).all()
        if not found:
            return
        yield list(found)
        last = found[-1].id


def _fill(people: list[Any]) -> None:
    connection = op.get_bind()
    update = sa.update(volunteers).where(volunteers.c.id == sa.bindparam("serial"))
    ordered = [{"serial": row.id, "order": order_of(row.name)} for row in people]
    connection.execute(update.values(name_order=sa.bindparam("order")), ordered)
    rows = (
        key
        for row in people
        for key in search_keys.keys_of(
            row.id, name=row.name, number=row.number, phone=_open(row.phone)
        )
    )
    while chunk := list(islice(rows, 10 * CHUNK)):
        connection.execute(keys.insert(), chunk)


def _open(sealed: bytes | None) -> str | None:
    return None if sealed is None else crypto.vault().unseal(bytes(sealed), "volunteer.phone")
