"""Registering: with consent, once, minors with a guardian."""

from dataclasses import replace
from datetime import date

import pytest

from tests import make
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.identifiers import check_characters
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes.contact_numbers import PhoneInvalid
from volunteer_service.people.models import Consent, Guardian, Volunteer
from volunteer_service.people.registrations import registration, registration_fields
from volunteer_service.people.registrations.registration import AlreadyRegistered, IdentityKnown
from volunteer_service.people.registrations.registration_fields import (
    ConsentMissing,
    GuardianNeeded,
    IdentityInvalid,
)

VISITOR = Actor(None, None, "", "page")
ASKED = registration_fields.RegisterIn(name="  孙 晓 ", phone="139 0000-0001", consent=True)
#: A made-up number whose check character holds; born on 1 March 1990.
IDENTITY = "11010119900301" + "001"
IDENTITY += check_characters.check_character(IDENTITY)


def _register(asked: registration_fields.RegisterIn, by: Actor = VISITOR) -> Volunteer:
    return registration.register(asked, by=by, at=make.MORNING)


def test_a_newcomer_is_registered_with_a_number_and_a_consent(session: None) -> None:
    root = make.area()
    person = _register(ASKED)
    assert check_characters.read_volunteer_number(person.number) == person.number
    assert (person.name, person.phone, person.area_id) == ("孙 晓", "13900000001", root.id)
    consent = db.session.scalars(db.select(Consent)).one()
    assert (consent.purpose, consent.how, consent.by_guardian) == ("register", "page", False)


def test_nobody_is_registered_without_consent(session: None) -> None:
    with pytest.raises(ConsentMissing):
        _register(replace(ASKED, consent=False))
    assert db.session.scalars(db.select(Volunteer)).all() == []


def test_a_minor_needs_a_guardian(session: None) -> None:
    child = replace(ASKED, born_on=date(2008, 5, 17))
    with pytest.raises(GuardianNeeded):
        _register(child)
    with pytest.raises(PhoneInvalid) as refused:
        _register(replace(child, guardian_name="孙父", guardian_phone="12"))
    assert refused.value.field == "guardian_phone"
    person = _register(replace(child, guardian_name="孙父", guardian_phone="13900000002"))
    guardian = db.session.scalars(db.select(Guardian)).one()
    assert (guardian.volunteer_id, guardian.phone) == (person.id, "13900000002")
    assert db.session.scalars(db.select(Consent)).one().by_guardian


def test_on_the_eighteenth_birthday_no_guardian_is_needed(session: None) -> None:
    _register(replace(ASKED, born_on=date(2008, 5, 16)))
    assert db.session.scalars(db.select(Guardian)).all() == []


def test_an_identity_number_says_birth_date_and_sex_and_is_sealed(session: None) -> None:
    person = _register(replace(ASKED, identity=IDENTITY))
    assert (person.born_on, person.sex) == (date(1990, 3, 1), "m")
    stored = db.session.execute(db.text("SELECT identity FROM volunteers")).scalar_one()
    assert IDENTITY.encode() not in bytes(stored)


def test_an_identity_number_registers_once_and_tells_nothing(session: None) -> None:
    _register(replace(ASKED, identity=IDENTITY))
    with pytest.raises(IdentityKnown) as refused:
        _register(registration_fields.RegisterIn("别人", "13900000009", True, identity=IDENTITY))
    assert "孙" not in str(refused.value)


def test_a_wrong_identity_number_is_refused(session: None) -> None:
    with pytest.raises(IdentityInvalid):
        _register(replace(ASKED, identity=IDENTITY[:-1] + ("0" if IDENTITY[-1] != "0" else "1")))


def test_a_family_shares_a_phone_but_one_person_registers_once(session: None) -> None:
    _register(ASKED)
    _register(replace(ASKED, name="孙母"))
    with pytest.raises(AlreadyRegistered):
        _register(ASKED)


def test_a_phone_must_be_one(session: None) -> None:
    with pytest.raises(PhoneInvalid) as refused:
        _register(replace(ASKED, phone="123"))
    assert refused.value.field == "phone"


def test_staff_register_in_their_own_areas_only(session: None) -> None:
    cast = make.cast()
    asked = replace(ASKED, area_id=cast.community.id)
    assert _register(asked, make.acting(cast.coordinator)).area_id == cast.community.id
    with pytest.raises(NotFound):
        _register(replace(asked, name="另一人"), make.acting(cast.zhao_account))


def test_disowning_ends_registration_consents_and_sign_in(session: None) -> None:
    cast = make.cast()
    registration.disown(cast.wang.id, by=make.acting(cast.wang_account), at=make.MORNING)
    assert cast.wang.state == "disowned"
    assert cast.wang_account.disabled_at == make.MORNING
    consents = db.session.scalars(db.select(Consent).where(Consent.volunteer_id == cast.wang.id))
    assert all(consent.withdrawn_at == make.MORNING for consent in consents)


def test_a_stranger_cannot_disown_somebody(session: None) -> None:
    cast = make.cast()
    with pytest.raises(NotFound):
        registration.disown(cast.wang.id, by=make.acting(cast.zhao_account), at=make.MORNING)
    assert cast.wang.state == "active"


@pytest.mark.parametrize("name", ["孙晓", "孙·晓", "孙晓\ufe00", "孙　晓"])
def test_a_blank_or_a_dot_in_the_name_makes_nobody_else(session: None, name: str) -> None:
    make.area()
    _register(ASKED)
    with pytest.raises(AlreadyRegistered):
        _register(replace(ASKED, name=name))
