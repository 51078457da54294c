"""A second person of one name, birthday and community is entered only after a question."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests import make
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.people.authentication import self_registration
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase
from volunteer_service.people.changes import person_changes, person_values
from volunteer_service.people.changes.change_models import RegistrationCheck
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations import registration, registration_checks, same_person
from volunteer_service.people.registrations.registration_fields import RegisterIn
from volunteer_service.people.registrations.same_person import Entry, MaybeSamePerson

NOW = make.MORNING
BORN = date(1950, 3, 1)
VISITOR = Actor(None, None, "", "page")


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def here(cast: make.Cast, **fields: object) -> Volunteer:
    return make.volunteer(
        **({"name": "张伟", "area_id": cast.community.id, "born_on": BORN} | fields)
    )


def asked(cast: make.Cast, **fields: object) -> RegisterIn:
    known = {"born_on": BORN, "area_id": cast.community.id, "consent": True}
    return RegisterIn(**({"name": "张 伟", "phone": "13900000077"} | known | fields))


@pytest.mark.parametrize(
    ("one", "other", "is_asked"),
    [
        (("张伟", BORN, "/1/2/"), ("张 伟", BORN, "/1/2/9/"), True),
        (("张伟", BORN, "/1/2/"), ("张伟", None, "/1/2/"), True),
        (("张伟", BORN, None), ("张伟", BORN, "/1/2/"), True),
        (("张伟", BORN, "/1/"), ("张伟", BORN, "/1/2/"), True),
        (("张伟", BORN, "/1/2/"), ("张伟", BORN, "/1/3/"), False),
        (("张伟", BORN, "/1/2/"), ("张伟", date(1950, 3, 2), "/1/2/"), False),
        (("张伟", None, None), ("张伟", None, "/1/2/"), False),
        (("张伟", None, "/1/"), ("张伟", None, "/1/"), False),
        (("张伟", None, "/1/"), ("张伟", BORN, "/4/"), False),
        (("张伟", BORN, "/1/2/"), ("张卫", BORN, "/1/2/"), False),
        (("买买提·吐尔逊", BORN, "/1/2/"), ("买买提 吐尔逊", BORN, "/1/2/"), True),
    ],
)
def test_the_rule(one, other, is_asked) -> None:
    assert same_person.may_be_one(Entry(*one), Entry(*other)) is is_asked
    assert same_person.may_be_one(Entry(*other), Entry(*one)) is is_asked


def test_two_identity_numbers_are_two_people() -> None:
    one = Entry("张伟", BORN, "/1/2/", "a")
    assert same_person.may_be_one(one, replace(one, identity_key=None))
    assert not same_person.may_be_one(one, replace(one, identity_key="b"))


def test_staff_are_asked_and_go_on_with_another_person(cast) -> None:
    known, by = here(cast), make.acting(cast.coordinator)
    before = db.session.scalar(select(db.func.count(Volunteer.id)))
    with pytest.raises(MaybeSamePerson) as refused:
        registration.register(asked(cast), by=by, at=NOW)
    assert f"{known.number} 张伟，1950-…，庆丰社区" in str(refused.value)
    assert refused.value.field == "confirm_other"
    assert [each["id"] for each in refused.value.details["candidates"]] == [known.id]
    assert db.session.scalar(select(db.func.count(Volunteer.id))) == before
    other = registration.register(asked(cast, confirm_other=True), by=by, at=NOW)
    assert other.id != known.id
    assert registration_checks.count_waiting(by=by) == 0


def test_who_is_not_the_asker_s_to_see_is_not_told_but_waits_for_staff(cast) -> None:
    here(cast, area_id=None)
    by = make.acting(make.account("near", "社区", role="coordinator", area=cast.community))
    person = registration.register(asked(cast), by=by, at=NOW)
    (row,) = registration_checks.waiting(by=make.acting(cast.coordinator)).items
    assert (row.kind, row.volunteer_id) == ("same_name", person.id)


def test_self_registration_tells_nobody_and_staff_are_asked(cast) -> None:
    known = here(cast)
    word = "a long pass phrase of mine"
    self_registration.join(asked(cast), word, by=VISITOR, at=NOW)
    self_registration.join(asked(cast, name="李新", phone="13900000078"), word, by=VISITOR, at=NOW)
    by = make.acting(cast.coordinator)
    (row,) = registration_checks.waiting(by=by).items
    assert row.kind == "same_name"
    assert [each.id for each in same_person.namesakes_of(row.volunteer)] == [known.id]
    # Who registers twice by name and phone is known: nobody new, nothing to look at.
    self_registration.join(asked(cast), word, by=VISITOR, at=NOW)
    assert registration_checks.count_waiting(by=by) == 1


def test_who_answers(cast) -> None:
    here(cast)
    self_registration.join(asked(cast), "a long pass phrase of mine", by=VISITOR, at=NOW)
    (row,) = db.session.scalars(select(RegistrationCheck)).all()
    for stranger in (cast.li_mei, cast.zhao_account):
        with pytest.raises(NotFound):
            registration_checks.answer_check(row.id, by=make.acting(stranger), at=NOW)
        assert registration_checks.count_waiting(by=make.acting(stranger)) == 0
    by = make.acting(cast.coordinator)
    registration_checks.answer_check(row.id, by=by, at=NOW)
    assert registration_checks.count_waiting(by=by) == 0
    with pytest.raises(registration_checks.AnsweredAlready):
        registration_checks.answer_check(row.id, by=by, at=NOW)


def test_nobody_answers_about_themself(cast) -> None:
    mine = here(cast)
    registration_checks.ask(mine, "newcomer", by=VISITOR, at=NOW)
    cast.coordinator.volunteer_id = mine.id
    db.session.flush()
    (row,) = db.session.scalars(select(RegistrationCheck)).all()
    with pytest.raises(OwnCase):
        registration_checks.answer_check(row.id, by=make.acting(cast.coordinator), at=NOW)


def test_nobody_says_that_their_own_second_entry_is_somebody_else(cast) -> None:
    """A coordinator who joins once more, by another phone, leaves the answer to another one."""
    cast.coordinator.volunteer_id = here(cast).id
    db.session.flush()
    self_registration.join(asked(cast), "a long pass phrase of mine", by=VISITOR, at=NOW)
    (row,) = db.session.scalars(select(RegistrationCheck)).all()
    with pytest.raises(OwnCase):
        registration_checks.answer_check(row.id, by=make.acting(cast.coordinator), at=NOW)
    assert row.answered_at is None
    registration_checks.answer_check(row.id, by=make.acting(cast.second), at=NOW)
    assert row.answered_by_id == cast.second.id


def test_who_comes_to_look_like_another_by_a_change_is_asked_about_once(cast) -> None:
    here(cast)
    other = here(cast, born_on=date(1971, 1, 1), area_id=None)
    by, admin = make.acting(cast.coordinator), Actor.system("cli")
    registration.settle(other.id, cast.community.id, by=admin, at=NOW)
    assert db.session.scalars(select(RegistrationCheck)).all() == []
    for born_on in (BORN, date(1971, 1, 1), BORN):
        seen = person_values.mark(other, "born_on")
        edit = PersonEdit(field="born_on", born_on=born_on, seen=seen, reason="按证件核对")
        person_changes.change_person(other.id, edit, by=by, at=NOW)
    (row,) = db.session.scalars(select(RegistrationCheck)).all()
    assert (row.kind, row.volunteer_id) == ("same_name", other.id)


def test_who_is_settled_beside_a_namesake_is_asked_about(cast) -> None:
    here(cast)
    other = here(cast, born_on=None, area_id=None)
    registration.settle(other.id, cast.community.id, by=Actor.system("cli"), at=NOW)
    (row,) = registration_checks.waiting(by=make.acting(cast.coordinator)).items
    assert row.volunteer_id == other.id
