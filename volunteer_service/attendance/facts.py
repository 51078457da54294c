"""What a star depends on: confirmed minutes, complaints and evaluations, in one grouped query."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select
from sqlalchemy.orm import aliased

from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import Complaint, Evaluation, ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.stars import Facts
from volunteer_service.teams.models import Team

#: Rows fetched at a time: memory stays flat at a million people.
STREAM = 2_000

#: Person, minutes, registered on, upheld complaints, evaluations and their sum.
_Query = Select[int, Any, date, Any, Any, Any]


def facts_for(half_year: HalfYear, area_path: str, policy: Policy) -> Iterator[Facts]:
    """Everybody of the area with confirmed records that count for stars, by rising volunteer id.

    A person belongs where they live; where no home is known, where they served. All their
    minutes count wherever they served, so that nobody is rated in two places.
    """
    records = _records(half_year, policy)
    query = _grouped(half_year, records).where(_belongs(records, area_path))
    return _read(query.join(records, records.c.volunteer_id == Volunteer.id), half_year)


def facts_of(
    half_year: HalfYear, volunteer_ids: Collection[int], policy: Policy
) -> Iterator[Facts]:
    """The same for these people alone, also for one without any record (0 minutes)."""
    records = _records(half_year, policy)
    query = _grouped(half_year, records).where(Volunteer.id.in_(volunteer_ids))
    return _read(query.outerjoin(records, records.c.volunteer_id == Volunteer.id), half_year)


def _grouped(half_year: HalfYear, records: Subquery) -> _Query:
    complaints, evaluations = _complaints(half_year), _evaluations(half_year)
    zero = func.coalesce
    return (
        select(
            Volunteer.id,
            zero(records.c.minutes, 0),
            Volunteer.registered_on,
            zero(complaints.c.upheld, 0),
            zero(evaluations.c.count, 0),
            zero(evaluations.c.sum, 0),
        )
        .select_from(Volunteer)
        .outerjoin(complaints, complaints.c.volunteer_id == Volunteer.id)
        .outerjoin(evaluations, evaluations.c.volunteer_id == Volunteer.id)
        .where(Volunteer.state != "disowned")
        .order_by(Volunteer.id)
    )


def _counted(half_year: HalfYear, policy: Policy) -> ColumnElement[bool]:
    return (
        (ServiceRecord.state == "confirmed")
        & ServiceRecord.served_on.between(half_year.starts_on, half_year.ends_on)
        & ServiceRecord.grade.in_(policy.grades_for_stars)
    )


def _records(half_year: HalfYear, policy: Policy) -> Subquery:
    return (
        select(
            ServiceRecord.volunteer_id,
            func.sum(ServiceRecord.minutes).label("minutes"),
            func.min(ServiceRecord.team_id).label("team_id"),
        )
        .where(_counted(half_year, policy))
        .group_by(ServiceRecord.volunteer_id)
        .subquery("records")
    )


def _complaints(half_year: HalfYear) -> Subquery:
    return (
        select(Complaint.volunteer_id, func.count().label("upheld"))
        .where(
            Complaint.state == "upheld",
            Complaint.happened_on.between(half_year.starts_on, half_year.ends_on),
        )
        .group_by(Complaint.volunteer_id)
        .subquery("complaints")
    )


def _evaluations(half_year: HalfYear) -> Subquery:
    return (
        select(
            ServiceRecord.volunteer_id,
            func.count().label("count"),
            func.sum(Evaluation.score).label("sum"),
        )
        .join(Evaluation, Evaluation.record_id == ServiceRecord.id)
        .where(
            ServiceRecord.state == "confirmed",
            ServiceRecord.served_on.between(half_year.starts_on, half_year.ends_on),
        )
        .group_by(ServiceRecord.volunteer_id)
        .subquery("evaluations")
    )


def _belongs(records: Subquery, area_path: str) -> ColumnElement[bool]:
    home, served = aliased(Area), aliased(Area)
    under_home = select(home.id).where(home.path.startswith(area_path, autoescape=True))
    under_served = (
        select(Team.id)
        .join(served, served.id == Team.area_id)
        .where(served.path.startswith(area_path, autoescape=True))
    )
    return or_(
        Volunteer.area_id.in_(under_home),
        Volunteer.area_id.is_(None) & records.c.team_id.in_(under_served),
    )


def _read(query: _Query, half_year: HalfYear) -> Iterator[Facts]:
    for row in db.session.execute(query, execution_options={"yield_per": STREAM}):
        person, minutes, registered_on, upheld, count, total = row
        yield Facts(person, half_year, int(minutes), registered_on, upheld, count, int(total))
