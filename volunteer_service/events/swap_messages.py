"""Tells people about requests to swap places, and the answers."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from volunteer_service.events.change_messages import hours, named
from volunteer_service.events.models import Shift, SignUp
from volunteer_service.people.messages import messages


def tell_asked(row: SignUp, wanted: SignUp, *, at: datetime) -> None:
    """Tell the holder of the wanted place which one is offered for it."""
    offered = named(row.shift.event, row.shift)
    facts = _place(wanted.shift) | {"other": offered["day"], "other_time": hours(row.shift)}
    messages.tell(wanted.volunteer_id, "swap_asked", at=at, **facts)


def tell_wanted(row: SignUp, people: Sequence[int], *, at: datetime) -> None:
    """Tell everybody who may stand in, and the leader, that somebody looks for a stand-in."""
    facts = _place(row.shift)
    messages.tell_each("stand_in_asked", [(who, facts) for who in people], at=at)
    messages.tell_account(row.shift.event.leader_id, "stand_in_looked_for", at=at, **facts)


def tell_exchanged(people: Iterable[tuple[int, Shift]], *, at: datetime) -> None:
    """Tell each person on which shift they serve now."""
    for volunteer_id, shift in people:
        messages.tell(volunteer_id, "swapped", at=at, **_place(shift))


def tell_stood_in(row: SignUp, *, at: datetime) -> None:
    """Tell the person who asked for a stand-in that one was found."""
    messages.tell(row.volunteer_id, "stand_in_found", at=at, **_place(row.shift))


def tell_declined(row: SignUp, *, at: datetime) -> None:
    """Tell the person who asked that the place is still theirs."""
    messages.tell(row.volunteer_id, "swap_declined", at=at, **_place(row.shift))


def _place(shift: Shift) -> dict[str, object]:
    return named(shift.event, shift) | {"time": hours(shift)}
