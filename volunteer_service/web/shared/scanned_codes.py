"""What this browser has scanned: the grant for a screen's code, and the event where it is.

Both are in the signed session, so another browser has neither. Signing in keeps them.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from flask import session

from volunteer_service.attendance.check_ins import event_codes, spoken_codes
from volunteer_service.attendance.check_ins.event_codes import Code
from volunteer_service.attendance.refusals import CodeLapsed
from volunteer_service.events.models import Event
from volunteer_service.rate_limits import VENUE

#: Replaces the code in the address once it was exchanged, so that the address alone opens nothing.
HERE = "here-"
GRANT = "scanned"
#: How long before and after an event people who scan its code count separately from the address.
_AROUND = timedelta(hours=2)
#: Time to join or to sign in.
_VENUE_LASTS = timedelta(minutes=10)


def presented(shown: str) -> str:
    """Return the code of an address: the code itself, or the grant that this browser keeps for
    it.
    """
    if not shown.startswith(HERE):
        return shown
    kept: str = session.get(GRANT, "")
    if not event_codes.is_grant(kept, shown.removeprefix(HERE)):
        raise CodeLapsed()
    return kept


def exchange(shown: str, at: datetime) -> str | None:
    """Exchange the code of a screen for a grant; return the new address, None for other codes."""
    code = event_codes.read(presented(shown), at)
    return _keep(code, at) if code.purpose == event_codes.SCREEN else None


def hear(digits: str, volunteer_id: int, at: datetime) -> str:
    """Exchange the digits that a leader said for a grant; return the new address."""
    return _keep(spoken_codes.read_digits(digits, volunteer_id=volunteer_id, at=at), at)


def _keep(code: Code, at: datetime) -> str:
    session[GRANT] = event_codes.grant(code, at)
    return HERE + code.event_code


def arrive(event: Event, at: datetime) -> None:
    """Count this browser separately from its address while the event runs (:mod:`rate_limits`)."""
    if event.starts_at - _AROUND <= at <= event.ends_at + _AROUND:
        session[VENUE] = (uuid4().hex, int((at + _VENUE_LASTS).timestamp()))


def spend(shown: str, at: datetime) -> None:
    """Let the grant lapse after its one scan, so that the page asks for the next one."""
    if shown.startswith(HERE):
        code = event_codes.read(session[GRANT], at)
        session[GRANT] = event_codes.grant(code, at - timedelta(seconds=event_codes.GRANT_SECONDS))
