"""Finds who may decide on a service record: with the right, and never on one's own."""

from collections.abc import Callable, Sequence
from datetime import datetime

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import fetch
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import Right

#: The rights that leaders of each team of a record's event have.
_OF_THE_EVENT = (Right.RECORD_SEE, Right.RECORD_CONFIRM)


def others(
    record: ServiceRecord, right: Right, *, at: datetime, first: int | None = None
) -> Callable[[], Who]:
    """Return who may decide on this record, other than its volunteer and the person who
    entered it.
    """

    def found() -> Who:
        return conflicts.who_may(
            right,
            record.team.area.path,
            first,
            at=at,
            team_id=record.team_id,
            but=[record.volunteer_id],
        )

    return found


def held(record_id: int, right: Right, by: Actor, at: datetime) -> ServiceRecord:
    """Return the record, locked until the commit, for an actor who may decide on it."""
    record = with_right(record_id, right, by)
    need_others([record], right, by, at)
    return record


def with_right(record_id: int, right: Right, by: Actor) -> ServiceRecord:
    """Return the record, locked, for an actor with the right; their own case is checked next."""
    record = fetch(ServiceRecord, record_id, lock=True)
    need(by, right, record)
    return record


def need(by: Actor, right: Right, record: ServiceRecord) -> None:
    """Pass for the right over the record's team.

    Leaders of each team that runs the event see and confirm its records; a coordinator's decisions
    are made where the hours count.
    """
    rights.need_at_one(by, right, _places(right, record))


def may(by: Actor, right: Right, record: ServiceRecord) -> bool:
    """Tell whether :func:`need` passes."""
    return any(
        rights.may(by, right, area_path=path, team_id=team_id)
        for path, team_id in _places(right, record)
    )


def _places(right: Right, record: ServiceRecord) -> list[tuple[str, int | None]]:
    teams = [record.team]
    if record.event is not None and record.event.partners and right in _OF_THE_EVENT:
        teams += [record.event.team, *record.event.partners]
    return [(team.area.path, team.id) for team in teams]


def need_others(records: Sequence[ServiceRecord], right: Right, by: Actor, at: datetime) -> None:
    """Refuse an actor's own record: hours are worth points, so nobody decides on their own."""
    first: dict[int, ServiceRecord] = {}
    for record in records:
        first.setdefault(record.volunteer_id, record)
    own = conflicts.first_conflict(by, first, at=at)
    if own is not None:
        conflicts.need_other(by, [own], at=at, who=others(first[own], right, at=at))
