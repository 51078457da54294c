"""Messages to a person on their own page: one row for each act about them.

The result of a request that a second person decided is told too (:func:`tell_first`). Only the
person reads them; a person without an account has rows all the same. Staff who are not volunteers
read those of their account. E-mails and SMS are written into the outbox here, in the same
transaction.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, update

from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.outbox import queueing as outbox
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import message_doors
from volunteer_service.people.messages.message_kinds import KINDS
from volunteer_service.people.models import Account, Message

SORTS = Sorts(Message.id, "-id")
#: How many messages one statement writes.
CHUNK = 1000
#: The reader of a timed message, the key under which it is sent once, and the facts.
Once = tuple[int, str, Mapping[str, Any]]


def tell(volunteer_id: int, kind: str, *, at: datetime, **facts: Any) -> None:
    """Tell a person what happened; ``facts`` are exactly those that the kind declares.

    Facts are codes and numbers, with days as ISO text: no personal data and no words of others.
    """
    tell_each(kind, [(volunteer_id, facts)], at=at)


def tell_account(account_id: int, kind: str, *, at: datetime, **facts: Any) -> None:
    """Tell the reader behind an account: its volunteer, else the account itself."""
    behind = db.session.scalar(select(Account.volunteer_id).where(Account.id == account_id))
    if behind is not None:
        tell(behind, kind, at=at, **facts)
    else:
        _write(kind, [({"account_id": account_id}, facts)], at=at)


def tell_first(first: int | None, kind: str, *, second: Actor, at: datetime, **facts: Any) -> None:
    """Tell the account that began something what ``second``, another person, decided about it.

    Every verb that needs a second person calls this. An actor who decides on their own request (and
    so withdraws it) is not told; the operator and the service (None) read no messages.
    """
    if first is not None and first != second.account_id:
        tell_account(first, kind, at=at, **facts)


def tell_each(kind: str, people: Iterable[tuple[int, Mapping[str, Any]]], *, at: datetime) -> None:
    """Tell many people at once, each with their own facts; only a chunk of them is in memory at a
    time.
    """
    _write(kind, (({"volunteer_id": id_}, facts) for id_, facts in people), at=at)


def tell_once(kind: str, people: Iterable[Once], *, at: datetime) -> int:
    """Send reminders, each key only once ever; return how many are sent now."""
    told, rows = 0, iter(people)
    while chunk := list(islice(rows, CHUNK)):
        by_key = {key: (id_, key, facts) for id_, key, facts in chunk}
        known = set(
            db.session.scalars(select(Message.once_key).where(Message.once_key.in_(by_key)))
        )
        new = [each for key, each in by_key.items() if key not in known]
        readers = [({"volunteer_id": id_}, facts) for id_, _key, facts in new]
        _write(kind, readers, at=at, keys=[key for _id, key, _facts in new])
        told += len(new)
    return told


def tell_account_once(account_id: int, kind: str, key: str, *, at: datetime, **facts: Any) -> bool:
    """Send a timed message to the reader behind an account, once; tell whether it is new."""
    if db.session.scalar(select(Message.id).where(Message.once_key == key)) is not None:
        return False
    behind = db.session.scalar(select(Account.volunteer_id).where(Account.id == account_id))
    reader = {"account_id": account_id} if behind is None else {"volunteer_id": behind}
    _write(kind, [(reader, facts)], at=at, keys=[key])
    return True


def _write(
    kind: str,
    told: Iterable[tuple[Mapping[str, int], Mapping[str, Any]]],
    *,
    at: datetime,
    keys: Iterable[str] | None = None,
) -> None:
    declared = KINDS[kind]
    rows, once = iter(told), iter(keys or ())
    while chunk := list(islice(rows, CHUNK)):
        for _reader, facts in chunk:
            if not declared.fits(facts):
                raise ValueError(f"{kind} declares {sorted(declared.facts)}, not {facts}")
        doors = message_doors.doors_for(kind, [reader for reader, _facts in chunk])
        said: list[dict[str, Any]] = [
            {**reader, "at": at, "kind": kind, "facts": dict(facts)} for reader, facts in chunk
        ]
        for row, key in zip(said, once, strict=False):
            row["once_key"] = key
        _insert([row for row, leaving in zip(said, doors, strict=True) if not leaving])
        for row, leaving in zip(said, doors, strict=True):
            if leaving:
                written = insert(Message).values(row).returning(Message.id)
                message_id = db.session.scalars(written).one()
                outbox.queue_messages([(message_id, door) for door in leaving], at=at)


def _insert(rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(Message), rows)


def messages_of(by: Actor, *, cursor: str | None = None, limit: int = 50) -> Page[Message]:
    """Return one's own messages, newest first."""
    query = select(Message).where(_own(by))
    return page(query, SORTS, cursor=cursor, limit=limit)


def unread(by: Actor) -> int:
    """Return how many messages the person has not read."""
    query = select(func.count()).where(_own(by), Message.read_at.is_(None))
    return db.session.scalar(query) or 0


def mark_read(up_to: int, *, by: Actor, at: datetime) -> None:
    """Mark one's own messages up to this one as read; later ones stay unread."""
    db.session.execute(
        update(Message)
        .where(_own(by), Message.id <= up_to, Message.read_at.is_(None))
        .values(read_at=at)
    )


def _own(by: Actor) -> ColumnElement[bool]:
    """Return the WHERE of one's own messages: those to the person, and those to the account."""
    if by.account_id is None and by.volunteer_id is None:
        raise NotFound()
    readers = ((Message.volunteer_id, by.volunteer_id), (Message.account_id, by.account_id))
    return or_(*(column == id_ for column, id_ in readers if id_ is not None))
