"""Nobody decides on themself, and the second person is truly somebody else."""

from datetime import timedelta

import pytest

from tests import make
from tests.make import MORNING, acting
from volunteer_service.db import db
from volunteer_service.people.authentication import accounts, one_time_codes
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Account, Guardian
from volunteer_service.teams import role_grants

DAY = timedelta(days=1)
SYSTEM = Actor.system("cli")


def told(second: Account, first: Account | None, *, at=MORNING) -> str | None:
    """Why ``second`` may not confirm what ``first`` began; None where it may."""
    try:
        conflicts.need_second(acting(second), first.id if first else None, at=at)
    except SecondPersonNeeded as refused:
        return str(refused.numbers["reason"])
    return None


def person(cast: make.Cast, name: str, **fields: object) -> Account:
    volunteer = make.volunteer(name, team=cast.team, **fields)
    return make.account(f"login{volunteer.id}", name, volunteer=volunteer)


def test_nobody_decides_on_themself(session: None) -> None:
    cast = make.cast()
    with pytest.raises(OwnCase):
        conflicts.need_other(acting(cast.wang_account), [cast.zhao.id, cast.wang.id], at=MORNING)
    conflicts.need_other(acting(cast.wang_account), [cast.zhao.id, None], at=MORNING)
    # Staff without a registration of their own, and the service itself, have no case.
    conflicts.need_other(acting(cast.coordinator), [None, cast.wang.id], at=MORNING)
    conflicts.need_other(SYSTEM, [cast.wang.id], at=MORNING)


def test_another_account_is_a_second_person(session: None) -> None:
    cast = make.cast()
    assert told(cast.second, cast.coordinator) is None
    assert told(cast.second, None) is None
    assert told(cast.coordinator, cast.coordinator) == "这件事是您自己提出或办理的"
    conflicts.need_second(SYSTEM, cast.coordinator.id, at=MORNING)


def test_not_with_the_same_phone(session: None) -> None:
    cast = make.cast()
    one, other = (
        person(cast, "周静", phone="17055500001"),
        person(cast, "周强", phone="17055500001"),
    )
    assert told(one, other) == "你们登记的是同一个手机号"
    assert told(one, person(cast, "钱伟")) is None
    # Two who gave no phone do not share one.
    none = [person(cast, name) for name in ("甲", "乙")]
    for each in none:
        each.volunteer.phone_key = None
    db.session.flush()
    assert told(*none) is None


def test_not_a_guardian_nor_a_sibling(session: None) -> None:
    cast = make.cast()
    parent = person(cast, "周静", phone="17055500001")
    child, sibling = person(cast, "周小静"), person(cast, "周小强")
    for each in (child, sibling):
        db.session.add(Guardian(volunteer_id=each.volunteer_id, name="周静", phone="17055500001"))
    db.session.flush()
    for second, first in ((parent, child), (child, parent), (child, sibling)):
        assert told(second, first) == "你们之中一人是另一人的监护人，或有同一位监护人"
    assert told(child, person(cast, "钱伟")) is None


def test_not_whose_password_one_set_in_the_last_30_days(session: None) -> None:
    cast = make.cast()
    first = acting(cast.coordinator)
    account, _plain = one_time_codes.issue_code_to(cast.wang.id, by=first, at=MORNING)
    # Whoever knows the password is both, whichever of the two accounts asks.
    assert "2026-05-16" in (told(account, cast.coordinator) or "")
    assert "2026-05-16" in (told(cast.coordinator, account) or "")
    assert told(account, cast.second) is None
    assert told(account, cast.coordinator, at=MORNING + 29 * DAY) is not None
    assert told(account, cast.coordinator, at=MORNING + 30 * DAY) is None


def test_not_whose_role_one_gave_though_the_password_is_old(session: None) -> None:
    cast = make.cast()
    first = acting(cast.coordinator)
    role_grants.grant(
        cast.wang_account.id, "coordinator", area_id=cast.community.id, by=first, at=MORNING
    )
    assert told(cast.wang_account, cast.coordinator, at=MORNING + DAY) is not None
    assert told(cast.wang_account, cast.coordinator, at=MORNING + 30 * DAY) is None
    # Who gives a role cannot act through the account: confirming its work is what she is for.
    assert told(cast.coordinator, cast.wang_account, at=MORNING + DAY) is None


def test_not_whose_password_one_set_though_the_role_is_old(session: None) -> None:
    cast = make.cast()
    first, later = acting(cast.coordinator), MORNING + 60 * DAY
    role_grants.grant(
        cast.wang_account.id, "coordinator", area_id=cast.community.id, by=first, at=MORNING
    )
    one_time_codes.issue_code(cast.wang_account.id, by=acting(cast.admin), at=later)
    assert told(cast.wang_account, cast.admin, at=later) is not None
    assert told(cast.wang_account, cast.coordinator, at=later) is None


def test_nor_through_an_account_in_between(session: None) -> None:
    cast = make.cast()
    middle, _plain = one_time_codes.issue_code_to(
        cast.wang.id, by=acting(cast.coordinator), at=MORNING
    )
    role_grants.grant(middle.id, "coordinator", area_id=cast.town.id, by=SYSTEM, at=MORNING)
    last, _plain = one_time_codes.issue_code_to(cast.zhao.id, by=acting(middle), at=MORNING)
    assert told(last, cast.coordinator) is not None
    assert told(cast.coordinator, last) is not None


def test_nor_two_accounts_of_one_hand(session: None) -> None:
    cast = make.cast()
    first = acting(cast.coordinator)
    one, _plain = one_time_codes.issue_code_to(cast.wang.id, by=first, at=MORNING)
    other, _plain = one_time_codes.issue_code_to(cast.zhao.id, by=first, at=MORNING)
    assert "30 天内由同一人设置" in (told(one, other) or "")
    # An admin opens everybody's account: a new street has second persons all the same.
    opened = [
        accounts.open_account(
            login,
            "a new long password",
            name=login,
            volunteer=None,
            by=acting(cast.admin),
            at=MORNING,
        )
        for login in ("heping", "xinhua")
    ]
    assert told(*opened) is None


def test_a_grant_s_number_used_again_ties_nobody(session: None) -> None:
    cast = make.cast()
    first = acting(cast.coordinator)
    given = role_grants.grant(
        cast.wang_account.id, "leader", team_id=cast.team.id, by=first, at=MORNING
    )
    number = given.id
    role_grants.revoke_grant(given.id, by=first, at=MORNING)
    again = role_grants.grant(
        cast.zhao_account.id, "leader", team_id=cast.team.id, by=SYSTEM, at=MORNING
    )
    again.id = number
    db.session.flush()
    assert told(cast.zhao_account, cast.coordinator) is None


def test_who_may_instead(session: None) -> None:
    cast = make.cast()
    path, right = cast.community.path, Right.POINTS_ADJUST
    near = make.account("qingfeng", "郑洁", role="coordinator", area=cast.community)
    who = conflicts.who_may(right, path, cast.coordinator.id, at=MORNING)
    assert (who.names, who.is_above) == (("郑洁", "钱伟"), False)
    near.disabled_at = cast.second.disabled_at = MORNING
    db.session.flush()
    who = conflicts.who_may(right, path, cast.coordinator.id, at=MORNING)
    assert (who.names, who.is_above) == (("管理员",), True)
    assert str(who.worded()) == "本街道没有别人可以办理，请找系统管理员：管理员。"
    cast.admin.disabled_at = MORNING
    db.session.flush()
    assert conflicts.who_may(right, path, cast.coordinator.id, at=MORNING).names == ()


def test_a_leader_of_the_team_may_and_never_whose_case_it_is(session: None) -> None:
    cast = make.cast()
    where = (Right.RECORD_CONFIRM, cast.community.path, None)
    who = conflicts.who_may(*where, at=MORNING, team_id=cast.team.id)
    assert "李梅" in who.names
    own = [cast.li_mei.volunteer_id]
    assert "李梅" not in conflicts.who_may(*where, at=MORNING, team_id=cast.team.id, but=own).names


def test_not_an_account_that_depends_on_who_holds_the_firsts_password(session: None) -> None:
    """周静 may sign in as the first with the code, and gave the second its role."""
    cast = make.cast()
    first, second = person(cast, "余"), make.account("bao", "包")
    one_time_codes.issue_code(first.id, by=acting(cast.coordinator), at=MORNING)
    role_grants.grant(first.id, "leader", team_id=cast.team.id, by=acting(cast.second), at=MORNING)
    role_grants.grant(
        second.id, "coordinator", area_id=cast.community.id, by=acting(cast.coordinator), at=MORNING
    )
    assert told(second, first) is not None
    assert told(second, first, at=MORNING + 31 * DAY) is None
    # Who only gave both their roles cannot act as either.
    other = make.account("tao", "陶")
    role_grants.grant(
        other.id, "coordinator", area_id=cast.community.id, by=acting(cast.coordinator), at=MORNING
    )
    assert told(second, other) is None
