"""A declared household: neither decides on the other, nor confirms what the other began."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, acting
from tests.make_attendance import record
from volunteer_service import policies
from volunteer_service.attendance.records import record_decisions
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.journal import Entry
from volunteer_service.people.authorization import conflicts, household_declarations
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.authorization.household_declarations import (
    HouseholdNeverSo,
    HouseholdUnknown,
    TooManyHouseholds,
)
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import HouseholdTie, Message, Volunteer
from volunteer_service.scoring.points import adjustments

DAY = timedelta(days=1)
SYSTEM = Actor.system("cli")


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
    declared(between, zhou(cast), by=SYSTEM)
    declared(between, qian, by=SYSTEM)
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
    acts = select(Entry.verb).where(Entry.subject_type == "household_ties").order_by(Entry.id)
    assert list(db.session.scalars(acts)) == [
        "people.declare_household",
        "people.confirm_household",
    ]


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


def qian(cast) -> Volunteer:
    return db.session.get(Volunteer, cast.second.volunteer_id)


def adjusts(account, person, *, at=MORNING) -> bool:
    try:
        adjustments.adjust(person.id, 100, "补", by=acting(account), at=at)
    except SecondPersonNeeded:
        return False
    return True


def test_what_one_side_says_joins_no_strangers(cast):
    """王建国 names both coordinators: they stay second persons to one another."""
    mine = acting(cast.wang_account)
    first = declared(cast.wang, zhou(cast), by=mine)
    declared(cast.wang, qian(cast), by=mine)
    assert conflicts.why_not(acting(cast.second), cast.coordinator.id, at=MORNING) is None
    assert adjusts(cast.second, zhou(cast))
    # It counts between the two, and a chain runs over it once the other side says so too.
    assert not adjusts(cast.coordinator, cast.wang)
    household_declarations.confirm_household(first.id, by=acting(cast.coordinator), at=MORNING)
    assert conflicts.why_not(acting(cast.second), cast.coordinator.id, at=MORNING) is None
    second = declared(qian(cast), cast.wang, by=acting(cast.second))
    assert second.confirmed_at == MORNING
    assert conflicts.why_not(acting(cast.second), cast.coordinator.id, at=MORNING) is not None


def test_what_an_accused_says_of_every_coordinator_is_ended_at_once(cast):
    mine = acting(cast.wang_account)
    first, second = (declared(cast.wang, each(cast), by=mine) for each in (zhou, qian))
    with pytest.raises(OwnCase):
        household_declarations.household_never_so(
            first.id, reason="查过", by=acting(cast.coordinator), at=MORNING
        )
    # Each coordinator undoes it for the other.
    for tie, account in ((first, cast.second), (second, cast.coordinator)):
        household_declarations.household_never_so(
            tie.id, reason="上门看过", by=acting(account), at=MORNING
        )
        assert (tie.never_at, tie.never_why) == (MORNING, "上门看过")
    assert adjusts(cast.coordinator, cast.wang)
    assert adjusts(cast.second, cast.wang)
    with pytest.raises(HouseholdNeverSo):
        declared(cast.wang, zhou(cast), by=mine)
    with pytest.raises(HouseholdNeverSo):
        declared(zhou(cast), cast.wang, by=acting(cast.coordinator))
    entry = db.session.scalars(
        select(Entry).where(Entry.verb == "people.household_never_so").order_by(Entry.id)
    ).first()
    assert (entry.account_id, entry.facts["reason"]) == (cast.second.id, "上门看过")
    # Staff may still declare it, and somebody else of them confirms it.
    again = declared(cast.wang, zhou(cast), by=acting(cast.second))
    assert (again.never_at, again.is_pending) == (None, True)
    household_declarations.confirm_household(again.id, by=acting(cast.admin), at=MORNING)
    assert not adjusts(cast.coordinator, cast.wang)


def test_nor_does_it_keep_every_coordinator_from_ending_it(cast):
    mine = acting(cast.wang_account)
    first, second = (declared(cast.wang, each(cast), by=mine) for each in (zhou, qian))
    with pytest.raises(OwnCase):
        household_declarations.end_household(first.id, by=acting(cast.coordinator), at=MORNING)
    for tie, account in ((first, cast.second), (second, cast.coordinator)):
        ended = household_declarations.end_household(tie.id, by=acting(account), at=MORNING)
        assert ended.ended_at == MORNING


def test_who_lives_with_one_of_the_two_does_not_end_it(cast):
    declared(zhou(cast), qian(cast), by=SYSTEM)
    tie = declared(cast.wang, zhou(cast), by=SYSTEM)
    with pytest.raises(SecondPersonNeeded, match="同一家人"):
        household_declarations.end_household(tie.id, by=acting(cast.second), at=MORNING)
    assert tie.ended_at is None
    assert household_declarations.end_household(tie.id, by=acting(cast.admin), at=MORNING).ended_at


def test_what_both_or_staff_said_is_never_ended_at_once(cast):
    by_staff = declared(cast.zhao, zhou(cast), by=SYSTEM)
    both = declared(cast.wang, zhou(cast), by=acting(cast.wang_account))
    household_declarations.confirm_household(both.id, by=acting(cast.coordinator), at=MORNING)
    for tie in (by_staff, both):
        with pytest.raises(NotAllowed):
            household_declarations.household_never_so(
                tie.id, reason="查过", by=acting(cast.second), at=MORNING
            )
        assert (tie.ended_at, tie.never_at) == (None, None)


def test_what_staff_say_of_other_staff_keeps_nobody_from_deciding_until_somebody_else_says_so(cast):
    """周静 declares her peer 钱伟 one of 王建国's household, to decide on him alone."""
    tie = declared(cast.wang, qian(cast), by=acting(cast.coordinator))
    assert (tie.is_pending, tie.declarer_id) == (True, None)
    assert set(db.session.scalars(select(Message.kind))) == {"household_pending"}
    assert adjusts(cast.second, cast.wang)
    # Saying it again is nobody else's word.
    assert declared(cast.wang, qian(cast), by=acting(cast.coordinator)).is_pending
    with pytest.raises(SecondPersonNeeded):
        household_declarations.confirm_household(tie.id, by=acting(cast.coordinator), at=MORNING)
    with pytest.raises(NotFound):
        household_declarations.confirm_household(tie.id, by=acting(cast.zhao_account), at=MORNING)
    assert adjusts(cast.second, cast.wang)
    household_declarations.confirm_household(tie.id, by=acting(cast.admin), at=MORNING)
    assert not adjusts(cast.second, cast.wang)


def test_one_of_the_two_confirms_or_denies_what_staff_say(cast):
    tie = declared(cast.wang, qian(cast), by=acting(cast.coordinator))
    (mate,) = household_declarations.household_of(cast.wang.id, by=acting(cast.wang_account))
    assert (mate.is_firm, mate.waits_for_this, mate.is_pending) == (False, True, True)
    household_declarations.deny_household(tie.id, by=acting(cast.second), at=MORNING)
    assert adjusts(cast.second, cast.wang)
    # Ending it and saying it again makes it count no sooner.
    assert declared(cast.wang, qian(cast), by=acting(cast.coordinator)).is_pending
    assert adjusts(cast.second, cast.wang)
    declared(qian(cast), cast.wang, by=acting(cast.second))
    assert not adjusts(cast.second, cast.wang)


def test_what_counts_already_is_never_made_to_wait(cast):
    """A coordinator does not undo what one side said by saying it once more."""
    declared(cast.wang, qian(cast), by=acting(cast.wang_account))
    assert not declared(cast.wang, qian(cast), by=acting(cast.coordinator)).is_pending
    assert not adjusts(cast.second, cast.wang)


def test_of_people_without_a_role_one_word_of_the_staff_is_enough(cast):
    assert not declared(cast.wang, cast.zhao, by=acting(cast.coordinator)).is_pending


def test_denying_a_true_one_lets_nobody_decide_for_30_days(cast):
    tie = declared(cast.wang, zhou(cast), by=acting(cast.wang_account))
    for stranger in (cast.wang_account, cast.zhao_account, cast.second):
        with pytest.raises(NotFound):
            household_declarations.deny_household(tie.id, by=acting(stranger), at=MORNING)
    household_declarations.deny_household(tie.id, by=acting(cast.coordinator), at=MORNING)
    assert tie.ended_at == MORNING
    assert not adjusts(cast.coordinator, cast.wang, at=MORNING + 29 * DAY)
    assert adjusts(cast.coordinator, cast.wang, at=MORNING + 30 * DAY)


def test_a_coordinator_s_word_about_herself_is_one_sided(cast):
    tie = declared(qian(cast), zhou(cast), by=acting(cast.coordinator))
    assert tie.declarer_id == cast.coordinator.volunteer_id


def test_how_many_one_declares_is_the_policy_s(cast):
    policies.add_version(
        {"household_most": 1, "household_days": 5}, reason="t", account_id=None, at=MORNING
    )
    mine = acting(cast.wang_account)
    declared(cast.wang, zhou(cast), by=mine)
    with pytest.raises(TooManyHouseholds) as refused:
        declared(cast.wang, qian(cast), by=mine, at=MORNING + 5 * DAY - timedelta(seconds=1))
    assert (refused.value.numbers["most"], refused.value.numbers["days"]) == (1, 5)
    assert declared(cast.wang, qian(cast), by=mine, at=MORNING + 5 * DAY)


def test_one_person_declares_eight_in_30_days(cast):
    mine = acting(cast.wang_account)
    people = [make.volunteer(f"志愿者{n}", team=cast.team) for n in range(9)]
    for each in people[:8]:
        declared(cast.wang, each, by=mine)
    with pytest.raises(TooManyHouseholds):
        declared(cast.wang, people[8], by=mine)
    assert len(db.session.scalars(select(HouseholdTie)).all()) == 8
    assert declared(cast.wang, people[8], by=mine, at=MORNING + 30 * DAY).declarer_id
