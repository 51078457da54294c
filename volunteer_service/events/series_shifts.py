"""Copies the shifts of one event of a series to another: times, places, breaks and posts."""

from collections.abc import Callable
from datetime import datetime

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.events import (
    copying,
    event_states,
    planning,
    post_requirements,
    rescheduling,
)
from volunteer_service.events.event_states import ShiftState
from volunteer_service.events.models import Event, Post, Shift
from volunteer_service.events.settled_places import Touched
from volunteer_service.people.authorization.actor import Actor

_ASKED = tuple(post_requirements.Requirements.__dataclass_fields__)


def carry(
    event: Event, other: Event, *, reason: str | None, by: Actor, at: datetime
) -> tuple[Touched, ...] | None:
    """Make the shifts of ``other`` those of ``event`` at the same hours of its own day.

    Shifts of one post are matched by their times, the rest in their order, so that people keep
    their places. Missing shifts are added, surplus ones removed. Returns the people affected; None
    where nothing changed.
    """
    days = settings.local_day(other.starts_at) - settings.local_day(event.starts_at)
    moved = copying.mover(days)
    posts = {post.name: _post(post, other, by, at) for post in event.posts}
    wanted = [
        (posts[row.post.name][0].id, _moved(event_states.shift_state(row), moved))
        for row in event.shifts
    ]
    edits, added = _matched(other, wanted)
    span = moved(event.starts_at), moved(event.ends_at)
    if added:
        other.starts_at = min(other.starts_at, span[0])
        other.ends_at = max(other.ends_at, span[1])
        db.session.flush()
    for post_id, state in added:
        planning.add_shift(
            other.id,
            post_id=post_id,
            starts_at=state.starts_at,
            ends_at=state.ends_at,
            capacity=state.capacity,
            breaks=state.breaks,
            by=by,
            at=at,
        )
    if edits or span != (other.starts_at, other.ends_at):
        changed = rescheduling.edit_shifts(other.id, edits, span=span, reason=reason, by=by, at=at)
        return changed.touched
    return () if added or any(is_new for _post_there, is_new in posts.values()) else None


def _moved(state: ShiftState, moved: Callable[[datetime], datetime]) -> ShiftState:
    breaks = tuple((moved(begins), moved(ends)) for begins, ends in state.breaks)
    first, last = moved(state.starts_at), moved(state.ends_at)
    return ShiftState(first, last, state.capacity, False, breaks)


def _post(post: Post, other: Event, by: Actor, at: datetime) -> tuple[Post, bool]:
    """Return the post of this name at the other event, and whether it is new or asks something
    new.
    """
    there = next((row for row in other.posts if row.name == post.name), None)
    is_new = there is None
    if there is None:
        there = planning.add_post(
            other.id,
            name=post.name,
            coefficient_centi=post.coefficient_centi,
            dangerous=post.dangerous,
            serves=post.serves,
            by=by,
            at=at,
        )
    asked = {name: getattr(post, name) for name in _ASKED}
    if all(getattr(there, name) == value for name, value in asked.items()):
        return there, is_new
    wanted = post_requirements.Requirements(**asked)
    return post_requirements.require(there.id, wanted, by=by, at=at), True


def _matched(
    other: Event, wanted: list[tuple[int, ShiftState]]
) -> tuple[dict[int, ShiftState], list[tuple[int, ShiftState]]]:
    """Return the new values of its shifts, by id, and the shifts that it lacks, each with its
    post.
    """
    left = list(wanted)
    pairs: list[tuple[Shift, ShiftState]] = []
    spare: list[Shift] = []
    for shift in other.shifts:
        same = (shift.post_id, shift.starts_at, shift.ends_at)
        found = next((x for x in left if (x[0], x[1].starts_at, x[1].ends_at) == same), None)
        if found is None:
            spare.append(shift)
        else:
            left.remove(found)
            pairs.append((shift, found[1]))
    for shift in spare:
        found = next((x for x in left if x[0] == shift.post_id), None)
        if found is None:
            was = event_states.shift_state(shift)
            gone = ShiftState(was.starts_at, was.ends_at, was.capacity, True, was.breaks)
            pairs.append((shift, gone))
        else:
            left.remove(found)
            pairs.append((shift, found[1]))
    edits = {shift.id: state for shift, state in pairs if event_states.shift_state(shift) != state}
    return edits, left
