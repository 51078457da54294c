"""Six digits that a leader says aloud, for phones whose camera cannot read a code.

They name no event, so they are compared only with events that run now and concern the person:
signed up for, or in their street. Somebody who guesses has few codes to hit, and few tries
(``rate_limits.spoken_codes``).
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select

from volunteer_service import crypto, settings
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.attendance.check_ins import event_codes, refusals
from volunteer_service.attendance.check_ins.event_codes import SPOKEN_GRANT, Code
from volunteer_service.db import db
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team

#: How long the six digits stay the same; those before are read too, for people who type slowly.
STEP_SECONDS: Final = 60
_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")
#: How long before its beginning and after its end an event's digits are compared.
AROUND = timedelta(hours=2)


def spoken_digits(event_code: str, at: datetime) -> str:
    """Return the six digits that the leader of an event says in this minute."""
    return _digits(settings.current().secret_key, event_code, event_codes.step_of(at, STEP_SECONDS))


def is_spoken(text: str) -> bool:
    """Tell whether a text has the shape of spoken digits; no other code has it."""
    return _SIX_DIGITS.fullmatch(text) is not None


def are_of(event_code: str, digits: str, at: datetime) -> bool:
    """Tell whether these digits are an event's, of this minute or of the one before."""
    step = event_codes.step_of(at, STEP_SECONDS)
    keys = settings.current().secret_keys
    return crypto.fits_one(
        digits, (_digits(key, event_code, step - back) for key in keys for back in (0, 1))
    )


def read_digits(digits: str, *, volunteer_id: int, at: datetime) -> Code:
    """Return the code of the event whose digits these are.

    One that the person has signed up for comes before one of their street.

    Raises:
        SpokenUnknown: No event of theirs says these digits now.
        SpokenTwice: Two events of their street have the same digits in this minute.
    """
    signed_up, others = _running(volunteer_id, at)
    for events in (signed_up, others):
        fitting = [code for code in events if are_of(code, digits, at)]
        if len(fitting) > 1:
            raise refusals.SpokenTwice(field="code")
        if fitting:
            return Code(fitting[0], SPOKEN_GRANT)
    raise refusals.SpokenUnknown(field="code")


def _digits(master: str, event_code: str, step: int) -> str:
    mac = event_codes.mac_of(master, "spoken", event_code, str(step))
    return f"{int.from_bytes(urlsafe_b64decode(mac)) % 10**6:06}"


def _running(volunteer_id: int, at: datetime) -> tuple[Sequence[str], Sequence[str]]:
    """Return the codes of events that run around now: those signed up for, and others of the
    street.
    """
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
