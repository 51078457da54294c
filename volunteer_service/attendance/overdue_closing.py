"""Events that nobody closed: closed by the service itself once latecomers have checked out."""

from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import policies
from volunteer_service.attendance.closing import close
from volunteer_service.db import db
from volunteer_service.events.models import Event
from volunteer_service.people.authorization.actor import Actor

#: Events closed in one transaction; the job calls again until nothing is left.
BATCH = 20


def close_due(*, by: Actor, at: datetime) -> int:
    """Close what ended the policy's minutes (30) ago or earlier; how many, at most :data:`BATCH`.

    Nothing is confirmed by it: every record still waits for the leader.
    """
    grace = timedelta(minutes=policies.active().close_after_minutes)
    ended = select(Event.id).where(Event.state == "published", Event.ends_at <= at - grace)
    due = db.session.scalars(ended.order_by(Event.ends_at, Event.id).limit(BATCH)).all()
    for event_id in due:
        close(event_id, by=by, at=at)
    return len(due)
