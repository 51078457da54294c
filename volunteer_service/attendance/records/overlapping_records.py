"""Find the records that a person has over a time or on a day; a second one over the same time is
refused.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import occupied_times
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules.recognised_minutes import Span

#: Records in these states occupy their time.
STANDS = ("waiting", "confirmed")


def hold_people(volunteer_ids: Iterable[int]) -> None:
    """Lock these people until the commit, so that decisions on their hours come one after the
    other.

    Two events of one person that close at once must not both find the day empty.
    """
    db.session.execute(
        select(Volunteer.id)
        .where(Volunteer.id.in_(set(volunteer_ids)))
        .order_by(Volunteer.id)
        # Not their key, so that they can still check in elsewhere meanwhile.
        .with_for_update(key_share=True)
    )


def minutes_by_day(
    volunteer_ids: Iterable[int], day: date, *, but: int | None = None
) -> Counter[int]:
    """Return the minutes of each person's standing records on a local day, one record left out."""
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


def overlapping(volunteer_id: int, times: Iterable[Span], *, but: int | None = None) -> int | None:
    """Return the id of a valid record of the person that occupies some of these times, or None."""
    wanted = list(times)
    query = select(ServiceRecord).where(
        ServiceRecord.volunteer_id == volunteer_id,
        ServiceRecord.starts_at < max(last for _first, last in wanted),
        ServiceRecord.ends_at > min(first for first, _last in wanted),
        ServiceRecord.state.in_(STANDS),
    )
    if but is not None:
        query = query.where(ServiceRecord.id != but)
    for record in db.session.scalars(query.order_by(ServiceRecord.id)).all():
        if occupied_times.meet(wanted, occupied_times.of_record(record)):
            return record.id
    return None
