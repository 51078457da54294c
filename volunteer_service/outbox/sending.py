"""Sends waiting deliveries through their doors; only the jobs process calls this, never a page.

Each delivery has two transactions: the first marks it as being sent, the second stores the door's
answer; the door is called between them, outside of any transaction. A process that is killed in
between leaves the mark. The delivery is then sent once more, and is dead at the second such mark,
so a reader gets a message at most twice by itself.

A delivery whose tries are used up is dead, but only if its door accepted others since its first
try; while the door accepts nothing, it is at fault and everything waits. A door that accepted
nothing for :data:`PATIENCE` is paused, and admins are told. A team's robot that
fails is paused by itself (``Office.own_address``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from sqlalchemy import select

from volunteer_service.db import db, transaction
from volunteer_service.outbox.letters import DoorAway, Letter, NeverTaken, NotTaken
from volunteer_service.outbox.models import Delivery, DoorState

#: Pauses between two tries of one delivery; the last one repeats.
PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 180, 360, 720))
#: Tries after which a delivery is dead, if its door accepted others meanwhile.
TRIES = 8
#: Pauses of a door that accepted nothing; the last one repeats.
DOOR_PAUSES = tuple(timedelta(minutes=n) for n in (1, 2, 5, 10, 20, 40, 60))
#: A door that accepted nothing for this long is paused until an admin resumes it.
PATIENCE = timedelta(hours=24)
#: A mark older than this belongs to a dead process, because no door may take longer to answer.
LEASE = timedelta(minutes=5)
#: The most deliveries of one door in one run.
BATCH = 200
#: Refusals for now in a row after which a door is left out of this run.
IN_A_ROW = 3


class Door(Protocol):
    """A channel by which a delivery leaves."""

    def send(self, letter: Letter) -> None:
        """Hand it over within a bounded time, or raise ``NotTaken``."""


class OwnAddress(Enum):
    """The health of an address that fails or works apart from its door."""

    WORKS = "works"
    FAILING = "failing"
    PAUSED = "paused"


@dataclass(frozen=True)
class Postponed:
    """The delivery waits until this instant (quiet hours)."""

    until: datetime


@dataclass(frozen=True)
class Dropped:
    """The delivery has no reader any more; ``why`` is a code."""

    why: str


Composed = Letter | Postponed | Dropped


@dataclass(frozen=True)
class Office:
    """What sending needs from higher packages: letters in words, whom to tell of a paused door, a
    clock.
    """

    doors: Mapping[str, Door]
    compose: Callable[[Delivery, datetime], Composed]
    tell_paused: Callable[[str, datetime], None]
    #: Keeps the health of a delivery's own address (a team's robot): whether it took this delivery,
    #: and whether its door took any since an instant. None for other addresses.
    own_address: Callable[[Delivery, bool, Callable[[datetime], bool], datetime], OwnAddress | None]
    now: Callable[[], datetime]


@dataclass
class Run:
    """Counts of one run, by the outcome of the deliveries."""

    counts: dict[str, int] = field(default_factory=dict)
    #: Deliveries tried in vain in this run, oldest first.
    in_vain: list[int] = field(default_factory=list)

    def add(self, what: str) -> None:
        """Count one more."""
        self.counts[what] = self.counts.get(what, 0) + 1


def send_due(office: Office) -> dict[str, int]:
    """Send what is due through every door that is not paused; return the counts."""
    run = Run()
    for name, door in office.doors.items():
        run.in_vain = []
        with transaction():
            _recover(name, office.now(), run)
            state = _state(name)
            rests = state.paused_at or (state.next_at and state.next_at > office.now())
            due = [] if rests else _due(name, office.now())
        for delivery_id in due:
            if not _send_one(name, door, delivery_id, office, run):
                break
    return run.counts


def _due(door: str, at: datetime) -> list[int]:
    query = select(Delivery.id).where(
        Delivery.state == "waiting", Delivery.door == door, Delivery.next_at <= at
    )
    query = query.where(Delivery.asked_at.is_(None)).order_by(Delivery.next_at, Delivery.id)
    return list(db.session.scalars(query.limit(BATCH)))


def _recover(door: str, at: datetime, run: Run) -> None:
    """Reset the deliveries that a dead process left marked; the second mark ends one."""
    left = select(Delivery).where(
        Delivery.state == "waiting", Delivery.door == door, Delivery.asked_at < at - LEASE
    )
    for delivery in db.session.scalars(left):
        delivery.asked_at, delivery.unsure = None, delivery.unsure + 1
        delivery.next_at = at
        if delivery.unsure > 1:
            end(delivery, "dead", at, "unsure")
            run.add("dead")


def _send_one(name: str, door: Door, delivery_id: int, office: Office, run: Run) -> bool:
    """Send one delivery; tell whether the door should get the next one."""
    letter = _mark(delivery_id, office, run)
    if letter is None:
        return True
    try:
        door.send(letter)
    except NotTaken as answer:
        with transaction():
            return _not_taken(name, delivery_id, answer, office, run)
    with transaction():
        _taken(name, delivery_id, office, run)
    return True


def _mark(delivery_id: int, office: Office, run: Run) -> Letter | None:
    at = office.now()
    with transaction():
        delivery = db.session.get(Delivery, delivery_id, with_for_update=True)
        if delivery is None or delivery.state != "waiting" or delivery.asked_at is not None:
            return None
        composed = office.compose(delivery, at)
        if isinstance(composed, Letter):
            delivery.asked_at, delivery.tries = at, delivery.tries + 1
            delivery.tried_at = delivery.tried_at or at
            return composed
        if isinstance(composed, Postponed):
            delivery.next_at = composed.until
            run.add("postponed")
        else:
            end(delivery, "dropped", at, composed.why)
            run.add("dropped")
    return None


def _taken(name: str, delivery_id: int, office: Office, run: Run) -> None:
    at = office.now()
    delivery, state = db.session.get(Delivery, delivery_id), _state(name)
    if delivery is not None:
        end(delivery, "sent", at, None)
        office.own_address(delivery, True, _took_since(state), at)
    run.add("sent")
    state.failures, state.failing_since, state.next_at, state.error = 0, None, None, None
    state.sent_at = at
    run.in_vain = []


def _not_taken(name: str, delivery_id: int, answer: NotTaken, office: Office, run: Run) -> bool:
    at = office.now()
    delivery, state = db.session.get(Delivery, delivery_id), _state(name)
    if delivery is None:
        return True
    delivery.asked_at, delivery.error = None, answer.code
    if isinstance(answer, NeverTaken):
        end(delivery, "dead", at, answer.code)
        run.add("dead")
        return True
    run.add("later")
    if isinstance(answer, DoorAway):
        # The door is at fault, so the delivery loses no try.
        delivery.tries -= 1
        _door_fails(state, answer, office, at)
        delivery.next_at = state.next_at or at
        return False
    delivery.next_at = at + _pause(PAUSES, delivery.tries)
    own = office.own_address(delivery, False, _took_since(state), at)
    if _is_over(delivery, state, own, at):
        run.add(delivery.state)
        return True
    run.in_vain.append(delivery.id)
    if len(run.in_vain) >= IN_A_ROW:
        _door_fails(state, answer, office, at)
        return False
    if own is None:
        # A failing address says nothing about its door; a door that fails for a day does.
        state.failing_since = state.failing_since or at
        _pause_after_patience(state, answer, office, at)
    return state.paused_at is None


def _is_over(delivery: Delivery, state: DoorState, own: OwnAddress | None, at: datetime) -> bool:
    """End a delivery whose address is paused, or whose own tries are spent; tell whether it is."""
    if own is OwnAddress.PAUSED:
        end(delivery, "dropped", at, "address_paused")
    elif delivery.tries >= TRIES and _took_others_since(state, delivery):
        end(delivery, "dead", at, delivery.error)
    return delivery.state != "waiting"


def _took_others_since(state: DoorState, delivery: Delivery) -> bool:
    return delivery.tried_at is not None and _took_since(state)(delivery.tried_at)


def _took_since(state: DoorState) -> Callable[[datetime], bool]:
    return lambda instant: state.sent_at is not None and state.sent_at > instant


def _door_fails(state: DoorState, answer: NotTaken, office: Office, at: datetime) -> None:
    state.failures += 1
    state.failing_since = state.failing_since or at
    state.next_at = at + _pause(DOOR_PAUSES, state.failures)
    _pause_after_patience(state, answer, office, at)


def _pause_after_patience(state: DoorState, answer: NotTaken, office: Office, at: datetime) -> None:
    state.error = answer.code
    since = state.failing_since or at
    if state.paused_at is None and at - since >= PATIENCE:
        state.paused_at = at
        office.tell_paused(state.door, at)


def _pause(pauses: tuple[timedelta, ...], number: int) -> timedelta:
    return pauses[min(max(number, 1), len(pauses)) - 1]


def end(delivery: Delivery, state: str, at: datetime, error: str | None) -> None:
    """End a delivery."""
    delivery.state, delivery.ended_at, delivery.error = state, at, error
    delivery.asked_at = None


def _state(door: str) -> DoorState:
    state = db.session.get(DoorState, door)
    if state is None:
        state = DoorState(door=door, failures=0)
        db.session.add(state)
        db.session.flush()
    return state
