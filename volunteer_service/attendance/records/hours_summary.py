"""«My hours»: this half-year with its rating so far, the ones before, a lifetime."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records.rating_facts import facts_of, policy_of
from volunteer_service.db import db
from volunteer_service.openings import taken_over
from volunteer_service.openings.models import OpeningHours
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
    #: Hours by year taken over from an earlier system, and whether they count for that star.
    taken_over: Sequence[OpeningHours] = ()
    is_taken_over_counted: bool = False

    @property
    def taken_over_minutes(self) -> int:
        """Return the minutes of all years that were taken over; no other figure includes them."""
        return sum(row.minutes for row in self.taken_over)


def hours_of(volunteer_id: int, on: date) -> Hours:
    """Return a person's hours by half-year, with the way to the next star."""
    half_year = HalfYear.of(on)
    policy = policy_of(volunteer_id, half_year)
    counted, waiting = _by_half_year(volunteer_id)
    before = taken_over.hours_of(volunteer_id)
    counted_before = sum(row.minutes for row in before) * policy.openings_for_stars
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
        lifetime=stars.lifetime(counted.total() + counted_before, policy),
        waiting_minutes=waiting,
        taken_over=before,
        is_taken_over_counted=bool(policy.openings_for_stars),
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
