"""Two people of a rota exchange their places, or somebody stands in for another.

A holder keeps the place until the other one agrees, so no place is left empty. Nothing is exchanged
once one of the two shifts has begun.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased, joinedload

from volunteer_service import journal
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound, Refused, told_to
from volunteer_service.events import (
    change_messages,
    event_teams,
    refusals,
    rota,
    sign_ups,
    stays,
    swap_messages,
)
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.events.swap_models import Swap
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Membership

#: The most people who are asked to stand in for one.
MOST_ASKED = 100


def ask_swap(sign_up_id: int, *, wanted_id: int | None = None, by: Actor, at: datetime) -> Swap:
    """Ask the holder of another place of the rota to exchange, or (without one) for a stand-in.

    The place is one's own and its shift has not begun; there is one request about it at a time. The
    people asked, and for a stand-in the leader too, are told. If people wait for the place, it is
    given back instead, because they come first (:class:`OthersWait`).
    """
    row = fetch(SignUp, sign_up_id)
    if row.volunteer_id != by.volunteer_id:
        raise NotFound()
    wanted = _wanted(row, wanted_id) if wanted_id is not None else None
    _hold(row, wanted)
    _need_open(row, at)
    if wanted is not None:
        _need_open(wanted, at)
        _need_fit(row.volunteer, wanted.shift, gives=row)
    elif _somebody_waits(row.shift):
        raise refusals.OthersWait()
    if _asked_about(row) is not None:
        raise refusals.SwapAskedAlready()
    swap = Swap(sign_up=row, wanted=wanted, state="asked", asked_at=at)
    db.session.add(swap)
    db.session.flush()
    _record("ask_swap", swap, by, at)
    if wanted is not None:
        swap_messages.tell_asked(row, wanted, at=at)
    else:
        swap_messages.tell_wanted(row, _who_may_stand_in(row), at=at)
    return swap


def agree_to_swap(swap_id: int, *, by: Actor, at: datetime) -> Swap:
    """Agree, as a person who was asked: the two places are exchanged, or the place is taken over.

    The first person who agrees to stand in gets the place. Raises :class:`SwapOver` if the request
    is answered or the places have changed, and the refusal of a sign-up for the other shift.
    """
    swap, me = _to_answer(swap_id, by, at)
    row, wanted = swap.sign_up, swap.wanted
    _need_fit(me, row.shift, gives=wanted)
    if wanted is not None:
        _need_asker_fits(row, wanted)
    elif _somebody_waits(row.shift):
        raise refusals.OthersWait()
    new = _exchange(row, wanted, me, at)
    _answer(swap, "agreed", by, at)
    if wanted is None:
        change_messages.tell_placed(new, new.shift, at=at)
        swap_messages.tell_stood_in(row, at=at)
    else:
        swap_messages.tell_exchanged([(row.volunteer_id, wanted.shift)], at=at)
    return swap


def decline_swap(swap_id: int, *, by: Actor, at: datetime) -> Swap:
    """Decline, as the person whose place is wanted; the one who asked is told and keeps theirs."""
    swap, _me = _to_answer(swap_id, by, at)
    if swap.wanted is None:
        raise refusals.SwapOver()
    _answer(swap, "declined", by, at)
    swap_messages.tell_declined(swap.sign_up, at=at)
    return swap


def take_swap_back(swap_id: int, *, by: Actor, at: datetime) -> Swap:
    """Take one's own request back while nobody has answered it."""
    swap = fetch(Swap, swap_id)
    if swap.sign_up.volunteer_id != by.volunteer_id:
        raise NotFound()
    sign_ups.hold_event(swap.sign_up.event_id)
    swap = fetch(Swap, swap_id, lock=True)
    if swap.state != "asked":
        raise refusals.SwapOver()
    _answer(swap, "taken_back", by, at)
    return swap


def arrange_swap(sign_up_id: int, *, wanted_id: int, by: Actor, at: datetime) -> SignUp:
    """Exchange the places of two people as a leader who has spoken with both; both are told.

    Nobody arranges it for themself; a leader asks as others do.
    """
    row = fetch(SignUp, sign_up_id)
    event_teams.need(by, Right.EVENT_EDIT, row.shift.event)
    wanted = _wanted(row, wanted_id)
    team = event_teams.need(by, Right.EVENT_EDIT, wanted.shift.event)
    both = [row.volunteer_id, wanted.volunteer_id]
    who = event_teams.others(Right.EVENT_EDIT, team, both, at=at)
    conflicts.need_other(by, both, at=at, who=who)
    _hold(row, wanted)
    with told_to(is_person=False):
        for place in (row, wanted):
            _need_open(place, at)
        _need_fit(row.volunteer, wanted.shift, gives=row)
        _need_fit(wanted.volunteer, row.shift, gives=wanted)
    new = _exchange(row, wanted, wanted.volunteer, at)
    journal.record(
        "events.arrange_swap",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        wanted=wanted.id,
    )
    swap_messages.tell_exchanged(
        [(row.volunteer_id, wanted.shift), (wanted.volunteer_id, row.shift)], at=at
    )
    return new


def mine(event_id: int, *, by: Actor | None, at: datetime) -> Sequence[Swap]:
    """Return the open requests at an event that are one's own or that one may answer."""
    if by is None or by.volunteer_id is None:
        return []
    event, me = fetch(Event, event_id), by.volunteer_id
    asked = aliased(SignUp)
    own = [SignUp.volunteer_id == me, asked.volunteer_id == me]
    if rota.is_on(event, me):
        own.append((SignUp.event_id == event_id) & Swap.wanted_id.is_(None))
    query = _open_at(at).outerjoin(asked, asked.id == Swap.wanted_id)
    query = query.where(
        or_(SignUp.event_id == event_id, asked.event_id == event_id),
        or_(*own),
        or_(Swap.wanted_id.is_(None), asked.state == "confirmed"),
    )
    return db.session.scalars(query.order_by(Swap.id)).all()


def exchangeable(sign_up_id: int, *, by: Actor, at: datetime) -> tuple[SignUp, Sequence[SignUp]]:
    """Return a place, one's own or of one's team, and the coming places it may be exchanged for."""
    row = fetch(SignUp, sign_up_id)
    event = row.shift.event
    if row.volunteer_id != by.volunteer_id:
        event_teams.need(by, Right.EVENT_EDIT, event)
    query = (
        select(SignUp)
        .join(SignUp.shift)
        .join(Shift.event)
        .options(joinedload(SignUp.volunteer), joinedload(SignUp.shift).joinedload(Shift.post))
        .where(
            rota.on_rota(event),
            *_stands(at),
            SignUp.volunteer_id != row.volunteer_id,
            SignUp.shift_id != row.shift_id,
        )
        .order_by(Shift.starts_at, Shift.id, SignUp.id)
    )
    return row, db.session.scalars(query.limit(MOST_ASKED)).all()


def _stands(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the WHERE of places that may be exchanged now; joined to shift and event."""
    return (
        SignUp.state == "confirmed",
        Event.state == "published",
        Shift.removed_at.is_(None),
        Shift.closed_at.is_(None),
        Shift.starts_at > at,
    )


def _open_at(at: datetime) -> Select[Swap]:
    query = select(Swap).join(SignUp, SignUp.id == Swap.sign_up_id).join(SignUp.shift)
    return query.join(Shift.event).where(Swap.state == "asked", *_stands(at))


def _wanted(row: SignUp, wanted_id: int) -> SignUp:
    """Return another person's place on another shift of the same rota, or raise ``NotFound``."""
    wanted = fetch(SignUp, wanted_id)
    query = select(Event.id).where(Event.id == wanted.event_id, rota.on_rota(row.shift.event))
    if db.session.scalar(query) is None:
        raise NotFound()
    if wanted.volunteer_id == row.volunteer_id or wanted.shift_id == row.shift_id:
        raise refusals.SwapNeedsTwo(field="wanted_id")
    return wanted


def _to_answer(swap_id: int, by: Actor, at: datetime) -> tuple[Swap, Volunteer]:
    """Return the request that the actor may answer, with everything it is about locked."""
    swap = fetch(Swap, swap_id)
    row, wanted = swap.sign_up, swap.wanted
    me = by.volunteer_id
    if me is None or me == row.volunteer_id:
        raise NotFound()
    if not (wanted.volunteer_id == me if wanted else rota.is_on(row.shift.event, me)):
        raise NotFound()
    _hold(row, wanted, me)
    swap = fetch(Swap, swap_id, lock=True)
    if swap.state != "asked":
        raise refusals.SwapOver()
    for place in (row, wanted):
        if place is not None:
            _need_open(place, at)
    return swap, fetch(Volunteer, me)


def _hold(row: SignUp, wanted: SignUp | None, me: int | None = None) -> None:
    """Lock events, people and shifts in the order of a sign-up, and read the places again."""
    places = [place for place in (row, wanted) if place is not None]
    for event_id in sorted({place.event_id for place in places}):
        sign_ups.hold_event(event_id)
    people = {place.volunteer_id for place in places} | ({me} if me else set())
    for volunteer_id in sorted(people):
        fetch(Volunteer, volunteer_id, lock=True)
    for shift_id in sorted({place.shift_id for place in places}):
        fetch(Shift, shift_id, lock=True)
    for place in places:
        db.session.refresh(place)


def _need_open(row: SignUp, at: datetime) -> None:
    shift = row.shift
    is_held = shift.event.state == "published" and shift.removed_at is None
    is_open = is_held and shift.closed_at is None and at < shift.starts_at
    if row.state != "confirmed" or not is_open or stays.has_come(row, at):
        raise refusals.SwapOver()


def _need_fit(person: Volunteer, shift: Shift, *, gives: SignUp | None) -> None:
    """Pass for a person who may take a place of the shift once their own is given up."""
    held = select(SignUp.id).where(
        SignUp.shift_id == shift.id,
        SignUp.volunteer_id == person.id,
        SignUp.state == "confirmed",
    )
    if db.session.scalar(held) is not None:
        raise refusals.AlreadySignedUp()
    sign_ups.need_able(person, shift, gives=gives)


def _need_asker_fits(row: SignUp, wanted: SignUp) -> None:
    """Refuse without a reason if the person who asked may not take the place: only they may know
    why.
    """
    try:
        _need_fit(row.volunteer, wanted.shift, gives=row)
    except Refused as refused:
        raise refusals.SwapNotPossible() from refused


def _exchange(row: SignUp, wanted: SignUp | None, to: Volunteer, at: datetime) -> SignUp:
    """Give ``row`` to another person, and ``wanted``, if any, to the one who had ``row``."""
    for place in (row, wanted):
        if place is not None:
            place.state, place.cancelled_at = "cancelled", at
    db.session.flush()
    new = sign_ups.confirm_on(to, row.shift, "swap", at)
    if wanted is not None:
        sign_ups.confirm_on(row.volunteer, wanted.shift, "swap", at)
    return new


def _somebody_waits(shift: Shift) -> bool:
    query = select(SignUp.id).where(SignUp.shift_id == shift.id, SignUp.state == "waiting")
    return db.session.scalar(query.limit(1)) is not None


def _asked_about(row: SignUp) -> Swap | None:
    query = select(Swap).where(Swap.sign_up_id == row.id, Swap.state == "asked")
    return db.session.scalars(query).one_or_none()


def _who_may_stand_in(row: SignUp) -> Sequence[int]:
    """Return people of the team and of the rota who are neither elsewhere then nor blocked."""
    shift, event = row.shift, row.shift.event
    other = aliased(Shift)
    busy = (
        select(SignUp.volunteer_id)
        .join(other, other.id == SignUp.shift_id)
        .where(
            SignUp.state == "confirmed",
            other.starts_at < shift.ends_at,
            other.ends_at > shift.starts_at,
        )
    )
    members = select(Membership.volunteer_id).where(
        Membership.team_id.in_(event_teams.ids(event)), Membership.state == "active"
    )
    holders = select(SignUp.volunteer_id).join(Event, Event.id == SignUp.event_id)
    holders = holders.where(rota.on_rota(event), SignUp.state == "confirmed")
    query = select(Volunteer.id).where(
        or_(Volunteer.id.in_(members), Volunteer.id.in_(holders)),
        Volunteer.id != row.volunteer_id,
        Volunteer.id.not_in(busy),
        Volunteer.state == "active",
        Volunteer.no_show_blocked_at.is_(None),
    )
    return db.session.scalars(query.order_by(Volunteer.id).limit(MOST_ASKED)).all()


def _answer(swap: Swap, state: str, by: Actor, at: datetime) -> None:
    swap.state, swap.answered_at = state, at
    db.session.flush()
    verbs = {"agreed": "agree_to_swap", "declined": "decline_swap", "taken_back": "take_swap_back"}
    _record(verbs[state], swap, by, at)


def _record(verb: str, swap: Swap, by: Actor, at: datetime) -> None:
    journal.record(
        f"events.{verb}",
        swap,
        account_id=by.account_id,
        door=by.door,
        at=at,
        sign_up=swap.sign_up_id,
        wanted=swap.wanted_id,
    )
