"""A letter that no server took."""

from tests.make import MORNING, Cast
from volunteer_service.db import db
from volunteer_service.outbox.models import Delivery, DoorState
from volunteer_service.people.models import Message


def dead_letter(cast: Cast) -> int:
    """An e-mail to the volunteer that no server took, and a door that is paused."""
    told = Message(
        volunteer_id=cast.wang.id, kind="points_adjusted", facts={"points": 1}, at=MORNING
    )
    db.session.add(told)
    if db.session.get(DoorState, "email") is None:
        db.session.add(DoorState(door="email", paused_at=MORNING))
    db.session.flush()
    row = Delivery(
        purpose="message",
        door="email",
        message_id=told.id,
        state="dead",
        created_at=MORNING,
        next_at=MORNING,
        ended_at=MORNING,
    )
    db.session.add(row)
    db.session.flush()
    return row.id
