"""Limits on adjustments by one person, and the deciders above them."""

from datetime import timedelta

import pytest

from tests import make, make_points
from tests.make import MORNING, acting
from volunteer_service import policies, settings
from volunteer_service.db import db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.scoring.points import (
    adjustments,
    balances,
    bulk_reversals,
    reversals,
)
from volunteer_service.scoring.points.models import Adjustment, Transfer
from volunteer_service.teams import role_grants

DAY = timedelta(days=1)
SYSTEM = Actor.system("cli")


@pytest.fixture
def cast(session):
    return make.cast()


@pytest.fixture
def own(cast):
    """A coordinator who is a volunteer too."""
    person = make.volunteer("周珊", team=cast.team)
    account = make.account("zhou2", "周珊", role="coordinator", area=cast.town, volunteer=person)
    return acting(account)


def state(cast, centi, *, by, at=MORNING, who=None):
    return adjustments.adjust((who or cast.wang).id, centi, "核对", by=by, at=at).state


def has(person_id):
    return balances.standing(person_id, settings.local_day(MORNING)).available


def test_nobody_adjusts_their_own_points_nor_asks_for_it(cast, own):
    with pytest.raises(OwnCase) as refused:
        adjustments.adjust(own.volunteer_id, 5_000, "核对", by=own, at=MORNING)
    # Who may instead stands in the refusal.
    assert "周静、钱伟" in str(refused.value)
    with pytest.raises(OwnCase):
        adjustments.adjust(own.volunteer_id, 90_000, "核对", by=own, at=MORNING)
    assert db.session.query(Adjustment).count() == 0
    assert has(own.volunteer_id) == 0


def test_nobody_decides_on_their_own_points(cast, own):
    row = adjustments.adjust(own.volunteer_id, 90_000, "核对", by=acting(cast.second), at=MORNING)
    for approve in (True, False):
        with pytest.raises(OwnCase):
            adjustments.decide_adjustment(row.id, approve=approve, by=own, at=MORNING)
    assert (row.state, has(own.volunteer_id)) == ("waiting", 0)


def test_nobody_takes_their_own_points_back(cast, own):
    me = db.session.get(make.Volunteer, own.volunteer_id)
    make_points.earned(me, 1_000)
    transfer = db.session.query(Transfer).one()
    with pytest.raises(OwnCase):
        reversals.reverse(transfer.id, "错", by=own, at=MORNING)
    with pytest.raises(OwnCase):
        bulk_reversals.reverse_many("record", [transfer.source_id], reason="错", by=own, at=MORNING)
    assert has(me.id) == 1_000


def test_a_member_is_given_no_more_than_the_sum_in_30_days(cast):
    first, second = acting(cast.coordinator), acting(cast.second)
    assert state(cast, 3_000, by=first) == "done"
    # Taking counts as giving does, and another coordinator begins no new sum.
    assert state(cast, -1_500, by=second, at=MORNING + DAY) == "done"
    assert state(cast, 501, by=first, at=MORNING + 2 * DAY) == "waiting"
    assert state(cast, 500, by=first, at=MORNING + 2 * DAY) == "done"
    assert state(cast, 1, by=second, at=MORNING + 29 * DAY) == "waiting"
    assert state(cast, 2_000, by=first, at=MORNING + 30 * DAY) == "done"
    assert has(cast.wang.id) == 3_000 - 1_500 + 500 + 2_000


def test_an_account_adjusts_no_more_than_its_sum_over_all_members(cast):
    first = acting(cast.coordinator)
    people = [make.volunteer(f"志愿者{n}", team=cast.team) for n in "甲乙丙丁戊"]
    for person in people[:4]:
        assert state(cast, 5_000, by=first, who=person) == "done"
    assert state(cast, 1, by=first, who=people[4]) == "waiting"
    assert state(cast, 1, by=acting(cast.second), who=people[4]) == "done"


def test_what_a_second_person_approved_leaves_the_sum_alone(cast):
    first, second = acting(cast.coordinator), acting(cast.second)
    row = adjustments.adjust(cast.wang.id, 50_000, "补发", by=first, at=MORNING)
    adjustments.decide_adjustment(row.id, approve=True, by=second, at=MORNING)
    assert state(cast, 5_000, by=first) == "done"


def test_the_limits_are_the_policys(cast):
    changes = {"adjust_member_centi": 100, "adjust_alone_centi": 100, "adjust_days": 5}
    policies.add_version(changes, reason="test", account_id=None, at=MORNING)
    first = acting(cast.coordinator)
    assert state(cast, 101, by=first) == "waiting"
    assert state(cast, 100, by=first) == "done"
    assert state(cast, 1, by=first, at=MORNING + 4 * DAY) == "waiting"
    assert state(cast, 1, by=first, at=MORNING + 5 * DAY) == "done"


def test_for_somebody_with_the_same_phone_others_ask_and_decide(cast):
    person = make.volunteer("周静", team=cast.team, phone=cast.wang.phone)
    account = make.account("zhou2", "周静", role="coordinator", area=cast.town, volunteer=person)
    with pytest.raises(SecondPersonNeeded, match="同一个手机号"):
        state(cast, 100, by=acting(account))
    row = adjustments.adjust(cast.wang.id, 90_000, "核对", by=acting(cast.coordinator), at=MORNING)
    (shown,) = adjustments.waiting_adjustments(by=acting(account), at=MORNING)
    assert str(shown.why_not) == "你们登记的是同一个手机号"
    with pytest.raises(SecondPersonNeeded, match="同一个手机号"):
        adjustments.decide_adjustment(row.id, approve=True, by=acting(account), at=MORNING)
    assert (row.state, has(cast.wang.id)) == ("waiting", 0)


@pytest.mark.parametrize("first", ["coordinator", "zhao_account"])
def test_accounts_that_depend_on_one_another_have_one_sum(cast, first):
    """周静 gave 赵芳 her role: whichever of the two adjusts first."""
    by = acting(cast.coordinator)
    role_grants.grant(
        cast.zhao_account.id, "coordinator", area_id=cast.community.id, by=by, at=MORNING
    )
    one = getattr(cast, first)
    (other,) = {cast.coordinator, cast.zhao_account} - {one}
    people = [make.volunteer(f"志愿者{n}", team=cast.team) for n in range(5)]
    for each in people[:4]:
        assert state(cast, 5_000, by=acting(one), who=each) == "done"
    assert state(cast, 100, by=acting(other), who=people[4]) == "waiting"
    # Somebody else's sum is their own, and in time so is the other's.
    assert state(cast, 100, by=acting(cast.second), who=people[4]) == "done"
    later = MORNING + 30 * DAY
    assert state(cast, 100, by=acting(other), who=people[4], at=later) == "done"


def test_whoever_asked_may_take_it_back_but_not_approve(cast):
    first = acting(cast.coordinator)
    row = adjustments.adjust(cast.wang.id, 50_000, "补发", by=first, at=MORNING)
    with pytest.raises(SecondPersonNeeded) as refused:
        adjustments.decide_adjustment(row.id, approve=True, by=first, at=MORNING)
    assert "可以办理的人：钱伟。" in str(refused.value)
    assert (
        adjustments.decide_adjustment(row.id, approve=False, by=first, at=MORNING).state
        == "refused"
    )
    assert has(cast.wang.id) == 0


def test_the_list_says_who_asked_and_why_i_may_not(cast, own):
    first = acting(cast.coordinator)
    adjustments.adjust(own.volunteer_id, 90_000, "补发", by=first, at=MORNING)
    (asked,) = adjustments.waiting_adjustments(by=first, at=MORNING)
    assert (asked.asked_by, asked.is_own) == ("周静", False)
    assert str(asked.why_not) == "这件事是您自己提出或办理的"
    assert str(asked.who) == "可以办理的人：钱伟。"
    (mine,) = adjustments.waiting_adjustments(by=own, at=MORNING)
    assert (str(mine.why_not), mine.is_own) == ("这是您自己的积分", True)
    (free,) = adjustments.waiting_adjustments(by=acting(cast.second), at=MORNING)
    assert (free.why_not, free.who) == (None, None)
