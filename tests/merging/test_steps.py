"""Two entries of one person become one, and two again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import make, make_points
from tests.make_merging import DAY, merge, picture, served, undo
from tests.make_points import FRIDAY
from tests.merging.conftest import PHONE
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.merging import refusals, steps
from volunteer_service.openings.models import OpeningHours
from volunteer_service.people.authentication import accounts, watchers
from volunteer_service.people.authentication.staff_registrations import StaffOfOthers
from volunteer_service.people.authentication.watchers import TwoAdminsNeeded
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Message, Volunteer
from volunteer_service.scoring.points import balances, doctor
from volunteer_service.scoring.rewards import orders
from volunteer_service.teams.models import Membership

TODAY = FRIDAY.date()


def points(volunteer) -> int:
    return balances.standing(volunteer.id, TODAY).available


def balances_of(*people: Volunteer) -> list[object]:
    return [balances.standing(each.id, TODAY) for each in people]


def test_hours_points_and_teams_become_one_and_two_again(cast, kept, other) -> None:
    mine, theirs = served(kept, cast), served(other, cast, day=1)
    before, standing = picture(), balances_of(kept, other)
    done = merge(cast, kept, other)
    assert (done.state, done.minutes, done.decided_by_id) == ("done", 60, None)
    assert (mine.volunteer_id, theirs.volunteer_id) == (kept.id, kept.id)
    assert (points(kept), points(other)) == (200, 0)
    assert (other.state, other.merged_into_id) == ("left", kept.id)
    assert kept.registered_on == date(2023, 5, 1)
    teams = select(Membership.team_id).where(Membership.volunteer_id == kept.id)
    assert set(db.session.scalars(teams)) == {cast.team.id, cast.other_team.id}
    assert doctor.doctor() == []
    said = db.session.scalars(select(Message).where(Message.kind == "entries_merged")).one()
    assert (said.volunteer_id, said.facts) == (kept.id, {"number": other.number})
    undone = undo(cast, done)
    assert (undone.state, undone.undo_reason) == ("undone", "不是一个人")
    db.session.expire_all()
    assert picture() == before
    assert balances_of(kept, other) == standing
    assert doctor.doctor() == []


def test_it_can_be_done_again_after_an_undo(cast, kept, other) -> None:
    served(other, cast)
    undo(cast, merge(cast, kept, other))
    assert merge(cast, kept, other, at=FRIDAY + 2 * DAY).state == "done"
    assert (points(kept), points(other)) == (100, 0)
    assert doctor.doctor() == []


def test_points_keep_their_last_day_and_an_open_order_its_points(cast, kept, other) -> None:
    make_points.earned(other, 500, expires_on=make_points.THIS_YEAR)
    make_points.earned(kept, 200, expires_on=make_points.NEXT_YEAR)
    gift = make_points.gift(cast)
    actor = make.acting(make.account("zw2", "张伟", volunteer=other))
    order, _code = orders.order(gift.id, 1, other.id, stars=0, by=actor, at=FRIDAY)
    before = balances_of(kept, other)
    done = merge(cast, kept, other)
    found = balances.standing(kept.id, TODAY)
    assert found.expiring == [(make_points.THIS_YEAR, 200), (make_points.NEXT_YEAR, 200)]
    assert (found.available, found.held, order.volunteer_id) == (400, 300, kept.id)
    assert doctor.doctor() == []
    undo(cast, done)
    assert balances_of(kept, other) == before
    assert (order.volunteer_id, doctor.doctor()) == (other.id, [])
    again = merge(cast, kept, other, at=FRIDAY + 2 * DAY)
    orders.hand_over(order.id, by=make.acting(cast.desk), at=FRIDAY + 2 * DAY)
    assert balances.standing(kept.id, TODAY).spent == 300
    assert doctor.doctor() == []
    with pytest.raises(refusals.ChangedSince):
        undo(cast, again, at=FRIDAY + 3 * DAY)
    orders.return_same_day(order.id, "拿错了", by=make.acting(cast.second), at=FRIDAY + 2 * DAY)
    assert (points(kept), doctor.doctor()) == (700, [])


def test_above_the_policy_s_minutes_a_second_person_confirms(cast, kept, other) -> None:
    served(other, cast, minutes=180)
    asked = merge(cast, kept, other)
    assert (asked.state, asked.minutes, points(kept)) == ("waiting", 180, 0)
    decide = {"approve": True, "at": FRIDAY}
    with pytest.raises(SecondPersonNeeded):
        steps.decide_merging(asked.id, **decide, by=make.acting(cast.coordinator))
    with pytest.raises(refusals.MergingWaits):
        merge(cast, kept, other)
    steps.decide_merging(asked.id, **decide, by=make.acting(cast.second))
    assert (asked.state, points(kept)) == ("done", 300)
    told = db.session.scalars(select(Message).where(Message.kind == "merging_answered")).one()
    assert (told.account_id, told.facts["outcome"]) == (cast.coordinator.id, "done")
    with pytest.raises(refusals.MergingDecided):
        steps.decide_merging(asked.id, **decide, by=make.acting(cast.second))


def test_the_second_person_says_why_not(cast, kept, other) -> None:
    served(other, cast, minutes=180)
    asked = merge(cast, kept, other)
    steps.decide_merging(
        asked.id, approve=False, answer="是父子", by=make.acting(cast.second), at=FRIDAY
    )
    assert (asked.state, asked.answer, other.state, points(other)) == (
        *("refused", "是父子", "active"),
        300,
    )


@pytest.mark.parametrize(
    "differs",
    [{"name": "张炜"}, {"phone": "17000008888"}, {"born_on": date(1990, 1, 2)}],
)
def test_where_identity_is_at_stake_two_persons_do(cast, kept, differs) -> None:
    kept.born_on = None
    shape = {"name": "张伟", "phone": PHONE} | differs
    other = make.volunteer(shape.pop("name"), team=cast.team, **shape)
    assert merge(cast, kept, other).state == "waiting"


def test_small_steps_are_summed(cast, kept, other) -> None:
    served(other, cast, minutes=90)
    third = make.volunteer("张伟", team=cast.team, phone=PHONE)
    served(third, cast, minutes=90, day=3)
    assert merge(cast, kept, other).state == "done"
    assert merge(cast, kept, third).state == "waiting"


@pytest.mark.parametrize("first", ["other", "kept"])
def test_hours_taken_over_are_weighed_too(cast, kept, other, first) -> None:
    """Two entries of 90 and 31 minutes, one after the other or one within the other."""
    third = make.volunteer("张伟", team=cast.team, phone=PHONE)
    for row, minutes in ((other, 90), (third, 31)):
        hours = {"year": 2024, "minutes": minutes, "source": "志愿通"}
        db.session.add(OpeningHours(volunteer_id=row.id, import_id=1, **hours))
    db.session.flush()
    pairs = {"other": [(other, third), (kept, other)], "kept": [(kept, other), (kept, third)]}
    assert [merge(cast, *pair).state for pair in pairs[first]] == ["done", "waiting"]


def test_small_steps_of_points_are_summed_too(cast, kept, other) -> None:
    third = make.volunteer("张伟", team=cast.team, phone=PHONE)
    for row in (other, third):
        make_points.earned(row, 3_000, expires_on=make_points.NEXT_YEAR)
    assert merge(cast, kept, other).state == "done"
    row = merge(cast, kept, third)
    assert (row.state, points(kept), points(third)) == ("waiting", 3_000, 3_000)
    steps.decide_merging(row.id, approve=True, by=make.acting(cast.second), at=FRIDAY)
    assert (points(kept), points(third), doctor.doctor()) == (6_000, 0, [])


def test_nobody_merges_themself_nor_a_stranger_s_people(cast, kept, other) -> None:
    cast.coordinator.volunteer_id = other.id
    db.session.flush()
    with pytest.raises(OwnCase):
        merge(cast, kept, other)
    with pytest.raises(NotFound):
        merge(cast, kept, other, by=cast.wang_account)
    assert (other.state, db.session.scalars(select(Merging)).all()) == ("active", [])


def test_of_two_records_over_one_time_the_better_evidence_counts_once(cast, kept, other) -> None:
    weak = served(kept, cast, minutes=120, grade="leader")
    good = served(other, cast, minutes=60)
    done = merge(cast, kept, other)
    assert (weak.state, weak.minutes, good.state) == ("refused", 0, "confirmed")
    assert (points(kept), doctor.doctor()) == (100, [])
    undo(cast, done)
    assert (weak.state, weak.minutes, good.volunteer_id) == ("confirmed", 120, other.id)
    assert (points(kept), points(other), doctor.doctor()) == (200, 100, [])


def test_after_the_policy_s_days_it_stays(cast, kept, other) -> None:
    done = merge(cast, kept, other)
    with pytest.raises(refusals.TooLateToUndo):
        undo(cast, done, at=FRIDAY + 7 * DAY + timedelta(seconds=1))
    assert undo(cast, done, at=FRIDAY + 7 * DAY).state == "undone"


def test_an_entry_of_an_auditor_takes_two_admins(cast, kept, other) -> None:
    """A merging gives it another phone: nobody alone does so to who watches over them."""
    cast.auditor.volunteer_id = kept.id
    second = make.account("admin2", "林全", role="admin", area=cast.town)
    with pytest.raises(TwoAdminsNeeded):
        merge(cast, kept, other, by=cast.admin, taken=["phone"])
    assert db.session.scalars(select(Merging)).all() == []
    act = {"reason": "登记了两次", "by": make.acting(second), "at": FRIDAY}
    watchers.ask_second_admin(cast.auditor.id, "registration", **act)
    assert merge(cast, kept, other, by=cast.admin, taken=["phone"]).state == "done"


def test_who_is_no_admin_agrees_to_no_merging_of_staff(cast, kept, other) -> None:
    cast.auditor.volunteer_id, other.name = kept.id, "张炜"
    row = merge(cast, kept, other, by=cast.admin)
    for approve in (True, False):
        with pytest.raises(StaffOfOthers):
            steps.decide_merging(
                row.id,
                approve=approve,
                answer="不行",
                by=make.acting(cast.coordinator),
                at=FRIDAY,
            )
    assert (row.state, other.state) == ("waiting", "active")


def test_an_account_that_an_admin_disabled_since_is_not_opened_by_an_undo(
    cast, kept, other
) -> None:
    account = make.account("zw2", "张伟", volunteer=other)
    done = merge(cast, kept, other)
    at = FRIDAY + timedelta(hours=1)
    accounts.disable(account.id, by=make.acting(cast.admin), at=at)
    with pytest.raises(refusals.ChangedSince, match="登录账号"):
        undo(cast, done)
    assert (account.disabled_at, done.state) == (at, "done")
