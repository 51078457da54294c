"""Let only one of two overlapping records count when two entries are merged.

The better evidence counts (scan before leader before import before hand), then a confirmed record
before a waiting one, then the earlier. The other is refused with its history; undoing restores it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from volunteer_service.attendance.models import GRADES, ServiceRecord
from volunteer_service.attendance.records import occupied_times, record_decisions, record_points
from volunteer_service.attendance.records.overlapping_records import STANDS
from volunteer_service.db import db
from volunteer_service.people.authorization.actor import Actor

REASON = "登记合并：同一时间的服务只计一次"
UNDONE = "登记合并已撤销"


@dataclass(frozen=True)
class Overlap:
    """A record that stops counting, and the one over the same time that counts."""

    refused: ServiceRecord
    stands: ServiceRecord


def overlaps(one_id: int, other_id: int) -> list[Overlap]:
    """Return which records of the two entries would be refused, earliest first."""
    standing: list[ServiceRecord] = []
    found: list[Overlap] = []
    for record in sorted(_standing(one_id, other_id), key=_rank):
        over = next((row for row in standing if _meets(record, row)), None)
        if over is None:
            standing.append(record)
        else:
            found.append(Overlap(record, over))
    return sorted(found, key=lambda pair: (pair.refused.starts_at, pair.refused.id))


def count_once(record: ServiceRecord, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Refuse the weaker record and reverse its points; return its old state."""
    was = {"state": record.state, "waits_for": record.waits_for, "minutes": record.minutes}
    change = record_decisions.amend(record, minutes=0, reason=REASON, by=by, at=at)
    record_points.regrant(record, change, by=by, at=at)
    return was


def count_again(record: ServiceRecord, was: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Restore a record as it was before :func:`count_once`."""
    before = record_decisions.facts(record)
    record.state, record.waits_for = was["state"], was["waits_for"]
    record.minutes = was["minutes"]
    change = record_decisions.changed(record, before, UNDONE, by=by, at=at)
    record_points.regrant(record, change, by=by, at=at)


def _standing(one_id: int, other_id: int) -> Sequence[ServiceRecord]:
    query = select(ServiceRecord).where(
        ServiceRecord.volunteer_id.in_((one_id, other_id)), ServiceRecord.state.in_(STANDS)
    )
    return db.session.scalars(query).all()


def _rank(record: ServiceRecord) -> tuple[Any, ...]:
    is_waiting = record.state != "confirmed"
    return is_waiting, GRADES.index(record.grade), record.starts_at, record.id


def _meets(one: ServiceRecord, other: ServiceRecord) -> bool:
    # Records of one entry were compared when they were made.
    is_of_other = one.volunteer_id != other.volunteer_id
    if not is_of_other or one.starts_at >= other.ends_at or one.ends_at <= other.starts_at:
        return False
    return occupied_times.meet(occupied_times.of_record(one), occupied_times.of_record(other))
