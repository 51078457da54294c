"""What is stuck in the outbox, for admins: dead deliveries and paused doors."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from volunteer_service import db as database
from volunteer_service import journal, settings
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.outbox import sending
from volunteer_service.outbox.models import DOORS, Delivery, DoorState
from volunteer_service.outbox.refusals import DoorNotPaused, NotDead
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization import account_scope, whole_service_admins
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right

SORTS = Sorts(Delivery.id, "-id")


def dead(*, by: Actor, cursor: str | None = None, limit: int = 50) -> Page[Delivery]:
    """Return dead deliveries about which nobody has decided, newest first."""
    account_scope.need_whole_service(by, Right.SERVICE_EDIT)
    query = select(Delivery).where(Delivery.state == "dead")
    return page(query, SORTS, cursor=cursor, limit=limit)


def doors(*, by: Actor) -> Sequence[tuple[str, DoorState | None, int]]:
    """Return each door that is set up, its state, and how many deliveries wait for it."""
    account_scope.need_whole_service(by, Right.SERVICE_EDIT)
    waiting = dict(
        db.session.execute(
            select(Delivery.door, func.count())
            .where(Delivery.state == "waiting")
            .group_by(Delivery.door)
        ).all()
    )
    states = {row.door: row for row in db.session.scalars(select(DoorState))}
    names = dict.fromkeys((*settings.current().doors.names, *waiting, *states))
    return [(name, states.get(name), waiting.get(name, 0)) for name in names]


def try_again(delivery_id: int, *, by: Actor, at: datetime) -> Delivery:
    """Restart a dead delivery with all its tries."""
    delivery = _dead(delivery_id, by=by)
    delivery.state, delivery.ended_at, delivery.error = "waiting", None, None
    delivery.tries = delivery.unsure = 0
    delivery.tried_at, delivery.next_at = None, at
    _record("try_again", delivery, by, at)
    return delivery


def give_up(delivery_id: int, *, by: Actor, at: datetime) -> Delivery:
    """End a dead delivery for good; the message stays on its reader's page."""
    delivery = _dead(delivery_id, by=by)
    sending.end(delivery, "given_up", at, delivery.error)
    _record("give_up", delivery, by, at)
    return delivery


def resume_door(door: str, *, by: Actor, at: datetime) -> None:
    """Resume a paused door from now on."""
    account_scope.need_whole_service(by, Right.SERVICE_EDIT)
    state = db.session.get(DoorState, door, with_for_update=True) if door in DOORS else None
    if state is None:
        raise NotFound()
    if state.paused_at is None:
        raise DoorNotPaused()
    state.paused_at = state.next_at = state.failing_since = None
    state.failures = 0
    journal.record("outbox.resume", state, account_id=by.account_id, door=by.door, at=at, name=door)


def tell_paused(door: str, at: datetime) -> None:
    """Tell the admins of the whole service that a door accepted nothing for a day and is paused."""
    whole_service_admins.tell_whole_service("door_paused", at=at, door=door)
    state = db.session.get_one(DoorState, door)
    journal.record("outbox.pause", state, account_id=None, door="job", at=at, name=door)


def _dead(delivery_id: int, *, by: Actor) -> Delivery:
    account_scope.need_whole_service(by, Right.SERVICE_EDIT)
    delivery = database.fetch(Delivery, delivery_id, lock=True)
    if delivery.state != "dead":
        raise NotDead()
    return delivery


def _record(verb: str, delivery: Delivery, by: Actor, at: datetime) -> None:
    journal.record(
        f"outbox.{verb}",
        delivery,
        account_id=by.account_id,
        door=by.door,
        at=at,
        purpose=delivery.purpose,
        by=delivery.door,
    )
