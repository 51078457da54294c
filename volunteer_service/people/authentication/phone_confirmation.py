"""Confirmation of phones: staff confirm face to face what a person says about their own phone.

An unconfirmed phone alone signs nobody in, and does not make anybody else's ambiguous. The person
sees it as unconfirmed whether or not somebody else has it: a person who joins with another's phone
must learn nothing from it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.people.authentication import staff_registrations
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import (
    may_on_person,
    need_to_act_on,
    others_at_home,
)
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Message, Volunteer

#: The interval in which a person is told the same about their phone or name only once.
TOLD_AGAIN_AFTER = timedelta(days=1)


def confirm_phone(volunteer_id: int, *, by: Actor, at: datetime) -> Volunteer:
    """Confirm as staff who saw the person with the phone; a second confirmation keeps the first."""
    volunteer = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, volunteer)
    who = others_at_home(Right.VOLUNTEER_EDIT, [volunteer_id], at=at)
    conflicts.need_other(by, [volunteer_id], at=at, who=who)
    staff_registrations.need_to_change_alone(volunteer_id, by=by, at=at)
    if volunteer.phone_key is None or volunteer.phone_confirmed_at is not None:
        return volunteer
    volunteer.phone_confirmed_at, volunteer.phone_confirmed_by = at, by.account_id
    messages.tell(volunteer_id, "phone_confirmed", at=at)
    journal.record("people.confirm_phone", volunteer, account_id=by.account_id, door=by.door, at=at)
    return volunteer


def given(volunteer: Volunteer, *, by: Actor, at: datetime) -> None:
    """Record the phone of a new registration, confirmed if the office is the first to enter it.

    A leader at the gate is not the office, so the phone she enters is only the person's word.
    Anybody who already has the phone is told.
    """
    holders = others_with_phone(volunteer)
    tell_in_equal_time(
        [holder.id for holder in holders], "phone_given_again", stand_in=volunteer.id, at=at
    )
    is_office = may_on_person(by, Right.VOLUNTEER_EDIT, volunteer)
    if volunteer.phone_key is not None and is_office and not holders:
        volunteer.phone_confirmed_at, volunteer.phone_confirmed_by = at, by.account_id


def others_with_phone(volunteer: Volunteer) -> list[Volunteer]:
    """Return the others who are registered with this phone; nobody where there is none."""
    if volunteer.phone_key is None:
        return []
    query = select(Volunteer).where(
        Volunteer.phone_key == volunteer.phone_key,
        Volunteer.id != volunteer.id,
        Volunteer.state != "disowned",
        Volunteer.merged_into_id.is_(None),
    )
    return list(db.session.scalars(query.order_by(Volunteer.id)))


def tell_once(volunteer_id: int, kind: str, *, at: datetime) -> None:
    """Send the message unless it was sent within the last day, so that repeated tries do not fill a
    page.
    """
    if not _told_lately([volunteer_id], kind, at):
        messages.tell(volunteer_id, kind, at=at)


def tell_in_equal_time(
    volunteer_ids: Collection[int], kind: str, *, stand_in: int, at: datetime
) -> None:
    """Send it to each of these as :func:`tell_once` does; the time does not reveal to how many.

    If there is nobody, it is written to ``stand_in`` and rolled back.
    """
    asked = [*volunteer_ids] or [stand_in]
    told = _told_lately(asked, kind, at)
    due = [id_ for id_ in volunteer_ids if id_ not in told]
    point = db.session.begin_nested()
    messages.tell_each(kind, [(id_, {}) for id_ in due or asked], at=at)
    db.session.flush()
    if due:
        point.commit()
    else:
        point.rollback()


def _told_lately(volunteer_ids: Collection[int], kind: str, at: datetime) -> set[int]:
    query = select(Message.volunteer_id).where(
        Message.volunteer_id.in_(volunteer_ids),
        Message.kind == kind,
        Message.at > at - TOLD_AGAIN_AFTER,
    )
    return {id_ for id_ in db.session.scalars(query) if id_ is not None}


def given_of(keys: Collection[str | None]) -> set[str]:
    """Return which of these phones, as keyed hashes, are registered."""
    query = select(Volunteer.phone_key).where(Volunteer.phone_key.in_(keys))
    return {key for key in db.session.scalars(query) if key}
