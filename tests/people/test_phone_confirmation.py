"""Phones are confirmed face to face, and the former holder is told."""

import pytest

from tests import make
from tests.people.test_sign_in import NOW, PHONE, register
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.journal import Entry
from volunteer_service.people.authentication import phone_confirmation
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase
from volunteer_service.people.models import Message, Volunteer
from volunteer_service.people.registrations import registration, registration_fields

STAFF = Actor.system("cli")


def by_staff(name: str) -> Volunteer:
    return registration.register(
        registration_fields.RegisterIn(name, PHONE, True), by=STAFF, at=NOW
    )


def kinds(volunteer_id: int) -> list[str]:
    query = db.select(Message.kind).where(Message.volunteer_id == volunteer_id)
    return list(db.session.scalars(query))


def test_what_the_office_writes_down_is_confirmed_for_the_first(session: None) -> None:
    first, second = by_staff("孙晓"), by_staff("孙母")
    assert first.phone_confirmed_at == NOW
    assert second.phone_confirmed_at is None


def test_what_a_visitor_says_is_not_confirmed_first_or_second(session: None) -> None:
    for name in ("孙晓", "孙母"):
        person = register(name).volunteer
        assert person is not None
        assert person.phone_confirmed_at is None


def test_a_coordinator_confirms_and_it_is_known_who_and_when(session: None) -> None:
    cast = make.cast()
    person = cast.wang
    person.phone_confirmed_at = None
    by = make.acting(cast.coordinator)
    phone_confirmation.confirm_phone(person.id, by=by, at=NOW)
    assert (person.phone_confirmed_at, person.phone_confirmed_by) == (NOW, cast.coordinator.id)
    phone_confirmation.confirm_phone(person.id, by=make.acting(cast.second), at=make.MORNING)
    assert person.phone_confirmed_by == cast.coordinator.id
    entries = db.session.scalars(db.select(Entry).where(Entry.verb == "people.confirm_phone"))
    assert [entry.account_id for entry in entries] == [cast.coordinator.id]
    assert kinds(person.id) == ["phone_confirmed"]


def test_nobody_confirms_their_own_or_without_the_right(session: None) -> None:
    cast = make.cast()
    own = make.account("wei", "王建国", role="coordinator", area=cast.town)
    cast.wang.phone_confirmed_at = None
    own_actor = Actor(own.id, cast.wang.id, "王建国", "page", make.acting(cast.coordinator).grants)
    with pytest.raises(OwnCase):
        phone_confirmation.confirm_phone(cast.wang.id, by=own_actor, at=NOW)
    for account in (cast.wang_account, cast.zhao_account, cast.li_mei, cast.desk):
        with pytest.raises((NotFound, NotAllowed)):
            phone_confirmation.confirm_phone(cast.wang.id, by=make.acting(account), at=NOW)
    assert cast.wang.phone_confirmed_at is None


def test_who_has_the_phone_is_told_once_a_day(session: None) -> None:
    first = by_staff("孙晓")
    for name in ("贼一", "贼二", "贼三"):
        register(name)
    assert kinds(first.id) == ["phone_given_again"]


def test_who_has_no_phone_shares_it_with_nobody(session: None) -> None:
    people = [
        registration.register(registration_fields.RegisterIn(name, None, True), by=STAFF, at=NOW)
        for name in ("孙一", "孙二", "孙三")
    ]
    assert [kinds(each.id) for each in people] == [[], [], []]
    assert [each.phone_confirmed_at for each in people] == [None, None, None]
