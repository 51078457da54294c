"""Places offered to the waiting list: accepted, declined, lapsed to the next, given by a leader."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import journal
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound, told_to
from volunteer_service.events import (
    change_messages,
    event_teams,
    refusals,
    settled_places,
    sign_ups,
)
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer

#: The shifts whose lapsed offers one call passes on.
BATCH = 50


def accept(sign_up_id: int, *, by: Actor, at: datetime) -> SignUp:
    """Take the place that is kept for oneself. Raises :class:`OfferOver` if no place is kept, or no
    longer; refuses as a sign-up does if the person may not serve there now.
    """
    row, shift = _own(sign_up_id, by, at)
    sign_ups.need_able(row.volunteer, shift)
    sign_ups.confirm_waiting(row, by, at)
    change_messages.tell_placed(row, shift, at=at)
    return row


def decline(sign_up_id: int, *, by: Actor, at: datetime) -> SignUp:
    """Leave the place that is kept for oneself to the next person waiting."""
    row, shift = _own(sign_up_id, by, at)
    _record("decline_offer", row, by, at)
    return sign_ups.end(row, shift, by=by, at=at)


def asked(sign_up_id: int, until: str) -> SignUp:
    """Return the sign-up that an e-mail asked about, while that very offer is open.

    ``until`` is the time as the e-mail states it. Raises :class:`OfferOver`.
    """
    row = fetch(SignUp, sign_up_id)
    kept = row.offered_until if row.state == "waiting" else None
    if kept is None or change_messages.until_words(kept) != until:
        raise refusals.OfferOver()
    return row


def give(sign_up_id: int, *, by: Actor, at: datetime) -> SignUp:
    """Give a free place to somebody of the waiting list, as a leader who asked them directly.

    It is a place that nobody holds, or the one that is kept for this person, who is told. Raises
    :class:`NoPlaceToGive` if there is none.
    """
    row = fetch(SignUp, sign_up_id)
    team = event_teams.need(by, Right.EVENT_EDIT, row.shift.event)
    # Nobody overtakes the others of the list by themself.
    who = event_teams.others(Right.EVENT_EDIT, team, [row.volunteer_id], at=at)
    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    shift = _hold(row)
    if row.state != "waiting" or not _is_open(shift, at):
        raise refusals.NotWaiting()
    with told_to(is_person=False):
        sign_ups.need_able(row.volunteer, shift)
    if row.offered_until is None and sign_ups.free_places(shift) < 1:
        raise refusals.NoPlaceToGive()
    sign_ups.confirm_waiting(row, by, at)
    change_messages.tell_promoted(row, shift, at=at)
    return row


def lapse_due(*, by: Actor, at: datetime) -> int:
    """Pass on the places whose offers were not answered in time; return of how many sign-ups.

    One call passes on those of at most :data:`BATCH` shifts. A person who did not answer leaves the
    waiting list and is told.
    """
    due = (
        select(SignUp.shift_id)
        .join(Event, Event.id == SignUp.event_id)
        .where(SignUp.state == "waiting", SignUp.offered_until <= at, Event.state == "published")
        .distinct()
        .order_by(SignUp.shift_id)
        .limit(BATCH)
    )
    return sum(_lapse(shift_id, by, at) for shift_id in db.session.scalars(due).all())


def _lapse(shift_id: int, by: Actor, at: datetime) -> int:
    sign_ups.hold_event(fetch(Shift, shift_id).event_id)
    shift = fetch(Shift, shift_id, lock=True)
    # Read again under the lock: somebody who accepted meanwhile has the place.
    lapsed = db.session.scalars(
        select(SignUp)
        .where(SignUp.shift_id == shift_id, SignUp.state == "waiting", SignUp.offered_until <= at)
        .order_by(SignUp.created_at, SignUp.id)
        .execution_options(populate_existing=True)
    ).all()
    for row in lapsed:
        row.state, row.cancelled_at, row.offered_until = "cancelled", at, None
        _record("lapse_offer", row, by, at)
        change_messages.tell_lapsed(row, shift, at=at)
    db.session.flush()
    settled_places.fill(shift, by=by, at=at)
    if lapsed:
        change_messages.tell_leader_lapsed(shift, sign_ups.free_places(shift), at=at)
    return len(lapsed)


def _own(sign_up_id: int, by: Actor, at: datetime) -> tuple[SignUp, Shift]:
    """Return one's own sign-up with a place kept for it, and its shift, both locked."""
    row = fetch(SignUp, sign_up_id)
    if row.volunteer_id != by.volunteer_id:
        raise NotFound()
    shift = _hold(row)
    until = row.offered_until
    if row.state != "waiting" or until is None or at >= until or not _is_open(shift, at):
        raise refusals.OfferOver()
    return row, shift


def _hold(row: SignUp) -> Shift:
    """Lock event, person and shift in the order of a sign-up, and read the row again."""
    sign_ups.hold_event(row.event_id)
    fetch(Volunteer, row.volunteer_id, lock=True)
    shift = fetch(Shift, row.shift_id, lock=True)
    db.session.refresh(row)
    return shift


def _is_open(shift: Shift, at: datetime) -> bool:
    is_held = shift.event.state == "published" and shift.removed_at is None
    return is_held and shift.closed_at is None and at < shift.ends_at


def _record(verb: str, row: SignUp, by: Actor, at: datetime) -> None:
    journal.record(f"events.{verb}", row, account_id=by.account_id, door=by.door, at=at)
