"""One's own door to the guardian: who came of age ends it alone, anybody else asks."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, acting
from tests.make_merging import merge
from volunteer_service.db import db
from volunteer_service.merging import doctor
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded
from volunteer_service.people.changes import own_changes, person_changes, person_values
from volunteer_service.people.changes.person_change_refusals import (
    ChangedMeanwhile,
    GuardianStays,
    NoGuardianNeeded,
    NothingToChange,
)
from volunteer_service.people.models import Guardian, Volunteer

GROWN, CHILD = date(2008, 5, 16), date(2010, 4, 1)
OTHER = {"guardian_name": "王二", "guardian_phone": "13900000002"}


@pytest.fixture
def cast(session) -> make.Cast:
    found = make.cast()
    phone = "13900000001"
    found.coordinator.volunteer_id = make.volunteer("周静", team=found.team, phone=phone).id
    db.session.add(Guardian(volunteer_id=found.wang.id, name="王大", phone=phone))
    db.session.flush()
    return found


def act(cast, *, born_on: date | None, at=MORNING, **to: str):
    cast.wang.born_on = born_on
    seen = person_values.mark(cast.wang, "guardian")
    by = acting(cast.wang_account)
    return own_changes.change_own_guardian(**to, seen=seen, by=by, at=at)


def guardians() -> list[str]:
    return list(db.session.scalars(select(Guardian.name).order_by(Guardian.id)))


def test_who_came_of_age_ends_it_alone_and_it_ties_for_some_days(cast) -> None:
    assert act(cast, born_on=GROWN).state == "done"
    assert guardians() == []
    with pytest.raises(SecondPersonNeeded, match="监护人"):
        conflicts.need_other(acting(cast.coordinator), [cast.wang.id], at=MORNING)
    later = MORNING + timedelta(days=400)
    conflicts.need_other(acting(cast.coordinator), [cast.wang.id], at=later)


def test_under_18_it_is_not_ended(cast) -> None:
    with pytest.raises(GuardianStays):
        act(cast, born_on=CHILD)
    assert guardians() == ["王大"]


def test_under_18_another_one_waits_for_the_community(cast) -> None:
    row = act(cast, born_on=CHILD, **OTHER)
    assert (row.state, guardians()) == ("waiting", ["王大"])
    with pytest.raises(SecondPersonNeeded):
        person_changes.decide_change(row.id, approve=True, by=acting(cast.coordinator), at=MORNING)
    person_changes.decide_change(row.id, approve=True, by=acting(cast.second), at=MORNING)
    assert guardians() == ["王二"]


def test_without_a_birth_date_the_end_waits_too(cast) -> None:
    row = act(cast, born_on=None)
    assert (row.state, guardians()) == ("waiting", ["王大"])
    person_changes.decide_change(row.id, approve=True, by=acting(cast.second), at=MORNING)
    assert guardians() == []


def test_who_is_of_age_names_nobody_new(cast) -> None:
    with pytest.raises(NoGuardianNeeded):
        act(cast, born_on=GROWN, **OTHER)


def test_there_must_be_one_and_the_page_must_be_fresh(cast) -> None:
    act(cast, born_on=GROWN)
    with pytest.raises(NothingToChange):
        act(cast, born_on=GROWN)
    with pytest.raises(ChangedMeanwhile):
        own_changes.change_own_guardian(seen="old", by=acting(cast.wang_account), at=MORNING)


def test_a_guardian_whom_a_merged_entry_brought_ends_with_it(cast) -> None:
    """The merged entry's guardian goes on tying for some days too, and no longer."""
    other = make.volunteer("王建国", team=cast.team, phone=cast.wang.phone)
    mother = make.volunteer("刘洋", team=cast.team, phone="13900000009")
    cast.second.volunteer_id = mother.id
    db.session.add(Guardian(volunteer_id=other.id, name="刘洋", phone=mother.phone))
    db.session.flush()
    merge(cast, cast.wang, other, by=cast.admin, at=MORNING)
    assert act(cast, born_on=GROWN, at=MORNING + timedelta(days=1)).state == "done"
    assert (guardians(), doctor.doctor()) == ([], [])
    wang = db.session.get_one(Volunteer, cast.wang.id)
    with pytest.raises(SecondPersonNeeded, match="监护人"):
        conflicts.need_other(acting(cast.second), [wang.id], at=MORNING + timedelta(days=2))
    conflicts.need_other(acting(cast.second), [wang.id], at=MORNING + timedelta(days=400))
