"""Self-registration: joining, and opening the account of a registration kept on paper."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select

from volunteer_service import policies, settings
from volunteer_service.db import db
from volunteer_service.errors import Checks, Refused
from volunteer_service.identifiers import check_characters
from volunteer_service.people.authentication import accounts, passwords
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.contact_numbers import identity_key, maybe_phone, phone_key
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations import registration
from volunteer_service.people.registrations.registration_fields import RegisterIn, entered
from volunteer_service.people.search.person_names import spelled


class ClaimRefused(Refused):
    """No registration without an account has this name, phone and identity number together."""

    message = "没有找到相符的登记，或已开通过登录。请核对姓名、手机号和身份证号，或联系社区管理员。"


def join(asked: RegisterIn, password: str, *, by: Actor, at: datetime) -> None:
    """Register the person themself and open the account, whose login is the volunteer number.

    It returns nothing: where name and phone (or the identity number) are registered, nothing is
    created and that person is told; from outside both cases look the same. The person signs in
    next: a newcomer with this password, a registered person with their own. The password is checked
    together with the fields of the registration.
    """
    checks = Checks()
    with checks.of_a_field():
        entered(asked, settings.local_day(at))
    with checks.of_a_field():
        passwords.need_strong(password, asked.name, asked.phone)
    checks.settle()
    known = registration.known_as(asked, at=at)
    # Both cases do the same work, so that the time does not reveal which; here it is rolled back.
    point = db.session.begin_nested()
    volunteer = registration.enter(replace(asked, identity=None) if known else asked, by=by, at=at)
    _open(volunteer, password, by=by, at=at)
    db.session.flush()
    entry = volunteer.id
    if known:
        point.rollback()
    else:
        point.commit()
    registration.tell_joined(known, stand_in=entry, at=at)


def claim(
    name: str, phone: str, identity: str, password: str, *, by: Actor, at: datetime
) -> Account:
    """Open the account of somebody registered on paper: name, phone and identity must all match.

    Refused if one of them was changed within ``independence_days``, because the person who changed
    it may know the others. In that case staff give a one-time code, face to face.
    """
    passwords.need_strong(password, name, phone)
    digits = maybe_phone(phone)
    found = db.session.scalars(
        select(Volunteer).where(
            Volunteer.identity_key == identity_key(check_characters.normalise(identity)),
            Volunteer.phone_key == phone_key(digits or phone),
            Volunteer.name.in_({" ".join(name.split()), spelled(name)}),
            Volunteer.state == "active",
            ~_changed_lately(at),
            Volunteer.id.not_in(select(Account.volunteer_id).where(Account.volunteer_id > 0)),
        )
    ).one_or_none()
    if found is None:
        passwords.waste_a_try(password)
        raise ClaimRefused()
    return _open(found, password, by=by, at=at)


def _changed_lately(at: datetime) -> ColumnElement[bool]:
    since = at - timedelta(days=policies.guarding(at).independence_days)
    return exists().where(
        PersonChange.volunteer_id == Volunteer.id,
        PersonChange.field.in_(("name", "phone", "identity")),
        PersonChange.state == "done",
        PersonChange.decided_at > since,
    )


def _open(volunteer: Volunteer, password: str, *, by: Actor, at: datetime) -> Account:
    return accounts.open_account(volunteer.number, password, volunteer=volunteer, by=by, at=at)
