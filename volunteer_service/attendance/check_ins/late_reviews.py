"""Late scans that do not count by themselves: each goes to the anomaly desk, none is lost.

They are scans of the future or older than a day, whose time cannot be believed, and scans of a
closed shift, which propose a correction.
"""

from datetime import datetime

from volunteer_service import settings
from volunteer_service.attendance import refusals
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.check_ins import late_duplicates
from volunteer_service.attendance.check_ins.situation import Kind, Standing
from volunteer_service.attendance.models import Scan
from volunteer_service.db import db, fetch
from volunteer_service.errors import Refused
from volunteer_service.events.models import Event
from volunteer_service.scoring.rules.recognised_minutes import window

_KINDS: dict[type[Refused], str] = {
    refusals.TapTimeRefused: "scan_time",
    refusals.LateAfterClosing: "scan_closed",
}


def kind_of(refusal: Refused) -> str | None:
    """Return the kind of anomaly that a refused scan is, or None."""
    return _KINDS.get(type(refusal))


def refusal_of(
    refusal: Refused, found: Standing, at: datetime, received_at: datetime, kind: Kind
) -> Refused:
    """Return :class:`LateAfterClosing` for a late scan that says something new and came after its
    shift was closed; else return the refusal unchanged.
    """
    is_late = at < received_at and kind_of(refusal) is None
    if not is_late or late_duplicates.is_double(found, at, received_at, kind):
        return refusal
    for place in found.places:
        opens = window(place.starts_at, place.ends_at, found.policy)[0]
        if not place.is_open and opens <= at <= place.counts_until(found.policy):
            return refusals.LateAfterClosing()
    return refusal


def kind_then(found: Standing, at: datetime, kind: Kind | None, refusal: Refused) -> Kind:
    """Return what a scan without a button was: an entry if it is refused as one, else an exit of a
    person who had come by then.
    """
    if kind is not None:
        return kind
    if isinstance(refusal, refusals.AlreadyCheckedIn):
        return "in"
    came = any(first <= at for place in found.places for first, _last in place.pairs)
    return "out" if came else "in"


def keep(scan_id: int, kind: str) -> None:
    """Put a kept scan on the anomaly desk."""
    scan = fetch(Scan, scan_id)
    event = fetch(Event, scan.event_id)
    db.session.add(
        Anomaly(
            kind=kind,
            key=str(scan.id),
            team_id=event.team_id,
            event_id=event.id,
            volunteer_id=scan.volunteer_id,
            scan_id=scan.id,
            happened_on=settings.local_day(scan.scanned_at),
            facts={},
            found_at=scan.received_at,
        )
    )
    db.session.flush()
