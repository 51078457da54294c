"""Finds people who are on a shift without an entry of their own: they stayed from the shift before.

One scan brings a person through shifts back to back; the entries between are written with the next
scan, or when the shifts are closed. Until then every act that changes an event, or gives a place to
somebody else, asks here, too, who is there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.events.models import Attendance, Shift, SignUp
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.recognised_minutes import window


class Timed(Protocol):
    """Something with a beginning and an end."""

    @property
    def starts_at(self) -> datetime:
        """The beginning."""

    @property
    def ends_at(self) -> datetime:
        """The end."""


Span = TypeVar("Span", bound=Timed)


def chained(first: Span, others: Iterable[Span], policy: Policy) -> list[Span]:
    """Return those of the others, by time, whose check-in is open when the one before ends.

    Nobody leaves between the first and them.
    """
    chain = [first]
    for each in others:
        opens = window(each.starts_at, each.ends_at, policy)[0]
        if each.starts_at >= chain[-1].ends_at and opens <= chain[-1].ends_at:
            chain.append(each)
    return chain[1:]


@dataclass(frozen=True)
class Presence:
    """A person on a shift: one entry with its exit, None while they are there."""

    sign_up_id: int
    volunteer_id: int
    shift: Shift
    checked_in_at: datetime
    checked_out_at: datetime | None

    @property
    def shift_id(self) -> int:
        """Id of the shift."""
        return self.shift.id


def presences_of(event_id: int, at: datetime) -> list[Presence]:
    """Return who came to the event on which shift, and who stays on which one at this time."""
    query = select(Attendance).options(joinedload(Attendance.shift).joinedload(Shift.post))
    came = db.session.scalars(query.where(Attendance.event_id == event_id).order_by(Attendance.id))
    entered = [
        Presence(row.sign_up_id, row.volunteer_id, row.shift, row.checked_in_at, row.checked_out_at)
        for row in came
    ]
    return [*entered, *_staying(SignUp.event_id == event_id, at)]


def staying(event_id: int, people: Collection[int], at: datetime) -> set[int]:
    """Return the sign-ups of these people on whose shift they stay from the one before it."""
    theirs = (SignUp.event_id == event_id) & SignUp.volunteer_id.in_(people)
    return {each.sign_up_id for each in _staying(theirs, at)}


def has_come(row: SignUp, at: datetime) -> bool:
    """Tell whether the holder of this place checked in on it, or stays on it from the one
    before.
    """
    entry = select(Attendance.id).where(Attendance.sign_up_id == row.id)
    if db.session.scalar(entry.limit(1)) is not None:
        return True
    theirs = (SignUp.event_id == row.event_id) & (SignUp.volunteer_id == row.volunteer_id)
    return any(each.sign_up_id == row.id for each in _staying(theirs, at))


def _staying(which: ColumnElement[bool], at: datetime) -> list[Presence]:
    """Return who is on a shift that began, by an entry to one before it that has no exit."""
    inside = (
        select(Attendance)
        .join(SignUp, SignUp.id == Attendance.sign_up_id)
        .options(joinedload(Attendance.shift))
        .where(which, Attendance.checked_out_at.is_(None))
    )
    entries = db.session.scalars(inside).all()
    places, policy = (_without_entry(which) if entries else {}), policies.active()
    found = []
    for entry in entries:
        held = places.get((entry.event_id, entry.volunteer_id), {})
        then = chained(entry.shift, held, policy)
        stay = (entry.shift, *then)
        is_over = all(shift.closed_at is not None for shift in stay)
        if is_over or at > max(_counts_until(shift, policy) for shift in stay):
            continue
        found += [
            Presence(held[shift], entry.volunteer_id, shift, shift.starts_at, None)
            for shift in then
            if shift.starts_at < at
        ]
    return found


def _without_entry(which: ColumnElement[bool]) -> dict[tuple[int, int], dict[Shift, int]]:
    """Return shifts by time, by event and person, with the places of people who have no entry
    there.
    """
    came = exists().where(Attendance.sign_up_id == SignUp.id)
    query = (
        select(SignUp)
        .join(Shift, Shift.id == SignUp.shift_id)
        .options(joinedload(SignUp.shift).joinedload(Shift.post))
        .where(which, SignUp.state == "confirmed", Shift.removed_at.is_(None), ~came)
        .order_by(Shift.starts_at, Shift.id)
    )
    found: dict[tuple[int, int], dict[Shift, int]] = defaultdict(dict)
    for row in db.session.scalars(query):
        found[row.event_id, row.volunteer_id][row.shift] = row.id
    return found


def _counts_until(shift: Shift, policy: Policy) -> datetime:
    return shift.open_until or shift.ends_at + timedelta(minutes=policy.close_after_minutes)
