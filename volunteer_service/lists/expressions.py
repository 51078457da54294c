"""Expressions that the columns of several lists share; each gives one value for a row."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, String, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import RecordChange, ServiceRecord
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.teams.models import Membership, Team


def area_name(area_id: Any) -> ScalarSelect[Any]:
    """Return the name of the area with this id."""
    area = aliased(Area)
    return select(area.name).where(area.id == area_id).scalar_subquery()


def street_name(area_id: Any) -> ScalarSelect[Any]:
    """Return the name of the street that contains the area with this id."""
    area, street = aliased(Area), aliased(Area)
    return (
        select(street.name)
        .join(area, area.path.startswith(street.path))
        .where(area.id == area_id, street.parent_id.is_(None))
        .scalar_subquery()
    )


def account_name(account_id: Any) -> ScalarSelect[Any]:
    """Return the name of the account with this id."""
    account = aliased(Account)
    return select(account.name).where(account.id == account_id).scalar_subquery()


def confirmed_minutes(matches: ColumnElement[bool]) -> ColumnElement[int]:
    """Return the minutes of the confirmed records that match."""
    minutes = select(func.sum(ServiceRecord.minutes)).where(
        matches, ServiceRecord.state == "confirmed"
    )
    found: ColumnElement[int] = func.coalesce(minutes.scalar_subquery(), 0)
    return found


def confirmed_records(matches: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Return how many confirmed records match."""
    return (
        select(func.count(ServiceRecord.id))
        .where(matches, ServiceRecord.state == "confirmed")
        .scalar_subquery()
    )


def last_served(matches: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Return the day of the last confirmed record that matches."""
    return (
        select(func.max(ServiceRecord.served_on))
        .where(matches, ServiceRecord.state == "confirmed")
        .scalar_subquery()
    )


def team_names(volunteer_id: Any) -> ScalarSelect[Any]:
    """Return the names of the teams that a person is in."""
    return (
        select(func.aggregate_strings(Team.name, "、"))
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.volunteer_id == volunteer_id, Membership.state == "active")
        .scalar_subquery()
    )


def members(team_id: Any) -> ScalarSelect[Any]:
    """Return how many active people are in a team."""
    person = aliased(Volunteer)
    return (
        select(func.count(Membership.id))
        .join(person, person.id == Membership.volunteer_id)
        .where(
            Membership.team_id == team_id, Membership.state == "active", person.state == "active"
        )
        .scalar_subquery()
    )


def entry_source() -> ColumnElement[str | None]:
    """Return what an entry of the ledger is for: ``record:7`` or ``order:7``, or NULL.

    A reversal has the source of the entry that it takes back; a change of a record has the record.
    """
    first, change = aliased(Transfer), aliased(RecordChange)

    def first_or_own(column: str) -> ColumnElement[Any]:
        of_first = select(getattr(first, column)).where(first.id == Transfer.reverses_id)
        # Aliased, because the id is also used within another query.
        own: ColumnElement[Any] = getattr(Transfer, column)
        return func.coalesce(of_first.correlate(Transfer).scalar_subquery(), own)

    kind, id_ = first_or_own("source_type"), first_or_own("source_id")
    changed = select(change.record_id).where(change.id == id_).correlate(Transfer)
    record_of_change = changed.scalar_subquery()
    return case(
        (kind == "record", literal("record:") + cast(id_, String)),
        (kind == "change", literal("record:") + cast(record_of_change, String)),
        (kind == "redemption", literal("order:") + cast(id_, String)),
        else_=None,
    )


def last_stars(volunteer_id: Any) -> ScalarSelect[Any]:
    """Return the stars of a person's last final round; NULL for a person who was in none."""
    return (
        select(RoundResult.stars)
        .join(RoundResult.round)
        .where(RoundResult.volunteer_id == volunteer_id, Round.state == "final")
        .order_by(Round.half_year.desc(), Round.supplement.desc(), RoundResult.id.desc())
        .limit(1)
        .scalar_subquery()
    )
