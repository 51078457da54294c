"""A volunteer says that a record is wrong (order 67, art. 13)."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import journal
from volunteer_service.attendance import corrections, record_deciders, refusals
from volunteer_service.attendance.models import Dispute, ServiceRecord
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.people import messages
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.visible_text import said


@said("words")
def dispute(record_id: int, *, words: str, by: Actor, at: datetime) -> Dispute:
    """Ask for one's own record to be re-examined; one open dispute a record."""
    record = fetch(ServiceRecord, record_id, lock=True)
    if by.volunteer_id is None or record.volunteer_id != by.volunteer_id:
        raise NotFound()
    pending = select(Dispute.id).where(Dispute.record_id == record.id, Dispute.state == "open")
    if db.session.scalar(pending) is not None:
        raise refusals.DisputeOpen()
    row = Dispute(
        record_id=record.id, volunteer_id=by.volunteer_id, words=words, state="open", opened_at=at
    )
    db.session.add(row)
    db.session.flush()
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
    """A coordinator re-examines a record. Upheld: it gets its right minutes, its history keeps
    the old ones, and its points are reversed and granted anew; the answer is told either way.
    """
    row = fetch(Dispute, dispute_id, lock=True)
    record = fetch(ServiceRecord, row.record_id, lock=True)
    team = record.team
    rights.need(by, Right.RECORD_DECIDE, area_path=team.area.path, team_id=team.id)
    if row.state != "open":
        raise refusals.DisputeDecided()
    who = record_deciders.others(record, Right.RECORD_DECIDE, at=at)
    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    if upheld:
        if minutes is None:
            raise Invalid(field="minutes", why="请填写更正后的分钟数")
        corrections.put_right(record, minutes=minutes, reason=answer, by=by, at=at)
    row.state = "upheld" if upheld else "dismissed"
    row.decided_at, row.decided_by_id, row.answer = at, by.account_id, answer
    day = record.served_on.isoformat()
    facts = {"record": record.id, "day": day, "outcome": row.state}
    messages.tell(row.volunteer_id, "dispute_decided", at=at, **facts)
    _record("decide_dispute", row, by, at, upheld=upheld, minutes=minutes)
    return row


def _record(verb: str, row: object, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(
        f"attendance.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts
    )
