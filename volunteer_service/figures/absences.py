"""Members of a team who have not come for long: the people behind the figure ``members_absent``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.figures import counting
from volunteer_service.figures.counting import Place
from volunteer_service.figures.periods import Period
from volunteer_service.teams.models import Membership


@dataclass(frozen=True)
class Absent:
    """Somebody's place in a team, and the day on which they last served with it, if ever."""

    membership: Membership
    last_on: date | None


def of_teams(place: Place, period: Period, *, today: datetime, limit: int) -> Sequence[Absent]:
    """Return members who have not come for long: those who came most recently first, those who
    never came last.
    """
    ids = counting.behind(place, period, counting.BY_CODE["members_absent"], today=today)
    if ids is None or not (place.paths or place.team_ids):
        return []
    last = (
        select(func.max(ServiceRecord.served_on))
        .where(
            ServiceRecord.team_id == Membership.team_id,
            ServiceRecord.volunteer_id == Membership.volunteer_id,
            ServiceRecord.state == "confirmed",
        )
        .correlate(Membership)
        .scalar_subquery()
    )
    query = (
        select(Membership, last)
        .join(Membership.volunteer)
        .options(contains_eager(Membership.volunteer))
        .where(Membership.id.in_(ids))
        .order_by(last.is_(None), last.desc(), Membership.id)
    )
    return [Absent(row, on) for row, on in db.session.execute(query.limit(limit))]
