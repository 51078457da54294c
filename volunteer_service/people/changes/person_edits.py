"""Reads an edit, checks it against the rules of registration, and writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from volunteer_service import bounds
from volunteer_service.areas import lookup as areas
from volunteer_service.db import db
from volunteer_service.errors import Invalid
from volunteer_service.people.changes import person_values
from volunteer_service.people.changes.contact_numbers import identity_key, phone_key, read_phone
from volunteer_service.people.changes.person_change_refusals import (
    FollowsIdentity,
    GuardianStays,
    NoGuardianNeeded,
)
from volunteer_service.people.changes.person_values import Value, new_home
from volunteer_service.people.models import Guardian, Volunteer
from volunteer_service.people.registrations import registration_fields
from volunteer_service.people.registrations.registration import AlreadyRegistered, IdentityKnown
from volunteer_service.people.registrations.registration_fields import under_age
from volunteer_service.people.search import people_lists
from volunteer_service.people.search.person_names import folded, read_name

#: The fields that staff change on a person's page; ``consents`` handles a consent on paper.
FIELDS = (
    *("phone", "name", "identity", "born_on", "sex", "home", "guardian", "registered"),
    *person_values.DETAILS,
)
#: The fields that need two people whatever the new value.
BY_TWO = ("name", "identity", "registered")
#: The most characters of each detail.
LONGEST = {"party": 60, "employer": 500, "skills": 500, "remark": 500}
_SEXES = ("f", "m")


@dataclass(frozen=True)
class PersonEdit:
    """One field's new value, the reason, and the mark of the value when the form was opened."""

    field: str
    reason: str
    seen: str
    name: str | None = None
    phone: str | None = None
    identity: str | None = None
    born_on: date | None = None
    sex: str | None = None
    area_id: int | None = None
    guardian_name: str | None = None
    guardian_phone: str | None = None
    registered_on: date | None = None
    party: str | None = None
    employer: str | None = None
    skills: str | None = None
    remark: str | None = None
    #: Staff saw the person with the phone in hand.
    in_hand: bool = False


def wanted(volunteer: Volunteer, edit: PersonEdit, today: date) -> Value | None:
    """Return the value that this edit asks for; refuse a wrong field."""
    return _READ[edit.field](volunteer, edit, today)


def need_second(volunteer: Volunteer, field: str, value: Value | None, today: date) -> bool:
    """Tell whether a second person must agree: identity changes, the day from which stars count,
    or a minor becomes an adult.
    """
    if field in BY_TWO:
        return True
    if field != "born_on" or value is None:
        return False
    born_on = date.fromisoformat(value["born_on"])
    return under_age(volunteer.born_on, today) and not under_age(born_on, today)


def put(volunteer: Volunteer, field: str, value: Value | None, *, at: datetime) -> None:
    """Write a value; refused where another person is registered with it meanwhile."""
    _PUT[field](volunteer, value or {}, at)
    db.session.flush()


def need_one_of_a_name(volunteer: Volunteer, name: str, key: str | None) -> None:
    """Raise :class:`AlreadyRegistered` where another person has the same name and phone."""
    if key is None:
        return
    query = select(Volunteer.name).where(
        Volunteer.phone_key == key, Volunteer.id != volunteer.id, Volunteer.state != "disowned"
    )
    if folded(name) in map(folded, db.session.scalars(query)):
        refused = AlreadyRegistered()
        refused.is_to_person = False
        raise refused


def _read_phone(_volunteer: Volunteer, edit: PersonEdit, _today: date) -> Value | None:
    return {"phone": read_phone(edit.phone)} if edit.phone else None


def _read_name(volunteer: Volunteer, edit: PersonEdit, _today: date) -> Value:
    name = read_name(edit.name or "")
    need_one_of_a_name(volunteer, name, volunteer.phone_key)
    return {"name": name}


def _read_sex(volunteer: Volunteer, edit: PersonEdit, _today: date) -> Value:
    if volunteer.identity_key:
        raise FollowsIdentity(field="sex")
    if edit.sex not in _SEXES:
        raise Invalid(field="sex", why="请选择")
    return {"sex": edit.sex}


def _read_born_on(volunteer: Volunteer, edit: PersonEdit, today: date) -> Value:
    if volunteer.identity_key:
        raise FollowsIdentity(field="born_on")
    # Without a birth date the person would count as of age.
    if edit.born_on is None:
        raise registration_fields.BirthDateNeeded(field="born_on")
    registration_fields.need_possible(edit.born_on, today)
    return {"born_on": edit.born_on.isoformat()} | _guarded(volunteer, edit.born_on, edit, today)


def _read_identity(volunteer: Volunteer, edit: PersonEdit, today: date) -> Value:
    card = registration_fields.read_card(edit.identity, today)
    if card is None:
        born_on = volunteer.born_on.isoformat() if volunteer.born_on else None
        return {"identity": None, "born_on": born_on, "sex": volunteer.sex}
    _need_free(volunteer, card.number)
    value = {"identity": card.number, "born_on": card.born_on.isoformat(), "sex": card.sex}
    return value | _guarded(volunteer, card.born_on, edit, today)


def _guarded(volunteer: Volunteer, born_on: date, edit: PersonEdit, today: date) -> Value:
    """Return the guardian for a person who turns out to be under 18, if none is registered."""
    if not under_age(born_on, today) or people_lists.guardian_of(volunteer.id):
        return {}
    name, phone = registration_fields.read_guardian(edit.guardian_name, edit.guardian_phone)
    return {"guardian": name, "guardian_phone": phone}


def _read_home(_volunteer: Volunteer, edit: PersonEdit, _today: date) -> Value:
    if not edit.area_id:
        raise Invalid(field="area_id", why="请选择")
    return new_home(edit.area_id)


def _read_guardian(volunteer: Volunteer, edit: PersonEdit, today: date) -> Value | None:
    is_minor = under_age(volunteer.born_on, today)
    if not edit.guardian_name and not edit.guardian_phone:
        if is_minor:
            raise GuardianStays(field="guardian_name")
        return None
    if not is_minor:
        raise NoGuardianNeeded(field="guardian_name")
    name, phone = registration_fields.read_guardian(edit.guardian_name, edit.guardian_phone)
    return {"guardian": name, "guardian_phone": phone}


def _read_registered(_volunteer: Volunteer, edit: PersonEdit, today: date) -> Value:
    if edit.registered_on is None:
        raise Invalid(field="registered_on", why="请填写")
    if not date(1949, 10, 1) <= edit.registered_on <= today:
        raise Invalid(
            field="registered_on", why="登记日期要在 1949 年 10 月 1 日到今天之间。请核对"
        )
    return {"registered": edit.registered_on.isoformat()}


def _read_detail(_volunteer: Volunteer, edit: PersonEdit, _today: date) -> Value | None:
    said = getattr(edit, edit.field)
    return {edit.field: bounds.text(said, LONGEST[edit.field], edit.field)} if said else None


def _need_free(volunteer: Volunteer, number: str) -> None:
    query = select(Volunteer.id).where(
        Volunteer.identity_key == identity_key(number), Volunteer.id != volunteer.id
    )
    if db.session.scalar(query) is not None:
        refused = IdentityKnown(field="identity")
        refused.is_to_person = False
        raise refused


def _put_phone(volunteer: Volunteer, value: Value, _at: datetime) -> None:
    volunteer.phone = value.get("phone")
    volunteer.phone_key = phone_key(volunteer.phone) if volunteer.phone else None
    volunteer.phone_confirmed_at = volunteer.phone_confirmed_by = None


def _put_name(volunteer: Volunteer, value: Value, _at: datetime) -> None:
    need_one_of_a_name(volunteer, value["name"], volunteer.phone_key)
    volunteer.name = value["name"]
    account = people_lists.account_of(volunteer.id)
    if account is not None:
        account.name = value["name"]


def _put_sex(volunteer: Volunteer, value: Value, _at: datetime) -> None:
    volunteer.sex = value["sex"]


def _put_born_on(volunteer: Volunteer, value: Value, at: datetime) -> None:
    volunteer.born_on = date.fromisoformat(value["born_on"])
    if "guardian" in value:
        _put_guardian(volunteer, value, at)


def _put_identity(volunteer: Volunteer, value: Value, at: datetime) -> None:
    number = value["identity"]
    if number:
        _need_free(volunteer, number)
    volunteer.identity = number
    volunteer.identity_key = identity_key(number) if number else None
    volunteer.sex = value["sex"]
    if value["born_on"]:
        _put_born_on(volunteer, value, at)


def _put_home(volunteer: Volunteer, value: Value, _at: datetime) -> None:
    # It may have been closed while the move waited.
    volunteer.area_id = areas.open_at(value["area"]).id


def _put_guardian(volunteer: Volunteer, value: Value, at: datetime) -> None:
    found = people_lists.guardian_of(volunteer.id)
    if not value:
        # The guardian of an entry that was merged into this one ends too.
        for row in people_lists.guardians_of_entries(volunteer.id):
            db.session.delete(row)
        return
    row = found or Guardian(volunteer_id=volunteer.id)
    row.name, row.phone, row.consented_at = value["guardian"], value["guardian_phone"], at
    db.session.add(row)


def _put_registered(volunteer: Volunteer, value: Value, _at: datetime) -> None:
    volunteer.registered_on = date.fromisoformat(value["registered"])


def _put_detail(field: str) -> Callable[[Volunteer, Value, datetime], None]:
    def put_it(volunteer: Volunteer, value: Value, _at: datetime) -> None:
        others = {name: said for name, said in volunteer.details.items() if name != field}
        volunteer.details = others | value

    return put_it


_READ: Mapping[str, Callable[[Volunteer, PersonEdit, date], Value | None]] = {
    "phone": _read_phone,
    "name": _read_name,
    "identity": _read_identity,
    "born_on": _read_born_on,
    "sex": _read_sex,
    "home": _read_home,
    "guardian": _read_guardian,
    "registered": _read_registered,
    **dict.fromkeys(person_values.DETAILS, _read_detail),
}
_PUT: Mapping[str, Callable[[Volunteer, Value, datetime], None]] = {
    "phone": _put_phone,
    "name": _put_name,
    "identity": _put_identity,
    "born_on": _put_born_on,
    "sex": _put_sex,
    "home": _put_home,
    "guardian": _put_guardian,
    "registered": _put_registered,
    **{name: _put_detail(name) for name in person_values.DETAILS},
}
