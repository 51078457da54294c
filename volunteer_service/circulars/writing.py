"""Verbs of circulars: write, preview, then send once or discard.

A circular to rows of a list is written by the act on many rows (``lists.acts``), which adds one
receiver after the other; any other circular is sent at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, insert, literal, select

from volunteer_service import db as database
from volunteer_service import journal, settings
from volunteer_service.areas.models import Area
from volunteer_service.bounds import one_of
from volunteer_service.bounds import text as bounded
from volunteer_service.circulars import audiences, reading
from volunteer_service.circulars.models import OF_EVENT, Circular, CircularReceiver
from volunteer_service.circulars.refusals import (
    AlreadyWrittenTo,
    CircularSent,
    NobodyToWrite,
    TooManyReceivers,
)
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.events import planning
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Message, Volunteer
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.teams.models import Team
from volunteer_service.visible_text import said

#: Characters of one circular: as many as an elder reads on a phone without giving up.
LONGEST_TEXT = 600
#: The time over which the receivers of one sender are counted.
_DAY = timedelta(hours=24)


@said("text")
def write_to_team(team_id: int, *, text: str, by: Actor, at: datetime) -> Circular:
    """Write to the members of a team; nothing is sent before :func:`send`."""
    team = database.fetch(Team, team_id)
    need(by, Right.ROSTER_EDIT, area_path=team.area.path, team_id=team.id)
    draft = Circular(
        team_id=team.id, audience="members", on_behalf_of=team.name, text=text, created_at=at
    )
    return _written(draft, by)


@said("text")
def write_to_event(event_id: int, *, audience: str, text: str, by: Actor, at: datetime) -> Circular:
    """Write to the people of an event who have a place, wait for one, or came."""
    one_of(audience, OF_EVENT, "audience")
    event = planning.led(event_id, by=by)
    draft = Circular(
        event_id=event.id, audience=audience, on_behalf_of=event.title, text=text, created_at=at
    )
    return _written(draft, by)


def send(circular_id: int, *, by: Actor, at: datetime) -> Circular:
    """Send a written circular, once; each receiver gets one message."""
    row = _unsent(circular_id, by)
    people = audiences.receivers(row)
    if not people:
        raise NobodyToWrite()
    need_left_today(len(people), by, at)
    row.sent_at = at
    _tell(row, people, at)
    _record("send", row, by, at, people=len(people))
    return row


def discard(circular_id: int, *, by: Actor, at: datetime) -> None:
    """Discard a circular that was not sent."""
    row = _unsent(circular_id, by)
    _record("discard", row, by, at)
    db.session.delete(row)


@said("text")
def chosen(text: str, *, by: Actor) -> Circular:
    """Write to rows of a list that are added one by one (:func:`add`)."""
    return _written(Circular(audience="chosen", on_behalf_of=_office(by), text=text), by)


def add(circular_id: int, volunteer_id: int, *, by: Actor, at: datetime) -> int:
    """Send a chosen circular to one more person and return it; the caller has checked the right."""
    row = database.fetch(Circular, circular_id, lock=True)
    if row.account_id != by.account_id or row.audience != "chosen":
        raise NotFound()
    person = database.fetch(Volunteer, volunteer_id)
    need_registered(person.id, person.state)
    if reading.is_told(row, volunteer_id):
        raise AlreadyWrittenTo()
    need_left_today(1, by, at)
    row.created_at, row.sent_at = row.created_at or at, row.sent_at or at
    _tell(row, [volunteer_id], at)
    _record("add", row, by, at, person=volunteer_id)
    return row.id


def need_left_today(count: int, by: Actor, at: datetime) -> None:
    """Pass if the sender may reach so many more people within 24 hours."""
    query = select(func.count()).select_from(CircularReceiver)
    query = query.join(Circular, Circular.id == CircularReceiver.circular_id)
    query = query.join(Message, Message.id == CircularReceiver.message_id)
    query = query.where(Circular.account_id == by.account_id, Message.at > at - _DAY)
    most = settings.current().receivers_a_day
    left = max(most - (db.session.scalar(query) or 0), 0)
    if count > left:
        raise TooManyReceivers(most=most, left=left, count=count)


def _written(draft: Circular, by: Actor) -> Circular:
    if by.account_id is None:
        raise NotFound()
    bounded(draft.text, LONGEST_TEXT, "text")
    draft.account_id = by.account_id
    db.session.add(draft)
    db.session.flush()
    return draft


def _unsent(circular_id: int, by: Actor) -> Circular:
    row = database.fetch(Circular, circular_id, lock=True)
    if row.account_id != by.account_id or row.audience == "chosen":
        raise NotFound()
    if row.sent_at is not None:
        raise CircularSent()
    if row.event_id is not None:
        planning.led(row.event_id, by=by)
    elif row.team is not None:
        # Somebody who has lost the role meanwhile sends nothing any more.
        need(by, Right.ROSTER_EDIT, area_path=row.team.area.path, team_id=row.team.id)
    return row


def _tell(row: Circular, people: Sequence[int], at: datetime) -> None:
    """Send each of them one message, and store these messages as the circular's receivers."""
    facts = {"circular": row.id, "place": row.on_behalf_of}
    keys = [f"circular:{row.id}:{id_}" for id_ in people]
    told = [(id_, key, facts) for id_, key in zip(people, keys, strict=True)]
    messages.tell_once(audiences.KIND, told, at=at)
    for some in database.in_lists(keys):
        found = select(Message.id, literal(row.id)).where(Message.once_key.in_(some))
        into = insert(CircularReceiver).from_select(["message_id", "circular_id"], found)
        db.session.execute(into)


def _office(by: Actor) -> str:
    """Return the place of the actor's first role: the team, the community or the street."""
    for held in by.grants:
        if held.team_id is not None:
            return database.fetch(Team, held.team_id).name
        if held.area_path not in (None, "/"):
            return db.session.scalars(select(Area.name).where(Area.path == held.area_path)).one()
    return by.name


def _record(verb: str, row: Circular, by: Actor, at: datetime, **facts: int) -> None:
    journal.record(f"circulars.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts)
