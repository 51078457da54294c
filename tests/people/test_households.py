"""A declared household: neither decides on the other, nor confirms what the other began."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, acting
from tests.make_attendance import record
from volunteer_service.attendance import record_decisions
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.journal import Entry
from volunteer_service.people.authorization import conflicts, household_declarations
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.authorization.household_declarations import HouseholdUnknown
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import HouseholdTie, Message, Volunteer
from volunteer_service.scoring.points import adjustments

DAY = timedelta(days=1)


@pytest.fixture
def cast(session):
    found = make.cast()
    found.coordinator.volunteer_id = make.volunteer("周静", team=found.team).id
    found.second.volunteer_id = make.volunteer("钱伟", team=found.team).id
    db.session.flush()
    return found


def zhou(cast) -> Volunteer:
    return db.session.get(Volunteer, cast.coordinator.volunteer_id)


def declared(one, other, *, by, at=MORNING, name=None):
    return household_declarations.declare_household(
        one.id, housemate=other.number, housemate_name=name or other.name, by=by, at=at
    )


def declared_as(person, number, name, *, by):
    return household_declarations.declare_household(
        person.id, housemate=number, housemate_name=name, by=by, at=MORNING
    )


def test_neither_decides_on_the_other(cast):
    by = acting(cast.coordinator)
    declared(cast.wang, zhou(cast), by=acting(cast.wang_account))
    waiting = record(cast.wang, team=cast.team, state="waiting", waits_for="leader")
    for act in (
        lambda by: record_decisions.confirm([waiting.id], by=by, at=MORNING),
        lambda by: adjustments.adjust(cast.wang.id, 100, "补", by=by, at=MORNING),
    ):
        with pytest.raises(SecondPersonNeeded) as refused:
            act(by)
        assert "你们登记为同一家人" in str(refused.value)
    assert waiting.state == "waiting"
    record_decisions.confirm([waiting.id], by=acting(cast.li_mei), at=MORNING)


def test_nor_confirms_what_the_other_began(cast):
    qian = db.session.get(Volunteer, cast.second.volunteer_id)
    between = make.volunteer("周小静", team=cast.team)
    # A household is everybody whom declarations join.
    declared(between, zhou(cast), by=acting(cast.second))
    declared(between, qian, by=acting(cast.second))
    row = adjustments.adjust(cast.wang.id, 90_000, "补", by=acting(cast.coordinator), at=MORNING)
    with pytest.raises(SecondPersonNeeded):
        adjustments.decide_adjustment(row.id, approve=True, by=acting(cast.second), at=MORNING)
    who = conflicts.who_may(
        Right.POINTS_ADJUST,
        cast.town.path,
        cast.coordinator.id,
        at=MORNING,
    )
    assert who.names == ("管理员",)


def test_it_takes_number_and_name(cast):
    by = acting(cast.wang_account)
    for number, name in ((cast.zhao.number, "赵方"), ("T9999999", "赵芳")):
        with pytest.raises(HouseholdUnknown):
            declared_as(cast.wang, number, name, by=by)
    assert db.session.scalars(select(HouseholdTie)).all() == []
    tie = declared(cast.wang, cast.zhao, by=by, name=" 赵 芳 ")
    assert declared(cast.zhao, cast.wang, by=acting(cast.zhao_account)).id == tie.id
    (mate,) = household_declarations.household_of(cast.zhao.id, by=acting(cast.zhao_account))
    assert (mate.name, mate.volunteer_id) == ("王建国", cast.wang.id)
    told = db.session.scalars(select(Message.volunteer_id).order_by(Message.id)).all()
    assert sorted(told) == [cast.wang.id, cast.zhao.id]
    verbs = db.session.scalars(select(Entry.verb).where(Entry.subject_type == "household_ties"))
    assert list(verbs) == ["people.declare_household"]


def test_nobody_declares_for_strangers(cast):
    with pytest.raises(NotFound):
        declared(cast.zhao, cast.wang, by=acting(cast.wang_account))
    with pytest.raises(NotFound):
        household_declarations.household_of(cast.zhao.id, by=acting(cast.wang_account))


def test_it_is_taken_back_by_somebody_else_and_counts_for_30_days_more(cast):
    tie = declared(cast.wang, zhou(cast), by=acting(cast.wang_account))
    with pytest.raises(OwnCase):
        household_declarations.end_household(tie.id, by=acting(cast.coordinator), at=MORNING)
    with pytest.raises(NotFound):
        household_declarations.end_household(tie.id, by=acting(cast.wang_account), at=MORNING)
    assert tie.ended_at is None
    household_declarations.end_household(tie.id, by=acting(cast.second), at=MORNING)
    assert household_declarations.household_of(cast.wang.id, by=acting(cast.wang_account)) == []
    by = acting(cast.coordinator)
    with pytest.raises(SecondPersonNeeded):
        adjustments.adjust(cast.wang.id, 100, "补", by=by, at=MORNING + 29 * DAY)
    assert adjustments.adjust(cast.wang.id, 100, "补", by=by, at=MORNING + 30 * DAY).state == "done"
