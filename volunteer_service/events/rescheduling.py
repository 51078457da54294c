"""Changes a published event: its shifts, its day, its team.

Each verb writes the change, settles everybody's place, protects the minutes of people who came,
stores the former state, and tells the people affected. :func:`preview` does the same and rolls it
back, so that it shows what will happen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import select

from volunteer_service import journal
from volunteer_service.bounds import MOST_PLACES, whole
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.events import (
    change_messages,
    event_states,
    kept_minutes,
    planned_breaks,
    planning,
    presences,
    refusals,
    settled_places,
    stays,
)
from volunteer_service.events.event_states import EventState, ShiftState
from volunteer_service.events.models import Event, EventChange, Shift
from volunteer_service.events.settled_places import Touched
from volunteer_service.people.authentication.sessions import actor_of
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Account, Grant, Volunteer
from volunteer_service.scoring.rules.recognised_minutes import Span
from volunteer_service.teams.models import Team
from volunteer_service.visible_text import said

Told = TypeVar("Told")


@dataclass(frozen=True)
class Changed:
    """The result of a change: its event, whom it affected and how."""

    event_id: int
    touched: tuple[Touched, ...]
    #: Mark over the people affected; sent back as ``seen``, it proves that the preview is still
    #: true.
    mark: str


@said("reason")
def edit_shift(
    shift_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    breaks: Sequence[Span] | None = None,
    reason: str | None = None,
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> Changed:
    """Move, lengthen, shorten or resize a shift that is not over; the event is extended to include
    it.

    Without ``breaks`` its planned breaks stay, and move with a shift whose length stays. People who
    are elsewhere at the new time lose the place; if there are fewer places, the last people wait.
    The change is refused if somebody who came would have fewer minutes.
    """
    shift = fetch(Shift, shift_id)
    event = planning.editable(shift.event_id, by=by)
    was = event_states.shift_state(shift)
    pauses = _breaks(was, starts_at, ends_at) if breaks is None else tuple(sorted(breaks))
    wanted = ShiftState(starts_at, ends_at, capacity, was.is_removed, pauses)
    _need_possible(shift, wanted, at)
    if was == wanted:
        raise refusals.NothingChanged()

    def write() -> None:
        is_tight = _span(event) == (event.starts_at, event.ends_at)
        shift.starts_at, shift.ends_at, shift.capacity = starts_at, ends_at, capacity
        shift.breaks = planned_breaks.kept(pauses)
        first, last = _span(event)
        if not is_tight:
            first, last = min(first, event.starts_at), max(last, event.ends_at)
        event.starts_at, event.ends_at = first, last

    return _change("edit_shift", event, write, reason=reason, seen=seen, by=by, at=at)


@said("reason")
def remove_shift(
    shift_id: int,
    *,
    reason: str | None = None,
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> Changed:
    """Remove a shift from its event while nobody has come to it; its sign-ups end."""
    shift = fetch(Shift, shift_id)
    event = planning.editable(shift.event_id, by=by)
    _need_alive(shift, at)
    here = stays.presences_of(event.id, at)
    came = {row.volunteer_id for row in here if row.shift_id == shift.id}
    if came:
        raise refusals.PeopleCameToShift(count=len(came))
    if len(event.shifts) == 1 and event.state == "published":
        raise refusals.LastShift()

    def write() -> None:
        shift.removed_at = at
        db.session.flush()
        db.session.expire(event, ["shifts"])

    return _change("remove_shift", event, write, reason=reason, seen=seen, by=by, at=at)


@said("reason")
def edit_shifts(
    event_id: int,
    wanted: Mapping[int, ShiftState],
    *,
    span: Span,
    reason: str | None = None,
    by: Actor,
    at: datetime,
) -> Changed:
    """Change several shifts of an event, by id, and its beginning and end in one step.

    So nobody loses a place because of a shift that moves away in the same change. The rules are
    those of
    :func:`edit_shift` and :func:`remove_shift`.
    """
    event = planning.editable(event_id, by=by)
    shifts = {row.id: row for row in event.shifts}
    for id_, state in wanted.items():
        if id_ not in shifts:
            raise NotFound()
        _need_possible(shifts[id_], state, at)
    gone = {id_ for id_, state in wanted.items() if state.is_removed}
    here = stays.presences_of(event.id, at)
    came = {row.volunteer_id for row in here if row.shift_id in gone}
    if came:
        raise refusals.PeopleCameToShift(count=len(came))
    if gone == set(shifts) and event.state == "published":
        raise refusals.LastShift()

    def write() -> None:
        event.starts_at, event.ends_at = span
        for id_, state in wanted.items():
            row = shifts[id_]
            row.starts_at, row.ends_at = state.starts_at, state.ends_at
            row.capacity, row.breaks = state.capacity, planned_breaks.kept(state.breaks)
            row.removed_at = at if state.is_removed else None
        db.session.flush()
        db.session.expire(event, ["shifts"])

    return _change("edit_shift", event, write, reason=reason, seen=None, by=by, at=at)


def _need_possible(shift: Shift, state: ShiftState, at: datetime) -> None:
    _need_alive(shift, at)
    whole(state.capacity, 1, MOST_PLACES, "capacity")
    if state.ends_at <= state.starts_at:
        raise refusals.EndsBeforeStart(field="ends_at")
    if state.ends_at <= at:
        raise refusals.ChangedIntoPast(field="ends_at")
    planned_breaks.need_possible(state.breaks, state.starts_at, state.ends_at)


@said("reason")
def put_off(
    event_id: int,
    *,
    starts_at: datetime,
    reason: str | None = None,
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> Changed:
    """Move the whole event with all its shifts to another beginning, while nobody has come."""
    event = planning.editable(event_id, by=by)
    came = presences.at_event(event.id)
    if came:
        raise refusals.PeopleCameAlready(count=came)
    if starts_at <= at:
        raise refusals.ChangedIntoPast(field="starts_at")
    by_how_much = starts_at - event.starts_at
    if not by_how_much:
        raise refusals.NothingChanged()

    def write() -> None:
        _shift_all(event, by_how_much)

    return _change("put_off", event, write, reason=reason, seen=seen, by=by, at=at)


@said("reason")
def hand_over(
    event_id: int,
    *,
    team_id: int,
    reason: str | None = None,
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> Changed:
    """Give the event to another team, as an actor who may plan events of both; its leader leads it.

    If the new team has no leader, the actor leads it. Sign-ups stay; records made from now on name
    the new team.
    """
    event = planning.editable(event_id, by=by)
    team = fetch(Team, team_id)
    # Only the organising team gives an event away.
    for each in (event.team, team):
        rights.need(by, Right.EVENT_EDIT, area_path=each.area.path, team_id=each.id)
    if team.id == event.team_id:
        raise refusals.NothingChanged()
    planning.need_team(team)
    leader_id = _leader_of(team) or by.account_id or event.leader_id

    def write() -> None:
        event.team, event.leader_id = team, leader_id

    return _change("hand_over", event, write, reason=reason, seen=seen, by=by, at=at)


def preview(act: Callable[[], Told]) -> Told:
    """Return what a change would do, and leave everything as it is."""
    point = db.session.begin_nested()
    try:
        return act()
    finally:
        point.rollback()
        db.session.expire_all()


def _change(
    kind: str,
    event: Event,
    write: Callable[[], None],
    *,
    reason: str | None,
    seen: str | None,
    by: Actor,
    at: datetime,
) -> Changed:
    if event.state == "published" and not reason:
        raise Invalid(field="reason", why="请写明原因，报名的人会看到")
    hold_people(event)
    was = event_states.taken(event)
    # Asked before the change: the present times decide who stays on a shift.
    here = stays.presences_of(event.id, at)
    write()
    settled_places.settle(event, was, here, by=by, at=at)
    now = event_states.taken(event)
    kept_minutes.need_kept(here, was, now, at=at)
    touched = settled_places.touched(event, was, now, here)
    found = Changed(event.id, touched, mark(touched))
    if seen is not None and seen != found.mark:
        raise refusals.ChangedSincePreview()
    event.version += 1
    if event.state == "published":
        _keep(kind, event, was, now, reason or "", by, at)
        change_messages.tell(event, was, now, touched, by=by, at=at)
    journal.record(
        f"events.{kind}",
        event,
        account_id=by.account_id,
        door=by.door,
        at=at,
        reason=reason,
        touched=len(touched),
        values=event_states.changed_values(was, now),
    )
    db.session.flush()
    return found


def hold_people(event: Event) -> None:
    """Lock everybody who signed up until the commit, so that their other sign-ups come
    afterwards.
    """
    people = {row.volunteer_id for row in event_states.sign_ups_of(event.id)}
    query = select(Volunteer.id).where(Volunteer.id.in_(people)).order_by(Volunteer.id)
    db.session.execute(query.with_for_update(key_share=True))


def _keep(
    kind: str, event: Event, was: EventState, now: EventState, reason: str, by: Actor, at: datetime
) -> None:
    row = EventChange(
        event_id=event.id,
        kind=kind,
        at=at,
        account_id=by.account_id,
        reason=reason,
        before=event_states.kept(was, now),
        after=event_states.kept(now, was),
        format=event_states.FORMAT,
    )
    db.session.add(row)


def mark(touched: Sequence[Touched]) -> str:
    """Return the mark over the people whom a change affects, and how."""
    lines = "\n".join(f"{row.sign_up_id} {row.outcome}" for row in touched)
    return sha256(lines.encode()).hexdigest()[:32]


def _need_alive(shift: Shift, at: datetime) -> None:
    if shift.removed_at is not None:
        raise refusals.ShiftRemoved()
    if shift.ends_at <= at or shift.closed_at is not None:
        raise refusals.ShiftOver()


def _span(event: Event) -> tuple[datetime, datetime]:
    return (
        min(row.starts_at for row in event.shifts),
        max(row.ends_at for row in event.shifts),
    )


def _shift_all(event: Event, by_how_much: timedelta) -> None:
    event.starts_at, event.ends_at = event.starts_at + by_how_much, event.ends_at + by_how_much
    for shift in event_states.shifts_of(event.id):
        shift.starts_at += by_how_much
        shift.ends_at += by_how_much
        breaks = shift.planned_breaks
        shift.breaks = planned_breaks.kept(planned_breaks.moved(breaks, by_how_much))


def _breaks(was: ShiftState, starts_at: datetime, ends_at: datetime) -> tuple[Span, ...]:
    """Return the breaks of a shift with new times: moved with it, or unchanged."""
    by_how_much = starts_at - was.starts_at
    is_moved = by_how_much == ends_at - was.ends_at
    return planned_breaks.moved(was.breaks, by_how_much) if is_moved else was.breaks


def _leader_of(team: Team) -> int | None:
    """Return the account of the team's first leader who can sign in and may plan its events."""
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.team_id == team.id, Grant.role == "leader", Account.disabled_at.is_(None))
        .order_by(Grant.id)
    )
    path = team.area.path
    return next(
        (
            row.id
            for row in db.session.scalars(query)
            if rights.may(
                actor_of(row, door="page"), Right.EVENT_EDIT, area_path=path, team_id=team.id
            )
        ),
        None,
    )
