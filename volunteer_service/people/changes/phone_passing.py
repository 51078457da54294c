"""Passes a phone number on to its new holder, whose account alone it then opens."""

from datetime import datetime

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.people.authentication import phone_confirmation, staff_registrations
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import (
    may_on_person,
    need_to_act_on,
    others_at_home,
)
from volunteer_service.people.changes import person_change_steps as steps
from volunteer_service.people.changes import phone_changes
from volunteer_service.people.changes.person_change_refusals import (
    NothingToChange,
    PhoneHeldElsewhere,
)
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.visible_text import said


@said("reason")
def pass_phone_on(volunteer_id: int, *, reason: str, by: Actor, at: datetime) -> Volunteer:
    """Confirm, as staff, that a person holds the phone; remove it from all others and tell them.

    This is for a number that changed hands, not for a family that shares a phone. Staff must care
    for all of these people; otherwise an admin does it.
    """
    volunteer = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, volunteer)
    others = phone_confirmation.others_with_phone(volunteer) if volunteer.phone_key else []
    if not others:
        raise NothingToChange()
    people = [volunteer_id, *(each.id for each in others)]
    who = others_at_home(Right.VOLUNTEER_EDIT, people, at=at)
    conflicts.need_other(by, people, at=at, who=who)
    for each in others:
        if not may_on_person(by, Right.VOLUNTEER_EDIT, each):
            raise PhoneHeldElsewhere()
    for each in (volunteer, *others):
        staff_registrations.need_to_change_alone(each.id, by=by, at=at)
    for each in others:
        _take(each, reason, by, at)
    phone_changes.confirm(volunteer, by=by, at=at)
    messages.tell(volunteer_id, "phone_confirmed", at=at)
    journal.record("people.pass_phone_on", volunteer, account_id=by.account_id, door=by.door, at=at)
    return volunteer


def _take(volunteer: Volunteer, reason: str, by: Actor, at: datetime) -> None:
    held = database.fetch(Volunteer, volunteer.id, lock=True)
    row = steps.begin(held, "phone", None, reason, by, at)
    steps.do(row, held, None, by, at, kind="phone_passed_on")
