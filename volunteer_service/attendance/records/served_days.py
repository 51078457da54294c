"""On which days a person served and how long, for the calendar and the bars of their own year."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db


def minutes_by_day(volunteer_id: int, *, since: date, until: date) -> Mapping[date, int]:
    """Return the confirmed minutes of a person by local day, without days of none."""
    query = (
        select(ServiceRecord.served_on, func.sum(ServiceRecord.minutes))
        .where(
            ServiceRecord.volunteer_id == volunteer_id,
            ServiceRecord.state == "confirmed",
            ServiceRecord.served_on.between(since, until),
        )
        .group_by(ServiceRecord.served_on)
        .order_by(ServiceRecord.served_on)
    )
    return {day: int(minutes) for day, minutes in db.session.execute(query)}
