"""A volunteer says that a record is wrong (order 67, art. 13), or not theirs at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from volunteer_service import journal
from volunteer_service.attendance import refusals
from volunteer_service.attendance.models import Dispute, ServiceRecord
from volunteer_service.attendance.records import (
    corrected_times,
    corrections,
    record_deciders,
    record_decisions,
    record_points,
)
from volunteer_service.attendance.records.corrected_times import Times
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid, NotFound, Phrase, Refused
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.visible_text import said

#: The reason why a record that its volunteer disowns loses its minutes.
NOT_ME = "本人说明：这不是我的服务"


@dataclass(frozen=True)
class TakenOff:
    """What «this was not me» took off: minutes, and hundredths of points."""

    minutes: int
    points_centi: int


@said("words")
def dispute(
    record_id: int,
    *,
    words: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Dispute:
    """Ask for one's own record to be re-examined; each record has at most one open dispute.

    It may state the true times of the service: both of them, and not in the future.
    """
    record = _own(record_id, by)
    if _open(record) is not None:
        raise refusals.DisputeOpen()
    if (starts_at is None) != (ends_at is None):
        field = "starts_at" if starts_at is None else "ends_at"
        raise Invalid(field=field, why="开始和结束时间要一起填写，或者都不填")
    if starts_at is not None and ends_at is not None:
        corrected_times.need_possible(Times(starts_at, ends_at), at)
    row = Dispute(
        record_id=record.id,
        volunteer_id=record.volunteer_id,
        words=words,
        starts_at=starts_at,
        ends_at=ends_at,
        state="open",
        opened_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _tell_leader(record, at)
    _record("dispute", row, by, at)
    return row


@said("answer")
def decide_dispute(
    dispute_id: int,
    *,
    upheld: bool,
    answer: str,
    minutes: int | None = None,
    by: Actor,
    at: datetime,
) -> Dispute:
    """Re-examine a disputed record as a coordinator, never one that the actor entered or asked to
    correct.

    If the dispute is upheld, the record gets its right minutes or, without ``minutes``, the times
    that the dispute states; its history keeps the old ones, and its points are reversed and granted
    again. The volunteer is told the answer in either case.
    """
    row = fetch(Dispute, dispute_id, lock=True)
    record = fetch(ServiceRecord, row.record_id, lock=True)
    team = record.team
    rights.need(by, Right.RECORD_DECIDE, area_path=team.area.path, team_id=team.id)
    if row.state != "open":
        raise refusals.DisputeDecided()
    who = record_deciders.others(record, Right.RECORD_DECIDE, at=at, first=record.entered_by_id)
    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    for first in _began(record):
        conflicts.need_second(by, first, at=at, who=who)
    if upheld:
        _put_right(record, row, minutes, answer, by, at)
    row.state = "upheld" if upheld else "dismissed"
    row.decided_at, row.decided_by_id, row.answer = at, by.account_id, answer
    day = record.served_on.isoformat()
    facts = {"record": record.id, "day": day, "outcome": row.state}
    messages.tell(row.volunteer_id, "dispute_decided", at=at, **facts)
    _record("decide_dispute", row, by, at, upheld=upheld, minutes=minutes)
    return row


def not_me(record_id: int, *, by: Actor, at: datetime) -> TakenOff:
    """Remove a record that is not one's own service; its points are taken back, its history stays.

    The person who led the event or entered the record is told; an open dispute about it ends.
    """
    record = _own(record_id, by)
    earned = record_points.earning_of(record)
    done = TakenOff(record.minutes, earned.amount if earned else 0)
    before = record_decisions.facts(record)
    record.state, record.waits_for, record.minutes = "withdrawn", None, 0
    change = record_decisions.changed(record, before, NOT_ME, by=by, at=at)
    record_points.regrant(record, change, by=by, at=at)
    pending = _open(record)
    if pending is not None:
        pending.state, pending.decided_at, pending.answer = "dismissed", at, NOT_ME
    _tell_staff(record, at)
    journal.record(
        "attendance.not_me",
        record,
        account_id=by.account_id,
        door=by.door,
        at=at,
        minutes=done.minutes,
        points_centi=done.points_centi,
    )
    db.session.flush()
    return done


def stated_minutes(row: Dispute, *, at: datetime) -> int | None:
    """Return what the record would be worth with the times that the dispute states; None without
    times.
    """
    if row.starts_at is None or row.ends_at is None:
        return None
    try:
        return corrected_times.worth(row.record, Times(row.starts_at, row.ends_at), at=at).minutes
    except Refused:
        return None


def why_not(record: ServiceRecord, *, by: Actor, at: datetime) -> Phrase | None:
    """Return for a page why this reader may not decide a dispute about the record; None if they
    may.
    """
    who = record_deciders.others(record, Right.RECORD_DECIDE, at=at, first=record.entered_by_id)
    told = (conflicts.sentence(by, first, at=at, who=who) for first in _began(record))
    return next((each for each in told if each is not None), None)


def _put_right(
    record: ServiceRecord,
    row: Dispute,
    minutes: int | None,
    answer: str,
    by: Actor,
    at: datetime,
) -> None:
    if minutes is not None:
        corrections.put_right(record, minutes=minutes, reason=answer, by=by, at=at)
    elif row.starts_at is not None and row.ends_at is not None:
        times = Times(row.starts_at, row.ends_at)
        corrections.put_times_right(record, times, reason=answer, by=by, at=at)
    else:
        raise Invalid(field="minutes", why="请填写更正后的分钟数")


def _began(record: ServiceRecord) -> Iterator[int]:
    """Yield the accounts whose statement the record rests on: who entered it, who asked to correct
    it.
    """
    asked = {row.asked_by_id for row in corrections.corrections_of(record.id)}
    yield from sorted(id_ for id_ in {record.entered_by_id, *asked} if id_ is not None)


def _own(record_id: int, by: Actor) -> ServiceRecord:
    record = fetch(ServiceRecord, record_id, lock=True)
    if by.volunteer_id is None or record.volunteer_id != by.volunteer_id:
        raise NotFound()
    if record.state == "withdrawn":
        raise refusals.RecordOff()
    return record


def _open(record: ServiceRecord) -> Dispute | None:
    query = select(Dispute).where(Dispute.record_id == record.id, Dispute.state == "open")
    return db.session.scalars(query).first()


def _tell_staff(record: ServiceRecord, at: datetime) -> None:
    whom = record.event.leader_id if record.event else record.entered_by_id
    if whom is not None:
        facts = {"record": record.id, "day": record.served_on.isoformat()}
        messages.tell_account(whom, "record_not_me", at=at, **facts)


def _record(verb: str, row: Dispute, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(
        f"attendance.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts
    )


def _tell_leader(record: ServiceRecord, at: datetime) -> None:
    """Tell the person who confirmed a record that its volunteer does not agree; never the
    volunteer.
    """
    if record.confirmed_by_id is None:
        return
    day = record.served_on.isoformat()
    messages.tell_account(
        record.confirmed_by_id, "record_disputed", at=at, record=record.id, day=day
    )
