"""Changes a person's registration: old and new value are kept, and the person is told.

Staff of the person's home area make a change, with a reason, never for themself or for somebody
tied to them. A name, an identity number, and a birth date that makes a minor an adult wait for a
second person; a new home waits for the staff there. Issued papers keep their words.
"""

from datetime import datetime
from functools import partial

from volunteer_service import db as database
from volunteer_service import settings
from volunteer_service.areas import lookup as areas
from volunteer_service.bounds import one_of
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.people.authentication import staff_registrations
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, may
from volunteer_service.people.authorization.rights_over_people import (
    home_of,
    need_at_home,
    need_to_act_on,
    others_at_home,
)
from volunteer_service.people.changes import person_change_steps as steps
from volunteer_service.people.changes import person_edits, person_values, phone_changes
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_change_refusals import (
    ChangeDecided,
    ChangedMeanwhile,
)
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.changes.person_values import Value
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.visible_text import said


@said("edit.reason")
def change_person(volunteer_id: int, edit: PersonEdit, *, by: Actor, at: datetime) -> PersonChange:
    """Change one field of a person as staff, at once or after somebody else agrees.

    It is refused as stale (:class:`ChangedMeanwhile`) if ``edit.seen`` is not the mark of the
    present value.
    """
    one_of(edit.field, person_edits.FIELDS, "field")
    volunteer = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, volunteer)
    who = others_at_home(Right.VOLUNTEER_EDIT, [volunteer_id], at=at)
    conflicts.need_other(by, [volunteer_id], at=at, who=who)
    staff_registrations.need_to_change(volunteer_id, by=by)
    steps.need_current(volunteer, edit.field, edit.seen)
    today = settings.local_day(at)
    value = person_edits.wanted(volunteer, edit, today)
    if edit.field == "phone":
        key = phone_changes.key_of(value)
        person_edits.need_one_of_a_name(volunteer, volunteer.name, key)
    row = steps.begin(volunteer, edit.field, value, edit.reason, by, at)
    if edit.field == "home" and not _may_at(by, value):
        return steps.wait(row, by, at)
    if person_edits.need_second(volunteer, edit.field, value, today):
        return steps.wait(row, by, at)
    staff_registrations.need_to_change_alone(volunteer_id, by=by, at=at)
    return steps.do(row, volunteer, value, by, at, in_hand=edit.in_hand)


@said("answer")
def decide_change(
    change_id: int, *, approve: bool, answer: str | None = None, by: Actor, at: datetime
) -> PersonChange:
    """Approve or refuse a waiting change, as the second person or as staff of the new home."""
    row = database.fetch(PersonChange, change_id, lock=True)
    volunteer = database.fetch(Volunteer, row.volunteer_id, lock=True)
    need_to_decide(row, by=by, at=at)
    if row.state != "waiting":
        raise ChangeDecided()
    if not approve:
        return _refuse(row, answer, by, at)
    if volunteer.state == "disowned":
        raise RegistrationEnded()
    was, value = person_values.was_and_now(row)
    if person_values.present(volunteer, row.field) != was:
        raise ChangedMeanwhile(now=steps.told_now(volunteer, row.field))
    row.answer, row.decided_by_id = answer, by.account_id
    done = steps.do(row, volunteer, value, by, at)
    _tell_first(done, by, at)
    return done


def withdraw_change(change_id: int, *, by: Actor, at: datetime) -> PersonChange:
    """Withdraw one's own waiting change, as the person or as staff."""
    row = database.fetch(PersonChange, change_id, lock=True)
    if not steps.asked(row, by):
        raise NotFound()
    if row.state != "waiting":
        raise ChangeDecided()
    return drop(row, by=by, at=at)


def drop(row: PersonChange, *, by: Actor, at: datetime) -> PersonChange:
    """End a waiting change that is no longer asked for, as the import that asked is undone."""
    row.state, row.decided_at, row.decided_by_id = "withdrawn", at, by.account_id
    steps.record("withdraw_change", row, by, at)
    return row


def need_to_decide(row: PersonChange, *, by: Actor, at: datetime) -> None:
    """Refuse an actor who may not decide this change."""
    home = _deciders_home(row)
    need_at_home(by, Right.VOLUNTEER_EDIT, home)
    who = partial(_who, row, home, at)
    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    if not steps.is_own(row):
        conflicts.need_second(by, row.asked_by_id, at=at, who=who)
    staff_registrations.need_to_change(row.volunteer_id, by=by)


def _refuse(row: PersonChange, answer: str | None, by: Actor, at: datetime) -> PersonChange:
    if not answer:
        raise Invalid(field="answer", why="请写明不同意的原因")
    row.state, row.decided_at = "refused", at
    row.answer, row.decided_by_id = answer, by.account_id
    messages.tell(row.volunteer_id, "person_change_refused", at=at, field=row.field)
    _tell_first(row, by, at)
    steps.record("decide_change", row, by, at, approve=False)
    return row


def _tell_first(row: PersonChange, by: Actor, at: datetime) -> None:
    if not steps.is_own(row):
        facts = {"change": row.id, "field": row.field, "outcome": row.state}
        messages.tell_first(row.asked_by_id, "your_change_decided", second=by, at=at, **facts)


def _may_at(by: Actor, value: Value | None) -> bool:
    home = areas.path_of(value["area"] if value else None)
    return may(by, Right.VOLUNTEER_EDIT, area_path=home)


def _deciders_home(row: PersonChange) -> str | None:
    return areas.path_of(row.area_id) if row.area_id else home_of(row.volunteer_id)


def _who(row: PersonChange, home: str | None, at: datetime) -> conflicts.Who:
    first = None if steps.is_own(row) else row.asked_by_id
    return conflicts.who_may(
        Right.VOLUNTEER_EDIT, home or "/", first, at=at, but=[row.volunteer_id]
    )
