"""Changes of published events for tests, and the effects on the people concerned."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests import make
from volunteer_service.db import db
from volunteer_service.events import planning, rescheduling
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.events.rescheduling import Changed
from volunteer_service.people.models import Account, Message, Volunteer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEFORE = make.MORNING - DAY
WHY = "操场被占用"


def edited(
    cast: make.Cast,
    event: Event,
    *,
    shift: Shift | None = None,
    by: Account | None = None,
    at: datetime = BEFORE,
    **fields: Any,
) -> Changed:
    """The event's first shift, or another, with these values changed by its leader."""
    shift = shift or event.shifts[0]
    wanted = {"starts_at": shift.starts_at, "ends_at": shift.ends_at, "capacity": shift.capacity}
    return rescheduling.edit_shift(
        shift.id,
        **wanted | {"reason": WHY} | fields,
        by=make.acting(by or cast.li_mei),
        at=at,
    )


def outcomes(changed: Changed) -> dict[str, str]:
    """What became of each person, by name."""
    return {row.name: row.outcome for row in changed.touched}


def told(volunteer: Volunteer) -> list[tuple[str, str | None]]:
    """The kinds of what somebody was told, with the outcome, oldest first."""
    query = select(Message).where(Message.volunteer_id == volunteer.id).order_by(Message.id)
    return [(row.kind, row.facts.get("outcome")) for row in db.session.scalars(query)]


def state_of(row: SignUp) -> str:
    """The state of a place as it is stored."""
    db.session.refresh(row)
    return row.state


def second_shift(
    cast: make.Cast, event: Event, *, after: timedelta = 3 * HOUR, capacity: int = 5
) -> Shift:
    """Another shift of an hour, ``after`` the beginning of the event."""
    planning.edit(
        event.id,
        planning.EventPlan(
            title=event.title,
            content=event.content,
            place=event.place,
            starts_at=event.starts_at,
            ends_at=make.MORNING + after + HOUR,
        ),
        version=event.version,
        by=make.acting(cast.li_mei),
        at=BEFORE,
    )
    return planning.add_shift(
        event.id,
        post_id=event.posts[0].id,
        starts_at=make.MORNING + after,
        ends_at=make.MORNING + after + HOUR,
        capacity=capacity,
        by=make.acting(cast.li_mei),
        at=BEFORE,
    )
