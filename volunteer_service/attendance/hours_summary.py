"""«My hours»: this half-year with its rating so far, the ones before, a lifetime."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from volunteer_service import policies
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.rating_facts import facts_of
from volunteer_service.db import db, fetch
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules import stars
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.stars import Rating


@dataclass(frozen=True)
class HalfYearHours:
    """Confirmed minutes of a half-year."""

    half_year: HalfYear
    minutes: int


@dataclass(frozen=True)
class Hours:
    """A person's hours: this half-year with its rating so far, the ones before, a lifetime."""

    now: HalfYearHours
    rating: Rating
    before: list[HalfYearHours]
    lifetime_minutes: int
    lifetime: Rating
    waiting_minutes: int


def hours_of(volunteer_id: int, on: date) -> Hours:
    """A person's hours by half-year, with the way to the next star."""
    fetch(Volunteer, volunteer_id)
    counted, waiting = _by_half_year(volunteer_id)
    half_year, policy = HalfYear.of(on), policies.active()
    [found] = facts_of(half_year, [volunteer_id], policy)
    return Hours(
        now=HalfYearHours(half_year, found.confirmed_minutes),
        rating=stars.rate(found, policy),
        before=[
            HalfYearHours(half, minutes)
            for half, minutes in sorted(counted.items(), reverse=True)
            if half != half_year
        ],
        lifetime_minutes=counted.total(),
        lifetime=stars.lifetime(counted.total(), policy),
        waiting_minutes=waiting,
    )


def _by_half_year(volunteer_id: int) -> tuple[Counter[HalfYear], int]:
    rows = db.session.execute(
        select(ServiceRecord.served_on, ServiceRecord.state, func.sum(ServiceRecord.minutes))
        .where(
            ServiceRecord.volunteer_id == volunteer_id,
            ServiceRecord.state.in_(("confirmed", "waiting")),
        )
        .group_by(ServiceRecord.served_on, ServiceRecord.state)
    ).all()
    counted: Counter[HalfYear] = Counter()
    for served_on, state, minutes in rows:
        if state == "confirmed":
            counted[HalfYear.of(served_on)] += int(minutes)
    return counted, sum(int(minutes) for _day, state, minutes in rows if state == "waiting")
