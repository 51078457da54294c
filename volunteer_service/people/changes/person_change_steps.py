"""The steps of every change to a person: compare, wait for agreement, apply."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.errors import Phrase
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import (
    changed_ages,
    person_edits,
    person_values,
    phone_changes,
)
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_change_refusals import (
    ChangedMeanwhile,
    ChangeWaiting,
    NothingToChange,
)
from volunteer_service.people.changes.person_change_rows import new_row
from volunteer_service.people.changes.person_values import Value
from volunteer_service.people.messages import messages
from volunteer_service.people.messages.message_kinds import KINDS
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations import registration_checks
from volunteer_service.people.registrations.registration import is_minor
from volunteer_service.people.registrations.registration_state import RegistrationEnded

#: The fields that distinguish people (``same_person``).
ALIKE_BY = frozenset({"name", "born_on", "home"})


def need_current(volunteer: Volunteer, field: str, seen: str) -> None:
    """Refuse where ``seen`` does not match the current value or the registration has ended."""
    if volunteer.state == "disowned":
        raise RegistrationEnded()
    if seen != person_values.mark(volunteer, field):
        raise ChangedMeanwhile(now=told_now(volunteer, field))


def told_now(volunteer: Volunteer, field: str) -> Phrase:
    """Return the registered value in words; for an identity number also what it contains."""
    now = person_values.told(field, person_values.present(volunteer, field))
    if field != "identity":
        return now
    born_on, sex = (
        person_values.told(each, person_values.present(volunteer, each))
        for each in ("born_on", "sex")
    )
    return Phrase("身份证号%(number)s，出生日期%(born_on)s，性别%(sex)s").filled(
        number=now, born_on=born_on, sex=sex
    )


def begin(
    volunteer: Volunteer, field: str, value: Value | None, reason: str, by: Actor, at: datetime
) -> PersonChange:
    """Build a change, not stored yet; refused where nothing differs or another one waits."""
    was = person_values.present(volunteer, field)
    if was == value:
        raise NothingToChange(field="area_id" if field == "home" else field)
    waiting = select(PersonChange.id).where(
        PersonChange.volunteer_id == volunteer.id,
        PersonChange.field == field,
        PersonChange.state == "waiting",
    )
    if db.session.scalar(waiting) is not None:
        raise ChangeWaiting()
    return new_row(volunteer, field, was, value, reason, by, at)


def wait(row: PersonChange, by: Actor, at: datetime) -> PersonChange:
    """Store the change until somebody else agrees."""
    row.state = "waiting"
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise ChangeWaiting() from None
    if not is_own(row):
        messages.tell(row.volunteer_id, "person_change_asked", at=at, field=row.field)
    record("change_person", row, by, at, state=row.state)
    return row


def do(
    row: PersonChange,
    volunteer: Volunteer,
    value: Value | None,
    by: Actor,
    at: datetime,
    *,
    in_hand: bool = False,
    kind: str = "person_changed",
) -> PersonChange:
    """Apply the change with its consequences and tell the person with a message of this kind."""
    was_minor = is_minor(volunteer, at)
    phone_changes.keep_ties(row, volunteer, at=at)
    person_edits.put(volunteer, row.field, value, at=at)
    if row.field in ALIKE_BY:
        registration_checks.ask_if_alike(volunteer, by=by, at=at)
    if row.field == "phone":
        phone_changes.follow(volunteer, by=by, at=at, in_hand=in_hand)
    row.state, row.decided_at = "done", at
    db.session.add(row)
    db.session.flush()
    changed_ages.follow(row, volunteer, was_minor=was_minor, by=by, at=at)
    facts = {name: getattr(row, name) for name in KINDS[kind].facts}
    messages.tell(row.volunteer_id, kind, at=at, **facts)
    record("change_phone" if row.field == "phone" else "change_person", row, by, at)
    return row


def asked(row: PersonChange, by: Actor) -> bool:
    """Tell whether ``by`` asked for this change."""
    return by.account_id is not None and row.asked_by_id == by.account_id


def is_own(row: PersonChange) -> bool:
    """Tell whether the person asked for it themself."""
    if row.asked_by_id is None:
        return False
    query = select(Account.volunteer_id).where(Account.id == row.asked_by_id)
    return db.session.scalar(query) == row.volunteer_id


def record(verb: str, row: PersonChange, by: Actor, at: datetime, **facts: object) -> None:
    """Write a journal line about the person, without the values."""
    journal.record(
        f"people.{verb}",
        row.volunteer,
        account_id=by.account_id,
        door=by.door,
        at=at,
        change=row.id,
        field=row.field,
        **facts,
    )
