"""What a confirmed record earns: points granted once, taken back and granted again by a
correction.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from volunteer_service import policies
from volunteer_service.attendance.models import RecordChange, ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import earnings, reversals
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.scoring.rules import record_value


def grant(records: Sequence[ServiceRecord], *, by: Actor, at: datetime) -> int:
    """Grant the points of newly confirmed records, by each record's own policy version; return how
    many earned.
    """
    return earnings.grant_many(earned_by(records), at=at, account_id=by.account_id)


def earned_by(records: Sequence[ServiceRecord]) -> list[earnings.Grant]:
    """Return what newly confirmed records earn; nothing for those of a grade that earns none."""
    return [row for record in records if (row := _grant(record, "record", record.id)) is not None]


def regrant(record: ServiceRecord, change: RecordChange, *, by: Actor, at: datetime) -> None:
    """Take back what the record earned before ``change`` and grant what it is worth now."""
    earned = earning_of(record)
    if earned is not None:
        reversals.take_back(earned.id, change.reason[:120], by=by, at=at)
    row = _grant(record, "change", change.id) if record.state == "confirmed" else None
    if row is not None:
        earnings.grant_many([row], at=at, account_id=by.account_id)


def earning_of(record: ServiceRecord) -> Transfer | None:
    """Return the transfer that granted this record's points, unless it was reversed."""
    changes = select(RecordChange.id).where(RecordChange.record_id == record.id)
    back = aliased(Transfer)
    return db.session.scalars(
        select(Transfer).where(
            Transfer.kind == "earn",
            or_(
                and_(Transfer.source_type == "record", Transfer.source_id == record.id),
                and_(Transfer.source_type == "change", Transfer.source_id.in_(changes)),
            ),
            ~select(back.id).where(back.reverses_id == Transfer.id).exists(),
        )
    ).one_or_none()


def _grant(record: ServiceRecord, source_type: str, source_id: int) -> earnings.Grant | None:
    policy = policies.of(record.policy_version)
    amount = record_value.points_for(record.minutes, record.coefficient_centi, record.grade, policy)
    if not amount:
        return None
    return earnings.Grant(
        record.volunteer_id,
        amount,
        record_value.expires_on(record.served_on, policy),
        source_type,
        source_id,
        record.event_name,
    )
