"""Every staff list by its name."""

from volunteer_service.errors import NotFound
from volunteer_service.lists.declaration import StaffList
from volunteer_service.lists.declared import (
    anomalies,
    batches,
    certificates,
    deliveries,
    events,
    exports,
    imports,
    late_changes,
    memberships,
    oversight,
    people,
    points,
    records,
    results,
    rewards,
    shifts,
    sign_ups,
    stock_moves,
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
        records.WAITING,
        anomalies.ANOMALIES,
        certificates.CERTIFICATES,
        rewards.ORDERS,
        rewards.GIFTS,
        points.ENTRIES,
        results.RESULTS,
        late_changes.LATE_CHANGES,
        shifts.SHIFTS,
        sign_ups.SIGN_UPS,
        stock_moves.STOCK_MOVES,
        imports.IMPORTS,
        imports.REFUSED_ROWS,
        oversight.ACCOUNTS,
        oversight.LOOKS,
        oversight.JOURNAL,
        batches.BATCHES,
        deliveries.DELIVERIES,
        exports.EXPORTS,
    )
}
exports.TITLES.update({name: (each.title, "plain") for name, each in LISTS.items()})


def all_open_to(*, by: Actor) -> list[StaffList]:
    """Return the lists that somebody reads, in the order in which a page names them."""
    return [found for found in LISTS.values() if is_open_to(found, by=by)]


def is_open_to(found: StaffList, *, by: Actor) -> bool:
    """Return whether this actor may read this list."""
    return found.is_for_all or by.has_role("admin", *found.roles)


def open_to(name: str, *, by: Actor) -> StaffList:
    """Return the list of this name; NotFound for an actor who may not read it."""
    found = LISTS.get(name)
    if found is None or not is_open_to(found, by=by):
        raise NotFound()
    return found
