"""Makes an accepted late scan count: as an entry or exit, or as a correction."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.anomalies.refusals import DecideRecordFirst, NoShiftThen
from volunteer_service.attendance.check_ins import check_in, pairs
from volunteer_service.attendance.check_ins.situation import Place, standing
from volunteer_service.attendance.models import Scan, ServiceRecord
from volunteer_service.attendance.records import claims, corrections, record_decisions
from volunteer_service.attendance.refusals import TimeAhead
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules.recognised_minutes import window


def count(
    row: Anomaly, counted_at: datetime | None, *, reason: str, by: Actor, at: datetime
) -> None:
    """Make the scan of an accepted anomaly count, once, and never at a time to come."""
    scan = fetch(Scan, row.scan_id or 0)
    when, person = counted_at or scan.scanned_at, fetch(Volunteer, row.volunteer_id or 0)
    if when > at:
        raise TimeAhead(field="counted_at")
    place = _place(scan, person.id, when)
    if place.is_open:
        check_in.count_reviewed(
            scan,
            volunteer_id=person.id,
            counted_at=when,
            scan_id=f"review-{row.id}",
            by=by,
            at=at,
        )
        return
    record = _record(place)
    if record is None:
        times = {"starts_at": place.starts_at, "ends_at": place.ends_at}
        times |= {"starts_at" if scan.kind == "in" else "ends_at": when}
        claims.enter_late_scan(
            place.shift_id,
            person.id,
            **times,
            reason=reason,
            is_own_hand=conflicts.why_not(by, scan.account_id, at=at) is not None,
            by=by,
            at=at,
        )
        return
    _correct(record, scan, when, row, reason=reason, by=by, at=at)


def _place(scan: Scan, volunteer_id: int, when: datetime) -> Place:
    """Return the person's own shift at that time, else any shift."""
    found = standing(volunteer_id, event_id=scan.event_id)
    if found is None:
        raise NotFound()
    fitting = [
        place
        for place in found.places
        if window(place.starts_at, place.ends_at, found.policy)[0]
        <= when
        <= place.counts_until(found.policy)
    ]
    if not fitting:
        raise NoShiftThen(field="counted_at")
    own = [place for place in fitting if place.sign_up_id is not None]
    return (own or fitting)[0]


def _record(place: Place) -> ServiceRecord | None:
    rows = pairs.of_place(place.sign_up_id or 0)
    if not rows:
        return None
    query = select(ServiceRecord).where(
        ServiceRecord.source_type == "attendance",
        ServiceRecord.source_key == pairs.names_record(rows),
    )
    return db.session.scalars(query).one_or_none()


def _correct(
    record: ServiceRecord,
    scan: Scan,
    when: datetime,
    row: Anomaly,
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Change the record with the verb that fits its state."""
    if record.waits_for == "end" and scan.kind == "out":
        ends_at = min(when, pairs.of_record(record)[0].shift.ends_at)
        scan_id = f"review-{row.id}"
        record_decisions.set_end(record.id, ends_at=ends_at, scan_id=scan_id, by=by, at=at)
        return
    if record.state not in corrections.DECIDED:
        raise DecideRecordFirst()
    rows = pairs.of_record(record)
    starts_at, ends_at = rows[0].checked_in_at, rows[-1].checked_out_at or record.ends_at
    if scan.kind == "in":
        starts_at = min(starts_at, when)
    else:
        ends_at = max(ends_at, when)
    corrections.correct_times(
        record.id, starts_at=starts_at, ends_at=ends_at, reason=reason, by=by, at=at
    )
