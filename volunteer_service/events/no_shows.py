"""Takes no-shows back: one with a reason, or those of shifts that are reopened."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from volunteer_service import journal, settings
from volunteer_service.db import db, fetch
from volunteer_service.events import event_teams, refusals, sign_ups
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.visible_text import said

#: The reason why a no-show ends whose claim was agreed to.
CAME = "补报的服务已确认"


@said("reason")
def take_back_no_show(sign_up_id: int, *, reason: str, by: Actor, at: datetime) -> SignUp:
    """Take a no-show back, because the person had an excuse or was there.

    The actor confirms records of the team, and never decides about themself or anybody they are
    tied to. A block that depends on it ends. Hours of a person who was there are entered by hand.
    Raises :class:`NotANoShow`.
    """
    row = fetch(SignUp, sign_up_id, lock=True)
    event = fetch(Event, row.event_id)
    team = event_teams.need(by, Right.RECORD_CONFIRM, event)
    who = event_teams.others(Right.RECORD_CONFIRM, team, [row.volunteer_id], at=at)
    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    if row.state != "no_show":
        raise refusals.NotANoShow()
    _take_back(row, event, reason, by, at)
    return row


def came_after_all(volunteer_id: int, shift_id: int, *, by: Actor, at: datetime) -> bool:
    """Take back the no-show of a shift because its claim was agreed to; return whether there was
    one.
    """
    query = select(SignUp).where(
        SignUp.volunteer_id == volunteer_id, SignUp.shift_id == shift_id, SignUp.state == "no_show"
    )
    row = db.session.scalars(query.with_for_update()).one_or_none()
    if row is not None:
        _take_back(row, fetch(Event, row.event_id), CAME, by, at)
    return row is not None


def _take_back(row: SignUp, event: Event, reason: str, by: Actor, at: datetime) -> None:
    row.state, row.cancelled_at = "cancelled", at
    db.session.flush()
    day = settings.local_day(row.shift.starts_at).isoformat()
    facts = {"event": event.id, "title": event.title, "day": day}
    messages.tell(row.volunteer_id, "no_show_taken_back", at=at, **facts)
    _end_blocks([row.volunteer_id], by, at)
    journal.record(
        "events.take_back_no_show",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        reason=reason,
    )


def hold_again(shift_ids: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Give no-shows of reopened shifts their places back; return how many there were.

    Nobody ends their own block this way, or that of anybody they are tied to.
    """
    query = select(SignUp).where(SignUp.shift_id.in_(shift_ids), SignUp.state == "no_show")
    rows = db.session.scalars(query.with_for_update()).all()
    for row in rows:
        row.state = "confirmed"
    db.session.flush()
    _end_blocks([row.volunteer_id for row in rows], by, at)
    return len(rows)


def _end_blocks(people: Sequence[int], by: Actor, at: datetime) -> None:
    """End a block to which the remaining no-shows would not have led; the person is told."""
    blocked = select(Volunteer).where(
        Volunteer.id.in_(people), Volunteer.no_show_blocked_at.is_not(None)
    )
    for person in db.session.scalars(blocked.order_by(Volunteer.id).with_for_update()).all():
        until = person.no_show_blocked_at
        if until is not None and not sign_ups.too_many_no_shows([person.id], until):
            conflicts.need_other(by, [person.id], at=at)
            person.no_show_blocked_at = None
            messages.tell(person.id, "sign_up_block_lifted", at=at)
    db.session.flush()
