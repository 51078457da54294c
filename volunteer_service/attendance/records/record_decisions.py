"""Deciding records: confirm, set a missing end, decide above the cap, refuse, evaluate."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from volunteer_service import journal, policies
from volunteer_service.attendance import refusals
from volunteer_service.attendance.backfills.entered_by_hand import tell_who_entered
from volunteer_service.attendance.check_ins import entry_deadline, pairs, scan_log
from volunteer_service.attendance.check_ins.situation import local_words
from volunteer_service.attendance.closing import recognised_state
from volunteer_service.attendance.models import Evaluation, RecordChange, ServiceRecord
from volunteer_service.attendance.records import occupied_times, record_deciders, record_points
from volunteer_service.attendance.records.overlapping_records import (
    hold_people,
    minutes_by_day,
    overlapping,
)
from volunteer_service.bounds import whole
from volunteer_service.db import db
from volunteer_service.events import no_shows
from volunteer_service.events.models import Attendance
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.visible_text import said

#: The format of a change's ``before`` and ``after``: the names of `facts`; with beginning, day and
#: weight since 2.
FORMAT = 2


def confirm(record_ids: Sequence[int], *, by: Actor, at: datetime) -> list[ServiceRecord]:
    """Confirm records of others as a leader: they count, and their points are granted.

    More than 10 working days after the service ended they are marked ``entered_late``.
    """
    records = [
        record_deciders.with_right(id_, Right.RECORD_CONFIRM, by) for id_ in sorted(set(record_ids))
    ]
    record_deciders.need_others(records, Right.RECORD_CONFIRM, by, at)
    for record in records:
        if (record.state, record.waits_for) != ("waiting", "leader"):
            raise refusals.RecordNotWaiting()
        _journal("confirm", record, by, at, minutes=record.minutes)
    let_count(records, by=by, at=at)
    messages.tell_each("record_confirmed", map(_told, records), at=at)
    return records


def let_count(records: Sequence[ServiceRecord], *, by: Actor, at: datetime) -> None:
    """Confirm records whose guards the caller has asked, and grant what their grades earn."""
    for record in records:
        stamp(record, by=by, at=at)
    entry_deadline.mark(records, at=at)
    db.session.flush()
    _came_after_all(records, by, at)
    record_points.grant(records, by=by, at=at)


def _told(record: ServiceRecord) -> tuple[int, dict[str, object]]:
    day = record.served_on.isoformat()
    return record.volunteer_id, {"record": record.id, "day": day, "minutes": record.minutes}


def set_end(
    record_id: int, *, ends_at: datetime, scan_id: str, by: Actor, at: datetime
) -> ServiceRecord:
    """Set, as a leader, when somebody left who did not check out: at most the shift's end.

    The evidence grade drops to ``leader``; the minutes follow from the rule, and the record waits
    for its confirmation, or for a coordinator above the daily cap.
    """
    record = record_deciders.held(record_id, Right.RECORD_CONFIRM, by, at)
    rows, row = open_pair(record, ends_at)
    if not _end_scan(row, ends_at, scan_id, by, at):
        raise refusals.ScanIdReused()
    before = facts(record)
    row.checked_out_at, row.grade = ends_at, "leader"
    is_stated = ends_at == record.stated_ends_at
    _recognise(record, rows, Reason.of("end_stated_agreed" if is_stated else "end_set_by_leader"))
    said = "离开时间由本人说明，负责人同意" if is_stated else "离开时间由负责人补登"
    changed(record, before, said, by=by, at=at)
    _journal("set_end", record, by, at, minutes=record.minutes)
    return record


@said("reason")
def decide_waiting(
    record_id: int, *, minutes: int, reason: str, by: Actor, at: datetime
) -> ServiceRecord:
    """Decide a record above the daily cap as a coordinator: its minutes, from 0 to its length."""
    record = record_deciders.held(record_id, Right.RECORD_DECIDE, by, at)
    if (record.state, record.waits_for) != ("waiting", "coordinator"):
        raise refusals.RecordNotWaiting()
    amend(record, minutes=minutes, reason=reason, by=by, at=at)
    _journal("decide_waiting", record, by, at, minutes=minutes)
    if record.state == "confirmed":
        _came_after_all([record], by, at)
        record_points.grant([record], by=by, at=at)
    return record


@said("reason")
def refuse(record_id: int, *, reason: str, by: Actor, at: datetime) -> ServiceRecord:
    """Refuse a waiting record, as a leader; the volunteer reads why and may dispute it."""
    record = record_deciders.held(record_id, Right.RECORD_CONFIRM, by, at)
    if record.state != "waiting":
        raise refusals.RecordNotWaiting()
    amend(record, minutes=0, reason=reason, by=by, at=at)
    tell_who_entered([record], by=by, at=at)
    _journal("refuse", record, by, at)
    return record


def evaluate(record_id: int, *, score: int, by: Actor, at: datetime) -> Evaluation:
    """Rate how well the service was done, from 1 to 5, once for a confirmed record; it counts for
    the star.
    """
    record = record_deciders.held(record_id, Right.RECORD_CONFIRM, by, at)
    whole(score, 1, 5, "score")
    if record.state != "confirmed":
        raise refusals.NotConfirmedYet()
    known = select(Evaluation.id).where(Evaluation.record_id == record.id)
    if db.session.scalar(known) is not None:
        raise refusals.AlreadyEvaluated()
    row = Evaluation(record_id=record.id, score=score, at=at, account_id=by.account_id)
    db.session.add(row)
    db.session.flush()
    _journal("evaluate", record, by, at, score=score)
    return row


def amend(
    record: ServiceRecord,
    *,
    minutes: int,
    reason: str,
    write: Callable[[], None] | None = None,
    by: Actor,
    at: datetime,
) -> RecordChange:
    """Give a record its decided minutes (0 refuses it) and keep what it was (order 67, art. 13).

    ``write`` sets other times too, which the caller has checked.
    """
    before, is_new = facts(record), record.confirmed_at is None
    if write is None:
        need_possible(record, minutes)
        _grade(record, minutes)
    else:
        write()
    record.minutes = minutes
    if minutes:
        stamp(record, by=by, at=at)
        if is_new:
            entry_deadline.mark([record], at=at)
    else:
        record.state, record.waits_for = "refused", None
    kind = "record_corrected" if write is None else "record_times_corrected"
    if is_new and not minutes:
        kind = "record_refused"
    return changed(record, before, reason, told_as=kind, by=by, at=at)


def _grade(record: ServiceRecord, minutes: int) -> None:
    """Set the grade to what proves the minutes: above those of the scans it is a person's word."""
    if record.grade != "scanned" or record.source_type != "attendance":
        return
    rows = pairs.of_record(record)
    proved = pairs.worth(rows, policies.of(record.policy_version)).minutes
    if minutes <= proved:
        return
    record.grade = "leader"
    kept = [reason for reason in record.reasons if reason["code"] != "no_check_out"]
    record.reasons = [*kept, Reason.of("minutes_decided").to_dict()]


def need_possible(record: ServiceRecord, minutes: int) -> None:
    """Pass for minutes within the record's length, in a time that no other record of the person
    occupies.
    """
    longest = int((record.ends_at - record.starts_at).total_seconds()) // 60
    if not 0 <= minutes <= longest:
        raise refusals.TooManyMinutes(field="minutes", most=longest)
    hold_people([record.volunteer_id])
    times = occupied_times.of_record(record, minutes)
    other = overlapping(record.volunteer_id, times, but=record.id)
    if minutes and other is not None:
        raise refusals.RecordOverlaps(record=other)


def stamp(record: ServiceRecord, *, by: Actor, at: datetime) -> None:
    """Mark a record confirmed."""
    record.state, record.waits_for = "confirmed", None
    record.confirmed_at, record.confirmed_by_id = at, by.account_id
    record.version += 1


def facts(record: ServiceRecord) -> dict[str, object]:
    """Return the parts of a record that an amendment may change."""
    return {
        "state": record.state,
        "minutes": record.minutes,
        "grade": record.grade,
        "starts_at": record.starts_at.isoformat(),
        "served_on": record.served_on.isoformat(),
        "coefficient_centi": record.coefficient_centi,
        "ends_at": record.ends_at.isoformat(),
    }


def changed(
    record: ServiceRecord,
    before: dict[str, object],
    reason: str,
    *,
    told_as: str = "record_corrected",
    by: Actor,
    at: datetime,
) -> RecordChange:
    """Store the amendment (before, after, who, why) and tell the volunteer about a correction."""
    row = RecordChange(
        record_id=record.id,
        at=at,
        account_id=by.account_id,
        before=before,
        after=facts(record),
        format=FORMAT,
        reason=reason,
    )
    record.version += 1
    db.session.add(row)
    db.session.flush()
    if before:
        told: dict[str, object] = {"record": record.id, "day": record.served_on.isoformat()}
        if told_as != "record_refused":
            told |= {"was": before["minutes"], "minutes": record.minutes}
        messages.tell(record.volunteer_id, told_as, at=at, **told)
    return row


def _end_scan(row: Attendance, ends_at: datetime, scan_id: str, by: Actor, at: datetime) -> bool:
    return scan_log.keep(
        {
            "scan_id": scan_id,
            "event_id": row.event_id,
            "volunteer_id": row.volunteer_id,
            "kind": "out",
            "source": "roster",
            "scanned_at": ends_at,
            "received_at": at,
            "account_id": by.account_id,
            "outcome": "accepted",
            "numbers": {},
        }
    )


def open_pair(record: ServiceRecord, ends_at: datetime) -> tuple[Sequence[Attendance], Attendance]:
    """Return the record's pairs and the one without an exit, for an end that is possible there."""
    if (record.state, record.waits_for) != ("waiting", "end"):
        raise refusals.RecordNotWaiting()
    rows = pairs.of_record(record, lock=True)
    row = next(each for each in reversed(rows) if each.checked_out_at is None)
    if not row.checked_in_at < ends_at <= row.shift.ends_at:
        raise refusals.EndNotPossible(
            field="ends_at",
            earliest=local_words(row.checked_in_at),
            latest=local_words(row.shift.ends_at),
        )
    return rows, row


def _recognise(record: ServiceRecord, rows: Sequence[Attendance], ended: Reason) -> None:
    hold_people([record.volunteer_id])
    already = minutes_by_day([record.volunteer_id], record.served_on, but=record.id)
    policy = policies.of(record.policy_version)
    found = pairs.worth(rows, policy, already[record.volunteer_id])
    record.state, record.waits_for = recognised_state(found)
    record.starts_at, record.ends_at = pairs.span(rows)
    record.minutes, record.grade = found.minutes, pairs.grade(rows)
    record.reasons = [reason.to_dict() for reason in (*found.reasons, ended)]


def _came_after_all(records: Sequence[ServiceRecord], by: Actor, at: datetime) -> None:
    """Take back the no-show of a volunteer whose claim was confirmed."""
    for record in records:
        if record.source_type == "claim":
            shift_id = int(record.source_key.partition("/")[0])
            no_shows.came_after_all(record.volunteer_id, shift_id, by=by, at=at)


def _journal(verb: str, record: ServiceRecord, by: Actor, at: datetime, **numbers: object) -> None:
    journal.record(
        f"attendance.{verb}",
        record,
        account_id=by.account_id,
        door=by.door,
        at=at,
        **numbers,
    )
