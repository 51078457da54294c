"""The journal of acts: who did what to which thing, when; one row for each act worth explaining."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity, db


class Entry(Base):
    """One act; never updated, never deleted (triggers in the migrations prevent it)."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: How it was done: page, api, cli, job, gate.
    door: Mapped[str] = mapped_column(String(8))
    #: Domain and verb, for example ``events.publish``.
    verb: Mapped[str] = mapped_column(String(48))
    subject_type: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int | None] = mapped_column(Identity)
    facts: Mapped[dict[str, Any]]


#: The number of the batch that what is recorded belongs to; None outside one.
_batch: ContextVar[int | None] = ContextVar("batch", default=None)


@contextmanager
def batch(number: int) -> Iterator[None]:
    """Give every act that is recorded in this block the number of its batch (``batch`` in its
    facts).
    """
    token = _batch.set(number)
    try:
        yield
    finally:
        _batch.reset(token)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what differs between two states of one row, each as ``[before, after]``.

    This is the fact ``values`` of an act that edits; the keys are those of ``stories.fact_words``.
    """
    return {key: [before[key], value] for key, value in after.items() if before[key] != value}


def record(
    verb: str,
    subject: Any,
    *,
    account_id: int | None,
    door: str,
    at: datetime,
    **facts: Any,
) -> None:
    """Record one act; ``facts`` are codes and numbers, never personal data."""
    if (number := _batch.get()) is not None:
        facts["batch"] = number
    db.session.add(
        Entry(
            at=at,
            account_id=account_id,
            door=door,
            verb=verb,
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            facts=facts,
        )
    )


def count(verb: str, subject_type: str, subject_id: int, *, since: datetime) -> int:
    """Return how often this was done to this thing after an instant."""
    query = select(func.count()).where(
        Entry.subject_type == subject_type, Entry.subject_id == subject_id
    )
    return db.session.scalar(query.where(Entry.verb == verb, Entry.at > since)) or 0
