"""Counts what a star depends on: confirmed minutes with their records, complaints and evaluations,
in one grouped query.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, cast, func, or_, select
from sqlalchemy.orm import aliased

from volunteer_service import policies
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import Complaint, Evaluation, ServiceRecord
from volunteer_service.db import db, fetch
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.stars import Facts, read_records
from volunteer_service.teams.models import Team

#: Rows fetched at a time: memory stays flat at a million people.
STREAM = 2_000

#: Person, registered on, minutes, then what `SOURCES` add.
_Query = Select[*tuple[Any, ...]]


def facts_for(half_year: HalfYear, area_path: str, policy: Policy) -> Iterator[Facts]:
    """Yield everybody of the area with confirmed records that count for stars, by rising volunteer
    id.

    A person belongs to the area where they live or, with no known home, where they served. All
    their minutes count wherever they served, so that nobody is rated in two places.
    """
    records = _records(half_year, policy)
    query = _grouped(half_year, records).where(_belongs(records, area_path))
    return _read(query.join(records, records.c.volunteer_id == Volunteer.id), half_year)


def facts_of(
    half_year: HalfYear, volunteer_ids: Collection[int], policy: Policy
) -> Iterator[Facts]:
    """Yield the same for these people alone, including those without any record (0 minutes)."""
    records = _records(half_year, policy)
    query = _grouped(half_year, records).where(Volunteer.id.in_(volunteer_ids))
    return _read(query.outerjoin(records, records.c.volunteer_id == Volunteer.id), half_year)


def policy_of(volunteer_id: int, half_year: HalfYear) -> Policy:
    """Return the policy by which a person is rated in a half-year: that of their home."""
    home_id = fetch(Volunteer, volunteer_id).area_id
    path = fetch(Area, home_id).path if home_id is not None else "/"
    return policies.of_round(path, half_year)


def _grouped(half_year: HalfYear, records: Subquery) -> _Query:
    columns: list[Any] = [
        Volunteer.id.label("volunteer_id"),
        Volunteer.registered_on,
        func.coalesce(records.c.confirmed_minutes, 0).label("confirmed_minutes"),
        func.coalesce(records.c.records, "").label("records"),
    ]
    query = select(*columns).select_from(Volunteer)
    for source in SOURCES:
        found = source(half_year)
        numbers = [column for column in found.c if column.name != "volunteer_id"]
        query = query.outerjoin(found, found.c.volunteer_id == Volunteer.id).add_columns(
            *(func.coalesce(column, 0).label(column.name) for column in numbers)
        )
    return query.where(Volunteer.state != "disowned").order_by(Volunteer.id)


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
            func.sum(ServiceRecord.minutes).label("confirmed_minutes"),
            func.min(ServiceRecord.team_id).label("team_id"),
            func.aggregate_strings(_worded(), " ").label("records"),
        )
        .where(_counted(half_year, policy))
        .group_by(ServiceRecord.volunteer_id)
        .subquery("records")
    )


def _worded() -> ColumnElement[str]:
    """A record as :class:`~volunteer_service.scoring.rules.stars.FrozenRecord` reads it."""
    id_, minutes = cast(ServiceRecord.id, String), cast(ServiceRecord.minutes, String)
    return id_ + ":" + minutes + ":" + ServiceRecord.grade


def _complaints(half_year: HalfYear) -> Subquery:
    return (
        select(Complaint.volunteer_id, func.count().label("upheld_complaints"))
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
            func.count().label("evaluation_count"),
            func.sum(Evaluation.score).label("evaluation_sum"),
        )
        .join(Evaluation, Evaluation.record_id == ServiceRecord.id)
        .where(
            ServiceRecord.state == "confirmed",
            ServiceRecord.served_on.between(half_year.starts_on, half_year.ends_on),
        )
        .group_by(ServiceRecord.volunteer_id)
        .subquery("evaluations")
    )


#: Queries of the facts beside the minutes: a person, and columns with the names of the facts.
SOURCES: list[Callable[[HalfYear], Subquery]] = [_complaints, _evaluations]


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
    for row in db.session.execute(query, execution_options={"yield_per": STREAM}).mappings():
        # PostgreSQL sums whole numbers into decimals.
        numbers = {name: int(row[name]) for name in row if name not in ("registered_on", "records")}
        yield Facts(
            half_year=half_year,
            registered_on=row["registered_on"],
            records=read_records(row["records"]),
            **numbers,
        )
