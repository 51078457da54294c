"""What a person is told on their own page: one row for each thing that was done about them.

Nobody but the person reads it; a person without an account simply has rows.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select, update

from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.message_kinds import KINDS
from volunteer_service.people.models import Message

SORTS = Sorts(Message.id, "-id")
#: Messages written in one statement.
CHUNK = 1000


def tell(volunteer_id: int, kind: str, *, at: datetime, **facts: Any) -> None:
    """Tell a person what happened; ``facts`` are exactly those that the kind declares.

    Codes and numbers only, days as ISO text: no personal data of others, no words of others.
    """
    tell_each(kind, [(volunteer_id, facts)], at=at)


def tell_each(kind: str, people: Iterable[tuple[int, Mapping[str, Any]]], *, at: datetime) -> None:
    """Tell many people at once, each their own facts; a chunk of them in memory at a time."""
    declared = KINDS[kind]
    rows = iter(people)
    while chunk := list(islice(rows, CHUNK)):
        for _volunteer_id, facts in chunk:
            if not declared.fits(facts):
                raise ValueError(f"{kind} declares {sorted(declared.facts)}, not {facts}")
        said = [
            {"volunteer_id": volunteer_id, "at": at, "kind": kind, "facts": dict(facts)}
            for volunteer_id, facts in chunk
        ]
        db.session.execute(insert(Message), said)


def messages_of(by: Actor, *, cursor: str | None = None, limit: int = 50) -> Page[Message]:
    """One's own messages, newest first."""
    query = select(Message).where(Message.volunteer_id == _own(by))
    return page(query, SORTS, cursor=cursor, limit=limit)


def unread(by: Actor) -> int:
    """How many messages the person has not read."""
    query = select(func.count()).where(Message.volunteer_id == _own(by), Message.read_at.is_(None))
    return db.session.scalar(query) or 0


def mark_read(up_to: int, *, by: Actor, at: datetime) -> None:
    """Mark one's own messages up to this one as read; what came since stays unread."""
    db.session.execute(
        update(Message)
        .where(Message.volunteer_id == _own(by), Message.id <= up_to, Message.read_at.is_(None))
        .values(read_at=at)
    )


def _own(by: Actor) -> int:
    if by.volunteer_id is None:
        raise NotFound()
    return by.volunteer_id
