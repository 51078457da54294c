"""What waits for a decision, event by event: the leader ticks, and confirms an event at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from volunteer_service.attendance.check_ins import rosters
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, may


@dataclass
class Group:
    """The waiting records of one event, or of one name where there was no event (backfills)."""

    event_id: int | None
    name: str
    #: The reader may manage the event.
    may_manage: bool
    records: list[ServiceRecord] = field(default_factory=list)
    #: Ids that this reader may confirm; never their own.
    ticked: list[int] = field(default_factory=list)


def grouped(records: Iterable[ServiceRecord], by: Actor) -> list[Group]:
    """Return the records by event, in the order of each event's first record; within it by name."""
    found: dict[tuple[int | None, str], Group] = {}
    for record in records:
        group = found.setdefault((record.event_id, record.event_name), _empty(record, by))
        group.records.append(record)
        if record.waits_for == "leader" and "confirm" in rosters.may_decide(record, by=by):
            group.ticked.append(record.id)
    for group in found.values():
        group.records.sort(key=lambda record: record.volunteer.name_order)
    return list(found.values())


def _empty(record: ServiceRecord, by: Actor) -> Group:
    path, team_id = record.team.area.path, record.team_id
    manages = may(by, Right.EVENT_EDIT, area_path=path, team_id=team_id)
    return Group(record.event_id, record.event_name, manages)
