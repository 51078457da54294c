"""Every list of staff by its name."""

from volunteer_service.errors import NotFound
from volunteer_service.lists.declaration import StaffList
from volunteer_service.lists.declared import (
    certificates,
    events,
    memberships,
    people,
    records,
    rewards,
    teams,
)
from volunteer_service.people.authorization.actor import Actor

LISTS = {
    each.name: each
    for each in (
        people.PEOPLE,
        teams.TEAMS,
        memberships.MEMBERSHIPS,
        events.EVENTS,
        records.RECORDS,
        certificates.CERTIFICATES,
        rewards.ORDERS,
        rewards.GIFTS,
    )
}


def open_to(name: str, *, by: Actor) -> StaffList:
    """The list of this name; NotFound to who does not read it."""
    found = LISTS.get(name)
    if found is None or not (found.is_for_all or by.has_role("admin", *found.roles)):
        raise NotFound()
    return found
