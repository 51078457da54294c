"""Events that nobody closed: closed by the service itself once latecomers have checked out."""

from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service.attendance.closing import close
from volunteer_service.db import db
from volunteer_service.events.models import Event
from volunteer_service.people.authorization.actor import Actor

#: Minutes after an event's end until which its leader may still close it.
GRACE_MINUTES = 30

#: Events closed in one transaction; the job calls again until nothing is left.
BATCH = 20


def close_due(*, by: Actor, at: datetime) -> int:
    """Close what ended 30 minutes ago or earlier; the number of events, at most :data:`BATCH`.

    Nothing is confirmed by it: every record still waits for the leader.
    """
    ended = select(Event.id).where(
        Event.state == "published", Event.ends_at <= at - timedelta(minutes=GRACE_MINUTES)
    )
    due = db.session.scalars(ended.order_by(Event.ends_at, Event.id).limit(BATCH)).all()
    for event_id in due:
        close(event_id, by=by, at=at)
    return len(due)
