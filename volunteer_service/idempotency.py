"""The ``Idempotency-Key`` of callers: a repeated request gets the first answer and has one effect.

Key and effect commit together. A refusal is an answer too: the work is rolled back to its
savepoint, the refusal is stored under the key, and the retry gets the same.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, String, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import JSON, Base, Identity, db, insert_new, settle_refusal
from volunteer_service.errors import Refused


class IdempotencyKeyReused(Refused):
    """The key was used before with another request; a new request needs a new key."""

    message = "这个请求编号已用于另一个操作。请刷新页面后重试。"


class IdempotencyKeyInvalid(Refused):
    """The key is empty or longer than 80 characters."""

    status = 400
    message = "Idempotency-Key 应为 1 到 80 个字符。"


class Key(Base):
    """One request of one actor and its answer."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("actor", "key"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    actor: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[Any] = mapped_column(JSON, nullable=True)
    at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Answer:
    """The answer to the first request: an HTTP status and a JSON body."""

    status: int
    body: Any
    replayed: bool = False


def request_hash(*parts: str | bytes) -> str:
    """Return one hash over method, path and body of a request."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def once(
    actor: str,
    key: str,
    hashed: str,
    work: Callable[[], Answer],
    refusal: Callable[[Refused], Answer] | None,
    *,
    at: datetime,
) -> Answer:
    """Do ``work`` the first time; afterwards return the stored answer, refusals included.

    Without ``refusal`` a refusal is raised and nothing is stored: its transaction is rolled back.

    Raises :class:`IdempotencyKeyReused` when the key comes back with another request.
    """
    if not 1 <= len(key) <= 80 or not key.isprintable():
        raise IdempotencyKeyInvalid()
    if not _claim(actor, key, hashed, at):
        return _stored(actor, key, hashed)
    point = db.session.begin_nested()
    try:
        answer = work()
        db.session.flush()
        point.commit()
    except Refused as refused:
        point.rollback()
        if refusal is None:
            raise
        settle_refusal()
        answer = refusal(refused)
    db.session.execute(
        update(Key)
        .where(Key.actor == actor, Key.key == key)
        .values(status=answer.status, body=answer.body)
    )
    return answer


def forget(before: datetime) -> int:
    """Delete keys older than ``before``; the natural keys still prevent double effects."""
    done = db.session.execute(delete(Key).where(Key.at < before))
    return cast("CursorResult[Any]", done).rowcount


def _claim(actor: str, key: str, hashed: str, at: datetime) -> bool:
    # On PostgreSQL a second request waits here for the first one's commit, then sees its answer.
    claimed = db.session.scalar(
        insert_new(Key)
        .values(actor=actor, key=key, request_hash=hashed, at=at)
        .on_conflict_do_nothing(index_elements=["actor", "key"])
        # The row count of such an insert is -1 on PostgreSQL, done or not.
        .returning(Key.id)
    )
    return claimed is not None


def _stored(actor: str, key: str, hashed: str) -> Answer:
    row = db.session.scalars(select(Key).where(Key.actor == actor, Key.key == key)).one()
    if row.request_hash != hashed or row.status is None:
        raise IdempotencyKeyReused()
    return Answer(row.status, row.body, replayed=True)
