"""The poster from which a person came to sign in or to join."""

from urllib.parse import urlsplit

from volunteer_service import clock
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.errors import Refused
from volunteer_service.events.models import Event
from volunteer_service.web.shared import scanned_codes

_POSTER = "/c/"


def event_at(target: str | None) -> Event | None:
    """Return the event whose poster is at ``target``, the next address; None elsewhere."""
    path = urlsplit(target or "").path
    if not path.startswith(_POSTER):
        return None
    try:
        code = scanned_codes.presented(path.removeprefix(_POSTER))
        return check_in.scanned_event(code, at=clock.now())
    except Refused:
        return None
