"""Closing shifts and their event: presences become service records, absences become no-shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select

from volunteer_service import journal, policies, settings
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import pairs
from volunteer_service.attendance.check_ins.current_shift import following
from volunteer_service.attendance.check_ins.situation import Place, standing
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import occupied_times
from volunteer_service.attendance.records.overlapping_records import (
    STANDS,
    hold_people,
    minutes_by_day,
    overlapping,
)
from volunteer_service.db import db, fetch
from volunteer_service.events import event_teams, sign_ups
from volunteer_service.events.models import Attendance, Event, Post, Shift, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.scoring.rules.recognised_minutes import Recognised
from volunteer_service.teams.models import Team

#: Overdue events closed in one transaction; the job calls again until nothing is left.
BATCH = 20


@dataclass(frozen=True)
class Closed:
    """What a close made: records by state (``waiting`` or ``refused``), and no-shows.

    ``open_shifts`` stay open until they are over.
    """

    records: int
    refused: int
    no_shows: int
    open_shifts: int = 0


def close(event_id: int, *, by: Actor, at: datetime) -> Closed:
    """End the check-in of the shifts that are over; make one service record for each place, by the
    policy.

    A shift is over after its end, or when everybody who holds a place there came and left; the
    event is closed with its last shift. Without a check-out the record waits for a leader to set
    the end; above the daily cap (480 min) for a coordinator; any other record waits for the
    leader's confirmation. A person who held a place on a closed shift and did not come is a
    no-show. A post that does not serve makes neither.
    """
    event = _held(event_id)
    event_teams.need(by, Right.RECORD_CONFIRM, event)
    if event.state != "published":
        raise refusals.EventNotRunning()
    if at < event.starts_at:
        raise refusals.EventNotBegun()
    present = pairs.of_event(event.id)
    shifts = [shift for shift in _open_shifts(event) if _is_over(shift, present, at)]
    if not shifts and at < event.ends_at:
        inside = sum(not pairs.is_ended(rows) for rows in present)
        raise refusals.StillPresent(count=inside) if inside else refusals.ShiftsRunning()
    return _close(event, shifts, present, by=by, at=at)


def close_due(*, by: Actor, at: datetime) -> int:
    """Close shifts that ended the policy's minutes (30) ago or earlier; return of how many events.

    One call closes at most :data:`BATCH` events. It confirms nothing: every record still waits for
    the leader.
    """
    ended = at - timedelta(minutes=policies.active().close_after_minutes)
    is_due = or_(Shift.open_until <= at, and_(Shift.open_until.is_(None), Shift.ends_at <= ended))
    of_event = exists().where(Shift.event_id == Event.id, Shift.closed_at.is_(None))
    due = select(Event.id).where(
        Event.state == "published",
        or_(of_event.where(is_due), and_(Event.ends_at <= ended, ~of_event)),
    )
    ids = db.session.scalars(due.order_by(Event.ends_at, Event.id).limit(BATCH)).all()
    for event_id in ids:
        event = _held(event_id)
        if event.state == "published":
            over = _open_shifts(event, is_due)
            _close(event, over, pairs.of_event(event.id), by=by, at=at)
    return len(ids)


def recognised_state(found: Recognised) -> tuple[str, str | None]:
    """Return the state of a record and whom it waits for, from the rule's answer."""
    if found.state == "nothing":
        return "refused", None
    if found.state == "recognised":
        return "waiting", "leader"
    codes = {reason.code for reason in found.reasons}
    return "waiting", "end" if "no_check_out" in codes else "coordinator"


def _held(event_id: int) -> Event:
    """Return the event, held until the commit: a scan's foreign key waits for it, then sees it
    closed.
    """
    event = fetch(Event, event_id, lock=True)
    db.session.refresh(event)
    return event


def _open_shifts(event: Event, *which: ColumnElement[bool]) -> Sequence[Shift]:
    query = select(Shift).where(Shift.event_id == event.id, Shift.closed_at.is_(None), *which)
    return db.session.scalars(query.order_by(Shift.starts_at, Shift.id)).all()


def _is_over(shift: Shift, present: Sequence[Sequence[Attendance]], at: datetime) -> bool:
    """Tell whether a shift is past its end, or everybody who holds a place on it came and left."""
    if at >= shift.ends_at:
        return True
    came = {rows[0].sign_up_id for rows in present if rows[0].shift_id == shift.id}
    left = {rows[0].sign_up_id for rows in present if pairs.is_ended(rows)}
    held = select(SignUp.id).where(SignUp.shift_id == shift.id, SignUp.state == "confirmed")
    return bool(came) and came <= left and set(db.session.scalars(held)) <= came


def _close(
    event: Event,
    shifts: Sequence[Shift],
    present: Sequence[Sequence[Attendance]],
    *,
    by: Actor,
    at: datetime,
) -> Closed:
    """Close these shifts of an event that is held, and the event with its last one."""
    for shift in shifts:
        shift.closed_at, shift.open_until = at, None
    db.session.flush()
    going_on = _open_shifts(event)
    # The job leaves an event open until its end, because the leader may add a shift.
    if not going_on and (by.account_id is not None or at >= event.ends_at):
        event.state, event.closed_at = "closed", at
    event.version += 1
    ended, stayed = _ended(event, present, at)
    absent = _absent(shifts, stayed)
    hold_people([*(rows[0].volunteer_id for rows in ended), *(row.volunteer_id for row in absent)])
    served = [rows for rows in ended if rows[0].shift.post.serves]
    records = _records(event, served, by=by, at=at)
    db.session.add_all(records)
    _ask_for_ends(records, at)
    sign_ups.mark_no_shows(event, absent, by=by, at=at)
    refused = sum(record.state == "refused" for record in records)
    done = Closed(len(records) - refused, refused, len(absent), len(going_on))
    facts = vars(done) | {"shifts": [shift.id for shift in shifts]}
    journal.record(
        "attendance.close", event, account_id=by.account_id, door=by.door, at=at, **facts
    )
    db.session.flush()
    return done


def _ended(
    event: Event, present: Sequence[Sequence[Attendance]], at: datetime
) -> tuple[list[Sequence[Attendance]], set[int]]:
    """Return the places of closed shifts without a record, and the people who stay inside.

    A person still inside who holds the shift that follows without a pause stays there too; their
    minutes are known once they leave, or once that shift is closed: then both wait for their end.
    """
    policy = policies.active()
    counted = set(
        db.session.scalars(
            select(ServiceRecord.source_key).where(
                ServiceRecord.event_id == event.id, ServiceRecord.source_type == "attendance"
            )
        )
    )
    ended: list[Sequence[Attendance]] = []
    inside: set[int] = set()
    for rows in present:
        if rows[0].shift.closed_at is None or pairs.names_record(rows) in counted:
            continue
        if pairs.is_ended(rows):
            ended.append(rows)
            continue
        found = standing(rows[0].volunteer_id, event_id=event.id)
        entered = next(p for p in found.places if p.shift_id == rows[0].shift_id) if found else None
        then = following(entered, found.places, policy) if found and entered else ()
        inside |= {place.sign_up_id or 0 for place in then}
        if all(place.closed_at is not None for place in then):
            ended += [rows, *([_never_left(event, rows[0], place)] for place in then)]
    return ended, inside


def _never_left(event: Event, row: Attendance, place: Place) -> Attendance:
    """Return the entry to the next shift for each person who was inside and never left by a
    scan.
    """
    entry = Attendance(
        event_id=event.id,
        shift_id=place.shift_id,
        sign_up_id=place.sign_up_id,
        volunteer_id=row.volunteer_id,
        checked_in_at=place.starts_at,
        grade="leader",
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def _absent(shifts: Sequence[Shift], inside: set[int]) -> Sequence[SignUp]:
    """Return the people who hold a place on these shifts and neither came nor stay on from the one
    before.

    Only posts that serve count: staying away from a class is no no-show.
    """
    return db.session.scalars(
        select(SignUp)
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Post, Post.id == Shift.post_id)
        .outerjoin(Attendance, Attendance.sign_up_id == SignUp.id)
        .where(
            SignUp.shift_id.in_([shift.id for shift in shifts]),
            SignUp.state == "confirmed",
            Post.serves,
            Attendance.id.is_(None),
            SignUp.id.not_in(inside),
        )
        .order_by(SignUp.id)
    ).all()


def _records(
    event: Event, present: Sequence[Sequence[Attendance]], *, by: Actor, at: datetime
) -> list[ServiceRecord]:
    people = {rows[0].volunteer_id for rows in present}
    policy = policies.active()
    made: list[ServiceRecord] = []
    for day in sorted({settings.local_day(rows[0].shift.starts_at) for rows in present}):
        done = minutes_by_day(people, day)
        for rows in present:
            if settings.local_day(rows[0].shift.starts_at) == day:
                already = done[rows[0].volunteer_id]
                record = _record(event, rows, already, policy, by=by, at=at)
                if record.state in STANDS:
                    done[rows[0].volunteer_id] += record.minutes
                made.append(record)
    return made


def _record(
    event: Event,
    rows: Sequence[Attendance],
    already: int,
    policy: Policy,
    *,
    by: Actor,
    at: datetime,
) -> ServiceRecord:
    """Make a record with the fields of order 67, art. 7: name, date, place, content, time,
    organising unit, leader; and how it was recorded.
    """
    shift, volunteer_id = rows[0].shift, rows[0].volunteer_id
    served_on = settings.local_day(shift.starts_at)
    found = pairs.worth(rows, policy, already)
    state, waits_for = recognised_state(found)
    starts_at, ends_at = pairs.span(rows)
    reasons, minutes = [reason.to_dict() for reason in found.reasons], found.minutes
    given = occupied_times.within(starts_at, ends_at, rows)
    other = overlapping(volunteer_id, given) if state == "waiting" else None
    if other is not None:
        state, waits_for, minutes = "refused", None, 0
        reasons.append(Reason.of("overlaps_record", record=other).to_dict())
    return ServiceRecord(
        volunteer_id=volunteer_id,
        **described(event, event_teams.of_person(event, volunteer_id, served_on)),
        served_on=served_on,
        starts_at=starts_at,
        ends_at=ends_at,
        minutes=minutes,
        recorder=by.name,
        grade=pairs.grade(rows),
        coefficient_centi=shift.post.coefficient_centi,
        state=state,
        waits_for=waits_for,
        reasons=reasons,
        policy_version=policy.version,
        source_type="attendance",
        source_key=pairs.names_record(rows),
        created_at=at,
    )


def _ask_for_ends(records: Iterable[ServiceRecord], at: datetime) -> None:
    """Ask each volunteer without a check-out when they left."""
    asked = [
        (row.volunteer_id, {"title": row.event_name, "day": row.served_on.isoformat()})
        for row in records
        if row.waits_for == "end"
    ]
    messages.tell_each("check_out_missing", asked, at=at)


def described(event: Event, team: Team) -> dict[str, object]:
    """Return a copy of what a team's record says about its event, so that a later edit of the event
    changes no record.
    """
    return {
        "team_id": team.id,
        "event_id": event.id,
        "event_name": event.title,
        "place": event.place,
        "content": event.content,
        "organising_unit": team.name,
        "leader_name": event.leader.name,
        "recording_unit": team.recording_unit,
    }
