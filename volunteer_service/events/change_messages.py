"""Tells people what a change of their event means for them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from volunteer_service import settings
from volunteer_service.events import event_states
from volunteer_service.events.event_states import HELD, EventState
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.events.settled_places import Touched
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages

#: Outcomes after which somebody still has a place or waits for one, and those that end it.
STAYS, ENDED = ("moved", "inside", "waiting"), ("clash", "too_young", "removed")


def tell(
    event: Event,
    was: EventState,
    now: EventState,
    touched: Sequence[Touched],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Tell each person whom a change affects, and both leaders if the team changes.

    The promotion itself tells those who got a place from the waiting list.
    """
    shifts = {row.id: row for row in event_states.sign_ups_of(event.id)}
    for row in touched:
        shift = shifts[row.sign_up_id].shift
        if row.outcome in STAYS:
            facts = named(event, shift) | {"time": hours(shift), "outcome": row.outcome}
            messages.tell(row.volunteer_id, "shift_changed", at=at, **facts)
        elif row.outcome in ENDED:
            facts = named(event, shift) | {"outcome": row.outcome}
            messages.tell(row.volunteer_id, "place_ended", at=at, **facts)
        elif row.outcome == "team":
            facts = named(event, shift) | {"team": now.team_name}
            messages.tell(row.volunteer_id, "event_handed_over", at=at, **facts)
    if was.team_id != now.team_id:
        _tell_leaders(event, was, now, by, at)


def tell_serving(event: Event, touched: Iterable[Touched], *, at: datetime) -> None:
    """Tell each person whose post now serves, or no longer serves."""
    shifts = {row.id: row.shift for row in event_states.sign_ups_of(event.id)}
    for row in touched:
        shift = shifts[row.sign_up_id]
        facts = named(event, shift) | {"time": hours(shift), "outcome": row.outcome}
        messages.tell(row.volunteer_id, "serving_changed", at=at, **facts)


def tell_place(event: Event, *, at: datetime) -> None:
    """Tell everybody who signed up that the event is somewhere else."""
    place = event.meeting_point or event.place
    people = {
        row.volunteer_id: row.shift
        for row in event_states.sign_ups_of(event.id)
        if row.state in HELD
    }
    told = [(who, named(event, people[who]) | {"place": place}) for who in sorted(people)]
    messages.tell_each("event_place_changed", told, at=at)


def tell_undone(event: Event, touched: Iterable[Touched], *, at: datetime) -> None:
    """Tell each person affected by the undoing of a change what their place is now."""
    rows = {row.id: row for row in event_states.sign_ups_of(event.id)}
    for each in touched:
        row = rows[each.sign_up_id]
        place = row.state if row.state in HELD else "cancelled"
        facts = named(event, row.shift) | {"time": hours(row.shift), "place": place}
        messages.tell(row.volunteer_id, "event_change_undone", at=at, **facts)


def named(event: Event, shift: Shift) -> dict[str, object]:
    """Return what a message says of the event: its name and the shift's local day."""
    day = settings.local_day(shift.starts_at).isoformat()
    return {"event": event.id, "title": event.title, "day": day}


def hours(shift: Shift) -> str:
    """Return a shift's local hours: ``09:00–11:00``."""
    zone = settings.current().zone
    return f"{shift.starts_at.astimezone(zone):%H:%M}–{shift.ends_at.astimezone(zone):%H:%M}"


def tell_placed(row: SignUp, shift: Shift, *, at: datetime) -> None:
    """Tell a person that a place is theirs, or that they wait for one."""
    facts = named(shift.event, shift) | {"time": hours(shift)}
    kind = "place_confirmed" if row.state == "confirmed" else "place_waiting"
    messages.tell(row.volunteer_id, kind, at=at, **facts)


def tell_promoted(row: SignUp, shift: Shift, *, at: datetime) -> None:
    """Tell a person who waited that a place is theirs."""
    messages.tell(row.volunteer_id, "sign_up_promoted", at=at, **named(shift.event, shift))


def tell_offered(row: SignUp, shift: Shift, until: datetime, *, at: datetime) -> None:
    """Tell a person who waits that a place is kept for them, and until when they may answer."""
    facts = named(shift.event, shift) | {
        "time": hours(shift),
        "place": row.id,
        "until": until_words(until),
    }
    messages.tell(row.volunteer_id, "place_offered", at=at, **facts)


def until_words(until: datetime) -> str:
    """Return the local time until which a place is kept: ``11-28 09:00``."""
    return f"{until.astimezone(settings.current().zone):%m-%d %H:%M}"


def tell_lapsed(row: SignUp, shift: Shift, *, at: datetime) -> None:
    """Tell a person who did not answer that the place went to the next one."""
    messages.tell(row.volunteer_id, "place_offer_lapsed", at=at, **named(shift.event, shift))


def tell_leader_lapsed(shift: Shift, free: int, *, at: datetime) -> None:
    """Tell the leader that nobody answered for a kept place, and how many places are free now."""
    facts = named(shift.event, shift) | {"time": hours(shift), "free": free}
    messages.tell_account(shift.event.leader_id, "offer_unanswered", at=at, **facts)


def _tell_leaders(event: Event, was: EventState, now: EventState, by: Actor, at: datetime) -> None:
    day = settings.local_day(event.starts_at).isoformat()
    facts = {"event": event.id, "title": event.title, "day": day, "team": now.team_name}
    for leader_id, kind in ((was.leader_id, "event_given_away"), (now.leader_id, "event_to_lead")):
        if leader_id != by.account_id:
            messages.tell_account(leader_id, kind, at=at, **facts)
