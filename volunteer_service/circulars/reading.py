"""Reading circulars: those written, those received, and how many people have read them."""

from sqlalchemy import func, select

from volunteer_service import db as database
from volunteer_service.circulars.models import Circular, CircularReceiver
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.events import planning
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.models import Message

SORTS = Sorts(Circular.id, "-id")


def sent_by(by: Actor, *, cursor: str | None = None, limit: int = 30) -> Page[Circular]:
    """Return the actor's circulars, newest first; one to rows of a list appears once it reached
    somebody.
    """
    query = select(Circular).where(
        Circular.account_id == by.account_id, Circular.created_at.is_not(None)
    )
    return page(query, SORTS, cursor=cursor, limit=limit)


def written(circular_id: int, *, by: Actor) -> Circular:
    """Return one circular to its writer or, once sent, to anybody who may write there."""
    row = database.fetch(Circular, circular_id)
    if row.account_id == by.account_id and row.created_at is not None:
        return row
    if row.sent_at is None or row.audience == "chosen":
        raise NotFound()
    if row.event_id is not None:
        planning.led(row.event_id, by=by)
    elif row.team is not None:
        need(by, Right.ROSTER_EDIT, area_path=row.team.area.path, team_id=row.team.id)
    return row


def received(circular_id: int, *, by: Actor) -> Circular:
    """Return one circular to somebody who got it."""
    row = database.fetch(Circular, circular_id)
    if by.volunteer_id is None or not is_told(row, by.volunteer_id):
        raise NotFound()
    return row


def is_told(row: Circular, volunteer_id: int) -> bool:
    """Tell whether this person got it."""
    query = select(Message.id).join(CircularReceiver, CircularReceiver.message_id == Message.id)
    query = query.where(CircularReceiver.circular_id == row.id)
    return db.session.scalar(query.where(Message.volunteer_id == volunteer_id)) is not None


def text_of(circular_id: int) -> str:
    """Return the words, for the letter to a receiver."""
    return db.session.scalars(select(Circular.text).where(Circular.id == circular_id)).one()


def read_count(row: Circular) -> int:
    """Return how many receivers have read their message."""
    query = select(func.count()).select_from(CircularReceiver).join(CircularReceiver.message)
    query = query.where(CircularReceiver.circular_id == row.id, Message.read_at.is_not(None))
    return db.session.scalar(query) or 0
