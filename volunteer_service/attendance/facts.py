"""What ratings and «my hours» count: confirmed minutes, in one grouped query each."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from volunteer_service import policies
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import Complaint, Evaluation, ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules import stars
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.stars import Facts, Rating
from volunteer_service.teams.models import Team

#: Rows fetched at a time: memory stays flat at a million people.
STREAM = 2_000


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
    next_star_minutes: int | None
    before: list[HalfYearHours]
    lifetime_minutes: int
    lifetime: Rating
    waiting_minutes: int


def facts_for(half_year: HalfYear, area_path: str) -> Iterator[Facts]:
    """Facts of everybody at home under ``area_path`` with a confirmed record in the half-year.

    Streamed by rising volunteer id. Somebody whose home is unknown belongs where they serve.
    """
    home, served = aliased(Area), aliased(Area)
    query = (
        _facts(half_year)
        .outerjoin(home, home.id == Volunteer.area_id)
        .join(Team, Team.id == ServiceRecord.team_id)
        .join(served, served.id == Team.area_id)
        .where(
            or_(
                home.path.startswith(area_path, autoescape=True),
                and_(home.id.is_(None), served.path.startswith(area_path, autoescape=True)),
            )
        )
    )
    rows = db.session.execute(query.execution_options(yield_per=STREAM))
    for row in rows:
        yield _read(half_year, row)


def hours_of(volunteer_id: int, on: date) -> Hours:
    """A person's hours by half-year, with the way to the next star."""
    counted, waiting = _by_half_year(volunteer_id)
    half_year, policy = HalfYear.of(on), policies.active()
    row = db.session.execute(_facts(half_year).where(Volunteer.id == volunteer_id)).one_or_none()
    found = (
        _read(half_year, row)
        if row is not None
        else Facts(volunteer_id, half_year, 0, _registered_on(volunteer_id))
    )
    reached = sum(found.confirmed_minutes >= most for most in policy.star_minutes)
    ahead = policy.star_minutes[reached:]
    return Hours(
        now=HalfYearHours(half_year, found.confirmed_minutes),
        rating=stars.rate(found, policy),
        next_star_minutes=ahead[0] if ahead else None,
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


def _registered_on(volunteer_id: int) -> date:
    query = select(Volunteer.registered_on).where(Volunteer.id == volunteer_id)
    return db.session.scalars(query).one()


def _facts(half_year: HalfYear) -> Select[*tuple[int, date, int, int, int, int]]:
    counts = ServiceRecord.grade.in_(policies.active().grades_for_stars)
    upheld = (
        select(func.count())
        .where(
            Complaint.volunteer_id == Volunteer.id,
            Complaint.state == "upheld",
            _within(Complaint.happened_on, half_year),
        )
        .correlate(Volunteer)
        .scalar_subquery()
    )
    return (
        select(
            Volunteer.id,
            Volunteer.registered_on,
            func.sum(case((counts, ServiceRecord.minutes), else_=0)),
            upheld,
            func.count(Evaluation.id),
            func.coalesce(func.sum(Evaluation.score), 0),
        )
        .select_from(ServiceRecord)
        .join(Volunteer, Volunteer.id == ServiceRecord.volunteer_id)
        .outerjoin(Evaluation, Evaluation.record_id == ServiceRecord.id)
        .where(ServiceRecord.state == "confirmed", _within(ServiceRecord.served_on, half_year))
        .group_by(Volunteer.id, Volunteer.registered_on)
        .order_by(Volunteer.id)
    )


def _within(day: InstrumentedAttribute[date], half_year: HalfYear) -> ColumnElement[bool]:
    return day.between(half_year.starts_on, half_year.ends_on)


def _read(half_year: HalfYear, row: Row[*tuple[int, date, int, int, int, int]]) -> Facts:
    person, registered_on, minutes, complaints, count, total = row
    return Facts(person, half_year, int(minutes), registered_on, complaints, count, int(total))
