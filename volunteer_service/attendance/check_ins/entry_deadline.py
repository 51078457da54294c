"""Service is recorded within 10 working days (order 67, art. 11); a later entry counts, marked."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_

from volunteer_service import settings, working_days
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.scoring.rules.reasons import Reason

IN_TIME = 10
#: With at most so many working days left, the time to record service ends soon.
SOON = 3


def mark(records: Iterable[ServiceRecord], *, at: datetime) -> None:
    """Give the reason ``entered_late``, once, to service that ended over 10 working days before
    ``at``.
    """
    gone: dict[date, int] = {}
    for record in records:
        if any(reason["code"] == "entered_late" for reason in record.reasons or []):
            continue
        ended_on = settings.local_day(record.ends_at)
        if ended_on not in gone:
            gone[ended_on] = working_days.gone_by(ended_on, settings.local_day(at))
        if gone[ended_on] > IN_TIME:
            late = Reason.of("entered_late", working_days=gone[ended_on], allowed=IN_TIME)
            record.reasons = [*(record.reasons or []), late.to_dict()]


def by_due(code: str, today: date) -> ColumnElement[bool]:
    """Return the WHERE of records whose time to be recorded is ``over``, ends ``soon`` or later.

    Soon is within :data:`SOON` working days.
    """
    over = last_day_overdue(today)
    soon = last_day_overdue(working_days.after_working_days(today, SOON))
    if code == "over":
        return ServiceRecord.served_on <= over
    if code == "soon":
        return and_(ServiceRecord.served_on > over, ServiceRecord.served_on <= soon)
    return ServiceRecord.served_on > soon


def last_day_overdue(today: date) -> date:
    """Return the latest day whose service, if not recorded by ``today``, is overdue."""
    return working_days.latest_with_more_gone(IN_TIME, today)
