"""Closing an event: presences become service records, absences become no-shows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from volunteer_service import journal, policies, settings
from volunteer_service.attendance import refusals
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, fetch
from volunteer_service.events import sign_ups
from volunteer_service.events.models import Attendance, Event, Shift, SignUp
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.scoring.rules.recognised_minutes import Recognised, recognise

#: Records in these states occupy their time: a second one over it is refused.
STANDS = ("waiting", "confirmed")
#: Overdue events closed in one transaction; the job calls again until nothing is left.
BATCH = 20


@dataclass(frozen=True)
class Closed:
    """What a close made: records by state (``waiting`` or ``refused``), and no-shows."""

    records: int
    refused: int
    no_shows: int


def close(event_id: int, *, by: Actor, at: datetime) -> Closed:
    """End an event's check-in and make one service record a presence, by the active policy.

    Once the event's time is over; before, only when everybody has checked out. Without a
    check-out the record waits for a leader to set the end; above the daily cap (480 min) for a
    coordinator; the rest for the leader's confirmation. Whoever held a place and did not come is a
    no-show.
    """
    # Held until the commit: a scan's foreign key waits for it, then sees the event closed.
    event = fetch(Event, event_id, lock=True)
    rights.need(by, Right.RECORD_CONFIRM, area_path=event.team.area.path, team_id=event.team_id)
    present = _attendances(event)
    _may_close(event, present, at)
    event.state, event.closed_at = "closed", at
    event.version += 1
    absent = _absent(event)
    came = [row.volunteer_id for row in present]
    hold_people([*came, *(row.volunteer_id for row in absent)])
    records = _records(event, present, by=by, at=at)
    db.session.add_all(records)
    sign_ups.mark_no_shows(event, absent, by=by, at=at)
    refused = sum(record.state == "refused" for record in records)
    done = Closed(len(records) - refused, refused, len(absent))
    journal.record(
        "attendance.close", event, account_id=by.account_id, door=by.door, at=at, **vars(done)
    )
    db.session.flush()
    return done


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


def recognised_state(found: Recognised) -> tuple[str, str | None]:
    """State of a record and whom it waits for, from what the rule says."""
    if found.state == "nothing":
        return "refused", None
    if found.state == "recognised":
        return "waiting", "leader"
    codes = {reason.code for reason in found.reasons}
    return "waiting", "end" if "no_check_out" in codes else "coordinator"


def span(attendance: Attendance) -> tuple[datetime, datetime]:
    """Beginning and end of the time given: the presence inside the shift, or the whole shift."""
    shift = attendance.shift
    start = max(attendance.checked_in_at, shift.starts_at)
    end = min(attendance.checked_out_at or shift.ends_at, shift.ends_at)
    return (start, end) if start < end else (shift.starts_at, shift.ends_at)


def hold_people(volunteer_ids: Iterable[int]) -> None:
    """Hold these people until the commit: what is decided on their hours comes one by one.

    Two events of one person that close at once must not both see the day empty.
    """
    db.session.execute(
        select(Volunteer.id)
        .where(Volunteer.id.in_(set(volunteer_ids)))
        .order_by(Volunteer.id)
        # Not their key: they still check in elsewhere meanwhile.
        .with_for_update(key_share=True)
    )


def minutes_by_day(
    volunteer_ids: Iterable[int], day: date, *, but: int | None = None
) -> Counter[int]:
    """Minutes of each person's standing records on a local day, one record left out."""
    query = (
        select(ServiceRecord.volunteer_id, func.sum(ServiceRecord.minutes))
        .where(
            ServiceRecord.volunteer_id.in_(list(volunteer_ids)),
            ServiceRecord.served_on == day,
            ServiceRecord.state.in_(STANDS),
        )
        .group_by(ServiceRecord.volunteer_id)
    )
    if but is not None:
        query = query.where(ServiceRecord.id != but)
    rows = db.session.execute(query).all()
    return Counter({person: int(minutes) for person, minutes in rows})


def overlapping(
    volunteer_id: int, starts_at: datetime, ends_at: datetime, *, but: int | None = None
) -> int | None:
    """Id of a standing record of the person over this time."""
    query = select(ServiceRecord.id).where(
        ServiceRecord.volunteer_id == volunteer_id,
        ServiceRecord.starts_at < ends_at,
        ServiceRecord.ends_at > starts_at,
        ServiceRecord.state.in_(STANDS),
    )
    if but is not None:
        query = query.where(ServiceRecord.id != but)
    return db.session.scalar(query.limit(1))


def _may_close(event: Event, present: Sequence[Attendance], at: datetime) -> None:
    if event.state != "published":
        raise refusals.EventNotRunning()
    if at < event.starts_at:
        raise refusals.EventNotBegun()
    inside = sum(row.checked_out_at is None for row in present)
    if at < event.ends_at and inside:
        raise refusals.StillPresent(count=inside)


def _attendances(event: Event) -> Sequence[Attendance]:
    return db.session.scalars(
        select(Attendance)
        .join(Attendance.shift)
        .options(joinedload(Attendance.shift).joinedload(Shift.post))
        .where(Attendance.event_id == event.id)
        .order_by(Shift.starts_at, Attendance.id)
    ).all()


def _absent(event: Event) -> Sequence[SignUp]:
    return db.session.scalars(
        select(SignUp)
        .outerjoin(Attendance, Attendance.sign_up_id == SignUp.id)
        .where(SignUp.event_id == event.id, SignUp.state == "confirmed", Attendance.id.is_(None))
    ).all()


def _records(
    event: Event, present: Sequence[Attendance], *, by: Actor, at: datetime
) -> list[ServiceRecord]:
    people = {row.volunteer_id for row in present}
    policy = policies.active()
    made: list[ServiceRecord] = []
    for day in sorted({settings.local_day(row.shift.starts_at) for row in present}):
        done = minutes_by_day(people, day)
        for row in present:
            if settings.local_day(row.shift.starts_at) == day:
                record = _record(event, row, done[row.volunteer_id], policy, by=by, at=at)
                if record.state in STANDS:
                    done[row.volunteer_id] += record.minutes
                made.append(record)
    return made


def _record(
    event: Event, row: Attendance, already: int, policy: Policy, *, by: Actor, at: datetime
) -> ServiceRecord:
    """Order 67, art. 7: name, date, place, content, time, organising unit, leader; and how."""
    shift = row.shift
    found = recognise(
        shift.starts_at, shift.ends_at, row.checked_in_at, row.checked_out_at, policy, already
    )
    state, waits_for = recognised_state(found)
    starts_at, ends_at = span(row)
    reasons, minutes = [reason.to_dict() for reason in found.reasons], found.minutes
    other = overlapping(row.volunteer_id, starts_at, ends_at) if state == "waiting" else None
    if other is not None:
        state, waits_for, minutes = "refused", None, 0
        reasons.append(Reason.of("overlaps_record", record=other).to_dict())
    return ServiceRecord(
        volunteer_id=row.volunteer_id,
        **described(event),
        served_on=settings.local_day(shift.starts_at),
        starts_at=starts_at,
        ends_at=ends_at,
        minutes=minutes,
        recorder=by.name,
        grade=row.grade,
        coefficient_centi=shift.post.coefficient_centi,
        state=state,
        waits_for=waits_for,
        reasons=reasons,
        policy_version=policy.version,
        source_type="attendance",
        source_key=str(row.id),
        created_at=at,
    )


def described(event: Event) -> dict[str, object]:
    """What a record says of its event, copied: a later edit of the event changes no record."""
    return {
        "team_id": event.team_id,
        "event_id": event.id,
        "event_name": event.title,
        "place": event.place,
        "content": event.content,
        "organising_unit": event.team.name,
        "leader_name": event.leader.name,
        "recording_unit": event.team.recording_unit,
    }
