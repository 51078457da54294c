"""Lists of records and disputes, for their volunteers and for staff who may see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import contains_eager

from volunteer_service import paging
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import Dispute, ServiceRecord
from volunteer_service.db import fetch
from volunteer_service.events import event_teams
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.teams.models import Team

RECORD_SORTS = paging.Sorts(ServiceRecord.id, "-starts_at", starts_at=ServiceRecord.starts_at)
DISPUTE_SORTS = paging.Sorts(
    Dispute.id, "opened_at", opened_at=Dispute.opened_at, decided_at=Dispute.decided_at
)


@dataclass(frozen=True, kw_only=True)
class RecordFilter:
    """Which records a list shows; days are local and both count."""

    volunteer_id: int | None = None
    team_id: int | None = None
    area_id: int | None = None
    event_id: int | None = None
    state: str | None = None
    waits_for: str | None = None
    half_year: HalfYear | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DisputeFilter:
    """Which disputes a list shows, by the day on which they were opened."""

    state: str | None = None
    volunteer_id: int | None = None
    team_id: int | None = None
    area_id: int | None = None
    from_on: date | None = None
    to_on: date | None = None


def records_of(
    volunteer_id: int, *, cursor: str | None = None, limit: int = 50
) -> paging.Page[ServiceRecord]:
    """Return a person's records, newest first."""
    query = select(ServiceRecord).where(ServiceRecord.volunteer_id == volunteer_id)
    return paging.page(query, RECORD_SORTS, cursor=cursor, limit=limit)


def listing(
    by: Actor,
    wanted: RecordFilter,
    *,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> paging.Page[ServiceRecord]:
    """Return records that the reader may see, own ones included, newest first."""
    query = (
        select(ServiceRecord)
        .join(ServiceRecord.team)
        .join(Team.area)
        .join(ServiceRecord.volunteer)
        .options(
            contains_eager(ServiceRecord.volunteer),
            contains_eager(ServiceRecord.team).contains_eager(Team.area),
        )
        .where(
            seen_by(by),
            *_wanted_records(wanted),
        )
    )
    return paging.page(query, RECORD_SORTS, sort=sort, cursor=cursor, limit=limit)


def disputes(
    by: Actor,
    wanted: DisputeFilter | None = None,
    *,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> paging.Page[Dispute]:
    """Return disputes that the reader may see, own ones included, oldest first; without a filter,
    the open ones.
    """
    query = (
        select(Dispute)
        .join(Dispute.record)
        .join(ServiceRecord.team)
        .join(Team.area)
        .options(contains_eager(Dispute.record).joinedload(ServiceRecord.volunteer))
        .where(
            or_(_places(by), Dispute.volunteer_id == by.volunteer_id),
            *_wanted_disputes(wanted or DisputeFilter(state="open")),
        )
    )
    return paging.page(query, DISPUTE_SORTS, sort=sort, cursor=cursor, limit=limit)


def seen_by(by: Actor) -> ColumnElement[bool]:
    """Return the WHERE of records that the reader may see, own ones included; joined to team and
    area.
    """
    return or_(_places(by), ServiceRecord.volunteer_id == by.volunteer_id)


def _places(by: Actor) -> ColumnElement[bool]:
    paths, teams = rights.places(by, Right.RECORD_SEE)
    found = [Area.path.startswith(path, autoescape=True) for path in paths]
    if not teams and not paths:
        return false()
    shared = ServiceRecord.event_id.in_(event_teams.shared_with(by, Right.RECORD_SEE))
    return or_(ServiceRecord.team_id.in_(teams), shared, *found)


def _wanted_records(wanted: RecordFilter) -> Iterator[ColumnElement[bool]]:
    equal = {
        ServiceRecord.volunteer_id: wanted.volunteer_id,
        ServiceRecord.team_id: wanted.team_id,
        ServiceRecord.event_id: wanted.event_id,
        ServiceRecord.state: wanted.state,
        ServiceRecord.waits_for: wanted.waits_for,
    }
    yield from (column == value for column, value in equal.items() if value is not None)
    if wanted.area_id is not None:
        yield _under(wanted.area_id)
    if wanted.half_year is not None:
        days = (wanted.half_year.starts_on, wanted.half_year.ends_on)
        yield ServiceRecord.served_on.between(*days)
    if wanted.from_on is not None:
        yield ServiceRecord.served_on >= wanted.from_on
    if wanted.to_on is not None:
        yield ServiceRecord.served_on <= wanted.to_on


def _wanted_disputes(wanted: DisputeFilter) -> Iterator[ColumnElement[bool]]:
    equal = {
        Dispute.state: wanted.state,
        Dispute.volunteer_id: wanted.volunteer_id,
        ServiceRecord.team_id: wanted.team_id,
    }
    yield from (column == value for column, value in equal.items() if value is not None)
    if wanted.area_id is not None:
        yield _under(wanted.area_id)
    yield from paging.on_days(Dispute.opened_at, wanted.from_on, wanted.to_on)


def _under(area_id: int) -> ColumnElement[bool]:
    return Area.path.startswith(fetch(Area, area_id).path, autoescape=True)
