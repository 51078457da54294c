"""Papers have a ring of keys of their own; each paper names its key and no longer depends on
``SECRET_KEY``.

Upgrading makes entries that only verify of today's ``SECRET_KEY`` and the one before it, and each
paper names the one that signed it; a paper that neither signed names none.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app

from volunteer_service import crypto

revision = "0124"
down_revision = "0112"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE, FOREIGN = "paper_keys", "fk_certificates_key_id"
SIGNS = sa.text("secret IS NOT NULL AND algorithm = 'ed25519'")
CHUNK = 1000


def upgrade() -> None:
    """Make the ring, put the earlier keys into it, and let each paper name its own."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("algorithm", sa.String(length=7), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("retired_at", instant, nullable=True),
        sa.Column("revoked_from", instant, nullable=True),
        sa.Column("revoke_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "algorithm IN ('hmac', 'ed25519')", name=op.f("ck_paper_keys_algorithm")
        ),
        sa.CheckConstraint(
            "(algorithm = 'ed25519') = (public_key IS NOT NULL)", name=op.f("ck_paper_keys_public")
        ),
        sa.CheckConstraint(
            "algorithm = 'hmac' OR (secret IS NULL) = (retired_at IS NOT NULL)",
            name=op.f("ck_paper_keys_retired"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_keys")),
        sa.UniqueConstraint("public_key", name=op.f("uq_paper_keys_public_key")),
    )
    op.create_index(
        "uq_paper_keys_signing",
        TABLE,
        ["algorithm"],
        unique=True,
        sqlite_where=SIGNS,
        postgresql_where=SIGNS,
    )
    with _without_links(op.get_bind()), op.batch_alter_table("certificates") as batch:
        batch.add_column(sa.Column("key_id", ID, nullable=True))
        batch.alter_column("signature", type_=sa.String(128), existing_type=sa.String(64))
        batch.create_foreign_key(op.f(FOREIGN), TABLE, ["key_id"], ["id"])
    _carry_over(op.get_bind())


def downgrade() -> None:
    """Drop the ring; refused where a paper was signed with a key that only the ring knows."""
    newer = sa.text(
        "SELECT count(*) FROM certificates c JOIN paper_keys k ON k.id = c.key_id "
        "WHERE k.algorithm = 'ed25519'"
    )
    if count := op.get_bind().scalar(newer):
        raise RuntimeError(f"papers with signatures of their own keys are kept ({count})")
    with _without_links(op.get_bind()), op.batch_alter_table("certificates") as batch:
        batch.drop_constraint(op.f(FOREIGN), type_="foreignkey")
        batch.alter_column("signature", type_=sa.String(64), existing_type=sa.String(128))
        batch.drop_column("key_id")
    op.drop_table(TABLE)


@contextmanager
def _without_links(connection: sa.Connection) -> Iterator[None]:
    """A row that names another of its table stops SQLite from writing the table anew."""
    links = connection.execute(
        sa.text("SELECT id, replaced_by_id FROM certificates WHERE replaced_by_id IS NOT NULL")
    ).all()
    connection.execute(sa.text("UPDATE certificates SET replaced_by_id = NULL"))
    yield
    for id_, other in links:
        connection.execute(
            sa.text("UPDATE certificates SET replaced_by_id = :other WHERE id = :id"),
            {"id": id_, "other": other},
        )


def _carry_over(connection: sa.Connection) -> None:
    numbers: dict[bytes, int] = {}
    for papers in _papers(connection):
        keys = [
            hmac.digest(key.encode(), b"volunteer_service/certificates", hashlib.sha256)
            for key in current_app.extensions["settings"].secret_keys
        ]
        for paper in papers:
            for key in keys:
                if hmac.compare_digest(_mac(key, paper), paper["signature"]):
                    number = numbers.get(key) or _add(connection, key, len(numbers) + 1)
                    numbers[key] = number
                    connection.execute(
                        sa.text("UPDATE certificates SET key_id = :key WHERE id = :id"),
                        {"key": number, "id": paper["id"]},
                    )
    if numbers and connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('paper_keys', 'id'), :last)"),
            {"last": len(numbers)},
        )


def _add(connection: sa.Connection, key: bytes, number: int) -> int:
    table = sa.table(
        TABLE,
        sa.column("id", ID),
        sa.column("algorithm", sa.String),
        sa.column("secret", sa.LargeBinary),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("made_at", "retired_at")),
    )
    now = datetime.now(UTC)
    connection.execute(
        sa.insert(table).values(
            id=number,
            algorithm="hmac",
            secret=crypto.vault().seal_bytes(key, "paper_key.secret"),
            made_at=now,
            retired_at=now,
        )
    )
    return number


def _papers(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    last = 0
    query = sa.text(
        "SELECT id, number, words, signature FROM certificates WHERE id > :last "
        "ORDER BY id LIMIT :most"
    )
    while rows := connection.execute(query, {"last": last, "most": CHUNK}).mappings().all():
        yield rows
        last = rows[-1]["id"]


def _mac(key: bytes, paper: Any) -> str:
    words = paper["words"]
    words = json.loads(words) if isinstance(words, str) else words
    canonical = json.dumps(words, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, f"{paper['number']}\n{canonical}".encode(), hashlib.sha256).hex()
