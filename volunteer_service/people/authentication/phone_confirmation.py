"""Whose phone it is: what somebody says of themselves is confirmed face to face.

A phone that is not confirmed signs nobody in by itself, and makes nobody else's ambiguous. The
person sees that it is not confirmed yet whether or not another has it: who joins with somebody's
phone must learn nothing by it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.people import messages
from volunteer_service.people.authentication import staff_registrations
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import may_on_person, need_to_act_on
from volunteer_service.people.models import Message, Volunteer

#: A person is told the same about their phone or name once in so long.
TOLD_AGAIN_AFTER = timedelta(days=1)


def confirm_phone(volunteer_id: int, *, by: Actor, at: datetime) -> Volunteer:
    """Staff saw the person with the phone; confirming twice keeps the first."""
    volunteer = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, volunteer)
    conflicts.need_other(by, [volunteer_id], at=at)
    staff_registrations.need_to_change_alone(volunteer_id, by=by, at=at)
    if volunteer.phone_key is None or volunteer.phone_confirmed_at is not None:
        return volunteer
    volunteer.phone_confirmed_at, volunteer.phone_confirmed_by = at, by.account_id
    messages.tell(volunteer_id, "phone_confirmed", at=at)
    journal.record("people.confirm_phone", volunteer, account_id=by.account_id, door=by.door, at=at)
    return volunteer


def given(volunteer: Volunteer, *, by: Actor, at: datetime) -> None:
    """A new registration gives a phone: confirmed where the office writes it down first.

    A leader at a gate is no office: what she writes down is the person's word.
    Whoever has the phone already is told.
    """
    holders = others_with_phone(volunteer)
    for holder in holders:
        tell_once(holder.id, "phone_given_again", at=at)
    is_office = may_on_person(by, Right.VOLUNTEER_EDIT, volunteer)
    if volunteer.phone_key is not None and is_office and not holders:
        volunteer.phone_confirmed_at, volunteer.phone_confirmed_by = at, by.account_id


def others_with_phone(volunteer: Volunteer) -> list[Volunteer]:
    """Who else is registered with this phone."""
    query = select(Volunteer).where(
        Volunteer.phone_key == volunteer.phone_key,
        Volunteer.id != volunteer.id,
        Volunteer.state != "disowned",
        Volunteer.merged_into_id.is_(None),
    )
    return list(db.session.scalars(query.order_by(Volunteer.id)))


def tell_once(volunteer_id: int, kind: str, *, at: datetime) -> None:
    """Tell it, unless it was told within the last day: trying again must not fill a page."""
    lately = exists().where(
        Message.volunteer_id == volunteer_id,
        Message.kind == kind,
        Message.at > at - TOLD_AGAIN_AFTER,
    )
    if not db.session.scalar(select(lately)):
        messages.tell(volunteer_id, kind, at=at)


def given_of(keys: Collection[str | None]) -> set[str]:
    """Which of these phones, as keyed hashes, somebody is registered with."""
    query = select(Volunteer.phone_key).where(Volunteer.phone_key.in_(keys))
    return {key for key in db.session.scalars(query) if key}
