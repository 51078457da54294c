"""Six digits that a leader says aloud, for phones whose camera reads nothing.

They name no event. So they are compared with those events only that run now and are the person's
own: signed up for, or in their street. Who guesses has few digits to hit, and few tries
(``rate_limits.spoken_codes``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.attendance.check_ins import event_codes, refusals
from volunteer_service.attendance.check_ins.event_codes import Code
from volunteer_service.db import db
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team

#: How long before its beginning and after its end an event's digits are looked at.
AROUND = timedelta(hours=2)


def heard(digits: str, *, volunteer_id: int, at: datetime) -> Code:
    """Return the code of the event whose digits these are.

    One that the person has signed up for comes before one of their street.

    Raises:
        SpokenUnknown: No event of theirs says these digits now.
        SpokenTwice: Two of their street say the same ones in this minute.
    """
    signed_up, others = _running(volunteer_id, at)
    for events in (signed_up, others):
        fitting = [code for code in events if event_codes.is_said(digits, code, at)]
        if len(fitting) > 1:
            raise refusals.SpokenTwice(field="code")
        if fitting:
            return event_codes.spoken(fitting[0])
    raise refusals.SpokenUnknown(field="code")


def _running(volunteer_id: int, at: datetime) -> tuple[Sequence[str], Sequence[str]]:
    """Return the codes of events that run around now: signed up for, and others of the street."""
    street = _street(volunteer_id)
    mine = (
        select(SignUp.id)
        .where(SignUp.event_id == Event.id, SignUp.volunteer_id == volunteer_id)
        .where(SignUp.state.in_(("confirmed", "waiting")))
        .exists()
    )
    near = [mine] if street is None else [mine, Area.path.startswith(street, autoescape=True)]
    query = (
        select(Event.code, mine)
        .join(Team, Team.id == Event.team_id)
        .join(Area, Area.id == Team.area_id)
        .where(Event.state == "published", or_(*near))
        .where(Event.starts_at <= at + AROUND, Event.ends_at >= at - AROUND)
    )
    rows = db.session.execute(query).all()
    return [code for code, own in rows if own], [code for code, own in rows if not own]


def _street(volunteer_id: int) -> str | None:
    home = db.session.scalar(
        select(Area.path)
        .join(Volunteer, Volunteer.area_id == Area.id)
        .where(Volunteer.id == volunteer_id)
    )
    return areas.street_path(home) if home is not None else None
