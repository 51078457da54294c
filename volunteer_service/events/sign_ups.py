"""Places on shifts: sign up, wait, withdraw, come without a place, stay away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import aliased

from volunteer_service import journal, policies, settings
from volunteer_service.bounds import LONGEST_TEXT, text
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound, refusal_of, told_to
from volunteer_service.events import (
    change_messages,
    event_teams,
    known_people,
    offer_times,
    post_requirements,
    presences,
    refusals,
    stays,
)
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_to_act_on, others_at_home
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.visible_text import said

ADULT = 18


def sign_up(shift_id: int, *, volunteer_id: int | None = None, by: Actor, at: datetime) -> SignUp:
    """Sign up for a shift: take a place, or the end of the waiting list when all are taken.

    One signs up oneself or, as a leader of the team, somebody else (``volunteer_id``) whom one can
    find (:mod:`known_people`). It is refused if it overlaps another sign-up of the person, on a
    dangerous post under 18, and while the person is blocked.
    """
    shift = fetch(Shift, shift_id)
    whose = volunteer_id or by.volunteer_id
    if whose is None:
        raise refusals.NotAVolunteer()
    source = "api" if by.door == "api" else "page"
    if whose != by.volunteer_id:
        team = event_teams.need(by, Right.EVENT_EDIT, shift.event)
        known_people.need_known([whose], team, by=by, at=at)
        source = "leader"
    hold_event(shift.event_id)
    with told_to(is_person=whose == by.volunteer_id):
        row = place(shift, whose, source=source, by=by, at=at)
    change_messages.tell_placed(row, shift, at=at)
    return row


def hold_event(event_id: int) -> Event:
    """Lock an event, shared until the commit, before its shifts, so that nobody ends anything
    meanwhile.

    Cancelling, closing and giving a place back wait for this lock.
    """
    # First, because a refresh forgets what this transaction has not written yet (the publishing).
    db.session.flush()
    event = fetch(Event, event_id)
    db.session.refresh(event, with_for_update={"read": True, "key_share": True})
    return event


def place(shift: Shift, volunteer_id: int, *, source: str, by: Actor, at: datetime) -> SignUp:
    """Give a volunteer a place; a walk-in needs a free one, others wait when there is none."""
    event = shift.event
    if event.state != "published":
        # Nobody may learn of a draft.
        raise NotFound() if event.state == "draft" else refusals.EventNotOpenForSignUp()
    if shift.removed_at is not None:
        raise refusals.ShiftRemoved()
    if at >= shift.ends_at or shift.closed_at is not None:
        raise refusals.EventNotOpenForSignUp()
    # One person's sign-ups come one after the other, and so do the places of one shift.
    person = fetch(Volunteer, volunteer_id, lock=True)
    fetch(Shift, shift.id, lock=True)
    row = _held(person, shift)
    _may_take(person, shift, row, walk_in=source == "walk_in")
    # A place that is kept for this person may be taken by them.
    kept = row is not None and row.state == "waiting" and row.offered_until is not None
    free = free_places(shift) + kept > 0
    if source == "walk_in" and not free:
        raise refusals.ShiftFull()
    if row is None:
        row = SignUp(event_id=event.id, shift_id=shift.id, volunteer_id=person.id)
        db.session.add(row)
    row.state, row.source = ("confirmed" if free else "waiting"), source
    row.created_at, row.cancelled_at, row.offered_until = at, None, None
    db.session.flush()
    _record("sign_up", row, by, at, state=row.state, source=source)
    return row


def withdraw(sign_up_id: int, *, by: Actor, at: datetime) -> SignUp:
    """Give a place back before the shift begins; the first person on the waiting list gets it.

    This is impossible after the check-in. Once the shift runs, the person takes back a sign-up that
    was made while it ran, and a leader any other: staying away is no withdrawal.
    """
    row = fetch(SignUp, sign_up_id)
    if row.volunteer_id != by.volunteer_id:
        event_teams.need(by, Right.EVENT_EDIT, row.shift.event)
    # Held until the commit: a check-in's foreign keys wait for it, and the other way round; its
    # entry comes after its scan, so that it sees the place gone.
    fetch(Event, row.event_id, lock=True)
    shift = fetch(Shift, row.shift_id, lock=True)
    db.session.refresh(row)
    with told_to(is_person=row.volunteer_id == by.volunteer_id):
        if stays.has_come(row, at):
            raise refusals.AlreadyThere()
        if not may_withdraw(row, shift, is_own=row.volunteer_id == by.volunteer_id, at=at):
            raise refusals.SignUpEnded()
    return end(row, shift, by=by, at=at)


def end(row: SignUp, shift: Shift, *, by: Actor, at: datetime, promotes: bool = True) -> SignUp:
    """End a place of a locked shift, whose guard the caller has passed; the next person waiting
    gets it.

    The person is told where somebody else ends it.
    """
    freed = row.state == "confirmed" or row.offered_until is not None
    row.state, row.cancelled_at, row.offered_until = "cancelled", at, None
    db.session.flush()
    _record("withdraw", row, by, at)
    if row.volunteer_id != by.volunteer_id:
        event = shift.event
        day = settings.local_day(shift.starts_at).isoformat()
        facts = {"event": event.id, "title": event.title, "day": day}
        messages.tell(row.volunteer_id, "sign_up_withdrawn", at=at, **facts)
    if freed and promotes and at < shift.ends_at:
        promote(shift, by, at)
    return row


def give_away(sign_up_id: int, *, by: Actor, at: datetime) -> SignUp:
    """Give the place of an absent person to somebody at the gate, as a leader.

    This is possible once the shift runs; the person is told and is no no-show. Nobody moves up from
    the waiting list: people on it take the place at the gate, before those who did not wait.
    """
    row = fetch(SignUp, sign_up_id)
    event = fetch(Event, row.event_id, lock=True)
    team = event_teams.need(by, Right.EVENT_EDIT, event)
    # A person who stayed away is a no-show and cannot avoid that themself.
    who = event_teams.others(Right.EVENT_EDIT, team, [row.volunteer_id], at=at)
    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    shift = fetch(Shift, row.shift_id, lock=True)
    db.session.refresh(row)
    if stays.has_come(row, at):
        raise refusals.AlreadyThere()
    is_open = event.state == "published" and shift.closed_at is None
    if row.state != "confirmed" or not is_open or at < shift.starts_at:
        raise refusals.SignUpEnded()
    return end(row, shift, by=by, at=at, promotes=False)


def change_shift(row: SignUp, shift: Shift, *, by: Actor, at: datetime) -> SignUp:
    """Give a walk-in a free place on another shift of the event, and free the old place."""
    person = fetch(Volunteer, row.volunteer_id, lock=True)
    old = row.shift
    for shift_id in sorted({old.id, shift.id}):
        fetch(Shift, shift_id, lock=True)
    row.state, row.cancelled_at = "cancelled", at
    db.session.flush()
    need_able(person, shift)
    if free_places(shift) < 1:
        raise refusals.ShiftFull()
    new = confirm_on(person, shift, "walk_in", at)
    _record("change_shift", new, by, at, from_shift=old.id)
    if at < old.ends_at:
        promote(old, by, at)
    return new


def confirm_on(person: Volunteer, shift: Shift, source: str, at: datetime) -> SignUp:
    """Give the person a place of a locked shift; the caller has passed the guards."""
    row = _held(person, shift) or SignUp(
        event_id=shift.event_id, shift_id=shift.id, volunteer_id=person.id
    )
    row.state, row.source, row.created_at, row.cancelled_at = "confirmed", source, at, None
    row.offered_until = None
    db.session.add(row)
    db.session.flush()
    return row


def may_withdraw(row: SignUp, shift: Shift, *, is_own: bool, at: datetime) -> bool:
    """Tell whether its holder or a leader may give a place back at this time."""
    if row.state == "waiting":
        # A person on the waiting list gives up nothing, whatever the event's state.
        return True
    is_open = shift.event.state == "published" and shift.closed_at is None
    if row.state != "confirmed" or not is_open:
        return False
    if at < shift.starts_at or not is_own:
        return True
    return at < shift.ends_at and row.created_at >= shift.starts_at


def mark_no_shows(event: Event, sign_ups: Sequence[SignUp], *, by: Actor, at: datetime) -> None:
    """Mark people who held a place and did not come; five times in a year (policy) block their
    sign-up.
    """
    for row in sign_ups:
        row.state = "no_show"
    db.session.flush()
    people = sorted({row.volunteer_id for row in sign_ups})
    if not people:
        return
    blocked = db.session.scalars(
        update(Volunteer)
        .where(
            Volunteer.id.in_(too_many_no_shows(people, event.ends_at)),
            Volunteer.no_show_blocked_at.is_(None),
        )
        .values(no_show_blocked_at=at)
        .returning(Volunteer.id)
    ).all()
    messages.tell_each("sign_up_blocked", ((id_, {}) for id_ in sorted(blocked)), at=at)


def too_many_no_shows(people: Sequence[int], until: datetime) -> Sequence[int]:
    """Return which of these people have enough no-shows within the policy's days for a block.

    Counting starts again after a block was lifted.
    """
    policy = policies.active()
    since = until - timedelta(days=policy.no_show_days)
    query = (
        select(SignUp.volunteer_id)
        .join(Shift)
        .join(Volunteer, Volunteer.id == SignUp.volunteer_id)
        .where(
            SignUp.volunteer_id.in_(people),
            SignUp.state == "no_show",
            Shift.starts_at > since,
            or_(Volunteer.no_shows_from.is_(None), Shift.starts_at > Volunteer.no_shows_from),
        )
        .group_by(SignUp.volunteer_id)
        .having(func.count() >= policy.no_shows_to_block)
    )
    return db.session.scalars(query).all()


@said("reason")
def lift_block(volunteer_id: int, reason: str, *, by: Actor, at: datetime) -> Volunteer:
    """Let somebody else sign up again after too many no-shows, as a coordinator of their home.

    Earlier no-shows no longer count. The journal has the reason; the person is told. Raises
    :class:`NotBlocked`.
    """
    text(reason, LONGEST_TEXT, "reason")
    person = fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.RECORD_DECIDE, person)
    who = others_at_home(Right.RECORD_DECIDE, [person.id], at=at)
    conflicts.need_other(by, [person.id], at=at, who=who)
    if person.no_show_blocked_at is None:
        raise refusals.NotBlocked()
    person.no_show_blocked_at, person.no_shows_from = None, at
    messages.tell(person.id, "sign_up_block_lifted", at=at)
    journal.record(
        "events.lift_block",
        person,
        account_id=by.account_id,
        door=by.door,
        at=at,
        reason=reason,
    )
    db.session.flush()
    return person


def free_places(shift: Shift) -> int:
    """Return how many places of a shift are free: held by nobody and kept for nobody."""
    held = select(func.count()).where(SignUp.shift_id == shift.id, takes_place())
    return shift.capacity - (db.session.scalar(held) or 0)


def takes_place() -> ColumnElement[bool]:
    """Return the SQL for: a sign-up takes a place, because it holds one or one is kept for it."""
    is_kept = and_(SignUp.state == "waiting", SignUp.offered_until.is_not(None))
    return or_(SignUp.state == "confirmed", is_kept)


def _held(person: Volunteer, shift: Shift) -> SignUp | None:
    """Return the person's sign-up for this shift, in any state."""
    query = select(SignUp).where(SignUp.shift_id == shift.id, SignUp.volunteer_id == person.id)
    return db.session.scalars(query).one_or_none()


def _may_take(person: Volunteer, shift: Shift, row: SignUp | None, *, walk_in: bool) -> None:
    need_registered(person.id, person.state)
    # At the door a person of the waiting list takes a place that stayed empty.
    held = ("confirmed",) if walk_in else ("confirmed", "waiting", "no_show")
    if row is not None and row.state in held:
        raise refusals.AlreadySignedUp()
    need_able(person, shift)


def need_able(person: Volunteer, shift: Shift, *, gives: SignUp | None = None) -> None:
    """Pass for a person who may serve on this shift: registered, not blocked, of the age and
    star that the post asks, not elsewhere, except on the place that they give up for it.
    """
    need_registered(person.id, person.state)
    if person.no_show_blocked_at is not None:
        raise refusals.SignUpBlocked()
    if is_too_young(person, shift):
        raise refusals.MinorOnDangerousPost()
    post_requirements.need_met(person, shift)
    need_nowhere_else(person.id, shift, gives=gives)


def is_too_young(person: Volunteer, shift: Shift) -> bool:
    """Tell whether the post is dangerous and the person is under 18 on that day."""
    if not shift.post.dangerous or person.born_on is None:
        return False
    return post_requirements.age(person.born_on, settings.local_day(shift.starts_at)) < ADULT


def elsewhere(volunteer_id: int, shift: Shift, *, but: SignUp | None = None) -> str | None:
    """Return the title of another event or shift where the person holds a place at that time.

    A place that they have left takes no more time, so they are free for another one.
    """
    other = aliased(Shift)
    query = (
        select(Event.title)
        .join(SignUp, SignUp.event_id == Event.id)
        .join(other, other.id == SignUp.shift_id)
        .where(
            SignUp.volunteer_id == volunteer_id,
            # Waiting takes no time, because a promotion checks again.
            SignUp.state == "confirmed",
            ~presences.has_left(SignUp.id),
            SignUp.id != (but.id if but is not None else 0),
            other.id != shift.id,
            other.starts_at < shift.ends_at,
            other.ends_at > shift.starts_at,
        )
        .limit(1)
    )
    return db.session.scalar(query)


def need_nowhere_else(volunteer_id: int, shift: Shift, *, gives: SignUp | None = None) -> None:
    """Pass for a person without a place elsewhere at that time, except the one they give up."""
    title = elsewhere(volunteer_id, shift, but=gives)
    if title is not None:
        raise refusals.SignUpOverlaps(title=title)


def promote(shift: Shift, by: Actor, at: datetime) -> None:
    """Give or offer a free place to the first person who waits and may serve there now.

    It is offered while there is time to answer (:func:`offer_times.ends`), else given at once.
    People who meanwhile left, were blocked or serve elsewhere at that time go on waiting.
    """
    waiting = db.session.scalars(
        select(SignUp)
        .where(
            SignUp.shift_id == shift.id,
            SignUp.state == "waiting",
            SignUp.offered_until.is_(None),
        )
        .order_by(SignUp.created_at, SignUp.id)
    ).all()
    if not waiting or free_places(shift) < 1:
        return
    for row in waiting:
        if refusal_of(partial(need_able, row.volunteer, shift)) is None:
            until = offer_times.ends(row, shift, at)
            if until is None:
                confirm_waiting(row, by, at)
                change_messages.tell_promoted(row, shift, at=at)
            else:
                row.offered_until = until
                _record("offer", row, by, at, until=until.isoformat())
                change_messages.tell_offered(row, shift, until, at=at)
            return


def confirm_waiting(row: SignUp, by: Actor, at: datetime) -> None:
    """Turn a sign-up on the waiting list into a place; the caller has passed the guards."""
    row.state, row.offered_until = "confirmed", None
    _record("promote", row, by, at)


def _record(verb: str, row: SignUp, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(f"events.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts)
