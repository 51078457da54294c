"""Corrects decided records; a correction is undone by another correction.

A coordinator corrects at any time, a leader within 10 working days, nobody their own record. A
large correction waits for a second person; the points change as after an upheld dispute.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from volunteer_service import journal, policies, settings, working_days
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins.entry_deadline import IN_TIME
from volunteer_service.attendance.models import Correction, RecordChange, ServiceRecord
from volunteer_service.attendance.records import (
    corrected_times,
    record_deciders,
    record_decisions,
    record_points,
)
from volunteer_service.attendance.records.corrected_times import Times, Worth
from volunteer_service.bounds import whole
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid, Phrase, refusal_of
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.visible_text import said

#: The states of decided records, which a correction changes. A record that was refused, or that its
#: volunteer disowned by mistake, may have been right.
DECIDED = ("confirmed", "refused", "withdrawn")


@dataclass(frozen=True)
class Offer:
    """What this reader may do to correct a record, and what waits."""

    may_correct: bool
    #: Up to so many minutes the correction happens at once; more waits for a second person.
    alone: int
    waiting: Correction | None
    #: Why the reader does not decide the one that waits; None where it is theirs to do.
    why_not: Phrase | None


def put_right(
    record: ServiceRecord,
    *,
    minutes: int,
    reason: str,
    write: Callable[[], None] | None = None,
    by: Actor,
    at: datetime,
) -> RecordChange:
    """Set a record's right minutes, keep the old ones, and adjust its points."""
    change = record_decisions.amend(
        record, minutes=minutes, reason=reason[:200], write=write, by=by, at=at
    )
    record_points.regrant(record, change, by=by, at=at)
    return change


@said("reason")
def correct(record_id: int, *, minutes: int, reason: str, by: Actor, at: datetime) -> Correction:
    """Correct a decided record to ``minutes``, 0 to its duration; the volunteer is told.

    Above the policy's minutes (120, the sum of what one person corrected alone) and on a
    hand-entered record the correction waits for a second person.
    """
    record = _correctable(record_id, by, at)
    whole(minutes, 0, 24 * 60, "minutes")
    if minutes == record.minutes:
        raise refusals.NothingToCorrect(field="minutes")
    record_decisions.need_possible(record, minutes)
    row = _asked(record, minutes, reason, by, at)
    if abs(minutes - _settled(record)) <= _alone(record, at):
        put_right(record, minutes=minutes, reason=reason, by=by, at=at)
        row.state = "done"
    return _kept(row, by, at)


@said("reason")
def correct_times(
    record_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    shift_id: int | None = None,
    reason: str,
    by: Actor,
    at: datetime,
) -> Correction:
    """Correct times of arrival and departure, and the shift; the rule gives the minutes.

    A second person decides as in :func:`correct`, and also above the daily cap, on another day or
    on a post with another coefficient.
    """
    record = _correctable(record_id, by, at)
    times = Times(starts_at, ends_at, shift_id)
    found = corrected_times.worth(record, times, at=at)
    if corrected_times.is_so_already(record, times):
        raise refusals.NothingToCorrect(field="starts_at")
    row = _asked(record, found.minutes, reason, by, at)
    row.starts_was, row.ends_was = record.starts_at, record.ends_at
    row.starts_at, row.ends_at, row.shift_id = starts_at, ends_at, shift_id
    is_small = abs(found.minutes - _settled(record)) <= _alone(record, at)
    if is_small and not found.needs_second:
        _put_found_right(record, times, found, reason=reason, by=by, at=at)
        row.state = "done"
    return _kept(row, by, at)


@said("answer")
def decide_correction(
    correction_id: int, *, approve: bool, answer: str | None = None, by: Actor, at: datetime
) -> Correction:
    """Approve a waiting correction, which then happens, or refuse it; as the second person."""
    row = fetch(Correction, correction_id, lock=True)
    record = record_deciders.with_right(row.record_id, Right.RECORD_DECIDE, by)
    first = row.asked_by_id
    who = record_deciders.others(record, Right.RECORD_DECIDE, at=at, first=first)
    conflicts.need_other(by, [record.volunteer_id], at=at, who=who)
    conflicts.need_second(by, first, at=at, who=who)
    if row.state != "waiting" or (approve and not _is_as_asked(row, record)):
        raise refusals.CorrectionDecided()
    if not approve and not answer:
        raise Invalid(field="answer", why="请写明不同意的原因")
    if approve:
        _happen(row, record, by, at)
    row.state = "done" if approve else "refused"
    row.decided_at, row.decided_by_id, row.answer = at, by.account_id, answer
    db.session.flush()
    _tell_first(row, record, by, at)
    _record("decide_correction", row, by, at, approve=approve, minutes=row.minutes)
    return row


def _happen(row: Correction, record: ServiceRecord, by: Actor, at: datetime) -> None:
    if row.starts_at is None or row.ends_at is None:
        put_right(record, minutes=row.minutes, reason=row.reason, by=by, at=at)
        return
    times = Times(row.starts_at, row.ends_at, row.shift_id)
    found = corrected_times.worth(record, times, at=at)
    if found.minutes != row.minutes:
        # Another record of the day was added or removed, so the request means something else now.
        raise refusals.CorrectionDecided()
    _put_found_right(record, times, found, reason=row.reason, by=by, at=at)


def put_times_right(
    record: ServiceRecord, times: Times, *, reason: str, by: Actor, at: datetime
) -> None:
    """Set a record's right times; the rule gives the minutes, and transfers adjust the points."""
    found = corrected_times.worth(record, times, at=at)
    _put_found_right(record, times, found, reason=reason, by=by, at=at)


def _put_found_right(
    record: ServiceRecord, times: Times, found: Worth, *, reason: str, by: Actor, at: datetime
) -> None:
    def write() -> None:
        corrected_times.write(record, times, found)

    put_right(record, minutes=found.minutes, reason=reason, write=write, by=by, at=at)


def _is_as_asked(row: Correction, record: ServiceRecord) -> bool:
    if record.state not in DECIDED or record.minutes != row.was:
        return False
    is_of_times = row.starts_was is not None
    return not is_of_times or (row.starts_was, row.ends_was) == (record.starts_at, record.ends_at)


def _correctable(record_id: int, by: Actor, at: datetime) -> ServiceRecord:
    """Return the record, locked, for an actor who may correct it now."""
    record = record_deciders.held(record_id, Right.RECORD_CONFIRM, by, at)
    if record.state not in DECIDED:
        raise refusals.NothingToCorrect(field="minutes")
    if not _holds(Right.RECORD_DECIDE, record, by):
        _need_leader_s(record, at)
    if _waiting(record.id) is not None:
        raise refusals.CorrectionWaiting()
    return record


def _asked(record: ServiceRecord, minutes: int, reason: str, by: Actor, at: datetime) -> Correction:
    return Correction(
        record_id=record.id,
        was=record.minutes,
        minutes=minutes,
        reason=reason,
        state="waiting",
        asked_at=at,
        asked_by_id=by.account_id,
    )


def _kept(row: Correction, by: Actor, at: datetime) -> Correction:
    db.session.add(row)
    db.session.flush()
    _record("correct", row, by, at, was=row.was, minutes=row.minutes, state=row.state)
    return row


def offer(record: ServiceRecord, *, by: Actor, at: datetime) -> Offer:
    """Return what this reader may do, for the record's page, and why they may not decide."""
    may = _may_ask(record, by, at)
    row = _waiting(record.id)
    if row is None:
        return Offer(may, _alone(record, at) if may else 0, None, None)
    who = record_deciders.others(record, Right.RECORD_DECIDE, at=at, first=row.asked_by_id)
    why_not = conflicts.sentence(by, row.asked_by_id, at=at, who=who)
    return Offer(False, 0, row, why_not)


def corrections_of(record_id: int) -> Sequence[Correction]:
    """Return every correction of a record, refused ones too, oldest first."""
    query = select(Correction).where(Correction.record_id == record_id)
    return db.session.scalars(query.order_by(Correction.id)).all()


def _may_ask(record: ServiceRecord, by: Actor, at: datetime) -> bool:
    if record.state not in DECIDED or by.volunteer_id == record.volunteer_id:
        return False
    if _holds(Right.RECORD_DECIDE, record, by):
        return True
    is_leader = _holds(Right.RECORD_CONFIRM, record, by)
    return is_leader and refusal_of(lambda: _need_leader_s(record, at)) is None


def _holds(right: Right, record: ServiceRecord, by: Actor) -> bool:
    team = record.team
    return rights.may(by, right, area_path=team.area.path, team_id=team.id)


def _need_leader_s(record: ServiceRecord, at: datetime) -> None:
    """Pass for a leader, who corrects in time what counts; only a coordinator lets a refused record
    count.
    """
    if record.state != "confirmed":
        raise refusals.NothingToCorrect(field="minutes")
    gone = working_days.gone_by(settings.local_day(record.ends_at), settings.local_day(at))
    if gone > IN_TIME:
        raise refusals.CorrectionTooLate(allowed=IN_TIME)


def _alone(record: ServiceRecord, at: datetime) -> int:
    """Return the minutes by which one person may correct the record alone; below 0 for none at
    all.
    """
    # Two people let a hand-entered record count; one alone does not change it.
    return -1 if record.grade == "backfilled" else policies.guarding(at).correct_alone_minutes


def _settled(record: ServiceRecord) -> int:
    """Return the minutes from which small steps are summed: the last that no single person
    corrected.
    """
    done = [row for row in corrections_of(record.id) if row.state == "done"]
    settled = record.minutes
    for row in reversed(done):
        if row.decided_at is not None:
            break
        settled = row.was
    return settled


def _waiting(record_id: int) -> Correction | None:
    query = select(Correction).where(
        Correction.record_id == record_id, Correction.state == "waiting"
    )
    return db.session.scalars(query).one_or_none()


def _tell_first(row: Correction, record: ServiceRecord, by: Actor, at: datetime) -> None:
    day = record.served_on.isoformat()
    facts = {"record": record.id, "day": day, "outcome": row.state}
    messages.tell_first(row.asked_by_id, "correction_answered", second=by, at=at, **facts)


def _record(verb: str, row: Correction, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(
        f"attendance.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts
    )
