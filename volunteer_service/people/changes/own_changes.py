"""Changes that people make to their own registration, alone or with the community's agreement."""

from datetime import datetime

from volunteer_service import db as database
from volunteer_service import settings
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.people.authentication import accounts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import person_change_steps as steps
from volunteer_service.people.changes import person_edits, person_values, phone_changes
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.contact_numbers import read_phone
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Account, Volunteer


def change_own_phone(
    account_id: int, phone: str, present: str, *, seen: str, by: Actor, at: datetime
) -> PersonChange:
    """Change one's own phone, with the current password; every session ends.

    The phone is unconfirmed: until staff have seen it, it signs in only on known devices. Anybody
    who already has it is told; the person who changes it does not learn whether somebody has it.
    """
    if by.account_id != account_id or by.volunteer_id is None:
        raise NotFound()
    volunteer = database.fetch(Volunteer, by.volunteer_id, lock=True)
    accounts.need_present(database.fetch(Account, account_id), present, at=at)
    steps.need_current(volunteer, "phone", seen)
    value = {"phone": read_phone(phone)}
    row = steps.begin(volunteer, "phone", value, "", by, at)
    row.own_key = phone_changes.key_of(value)
    return steps.do(row, volunteer, value, by, at)


def ask_to_move(area_id: int, *, seen: str, by: Actor, at: datetime) -> PersonChange:
    """Ask for another home for oneself; the staff there agree. A first home needs no agreement.

    ``registration.settle`` sets the first home.
    """
    volunteer = database.fetch(Volunteer, by.volunteer_id or 0, lock=True)
    steps.need_current(volunteer, "home", seen)
    if volunteer.area_id is None:
        raise Invalid(field="area_id", why="请先登记住在哪个社区")
    row = steps.begin(volunteer, "home", person_values.new_home(area_id), "", by, at)
    return steps.wait(row, by, at)


def change_own_guardian(
    guardian_name: str | None = None,
    guardian_phone: str | None = None,
    *,
    seen: str,
    by: Actor,
    at: datetime,
) -> PersonChange:
    """Name another guardian, or with neither name nor phone end the guardianship.

    A person who is of age by the registered birth date ends it alone; the old guardian still ties
    for ``independence_days``. Anything else waits for the staff of the home: another guardian under
    18, and the end if no birth date is known.
    """
    volunteer = database.fetch(Volunteer, by.volunteer_id or 0, lock=True)
    steps.need_current(volunteer, "guardian", seen)
    edit = PersonEdit(
        "guardian", "", seen, guardian_name=guardian_name, guardian_phone=guardian_phone
    )
    value = person_edits.wanted(volunteer, edit, settings.local_day(at))
    row = steps.begin(volunteer, "guardian", value, "", by, at)
    if value is None and volunteer.born_on is not None:
        return steps.do(row, volunteer, value, by, at)
    return steps.wait(row, by, at)
