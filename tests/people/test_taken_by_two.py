"""One admin cannot restore through a second account what two admins took from a person."""

import pytest

from tests import make
from tests.make import MORNING, Cast, acting
from volunteer_service.db import db
from volunteer_service.people.authentication import (
    account_people,
    accounts,
    one_time_codes,
    watchers,
)
from volunteer_service.people.authentication.watchers import TwoAdminsNeeded
from volunteer_service.people.models import Account, Grant
from volunteer_service.teams import role_grants


@pytest.fixture
def cast(session: None) -> Cast:
    """A town whose auditor 吴敏 two admins shut out and took the role from."""
    found = make.cast()
    make.account("other", "林全", role="admin", area=found.town)
    return found


@pytest.fixture
def other(cast: Cast) -> Account:
    return db.session.query(Account).filter_by(login="other").one()


def shut_out(cast: Cast, other: Account, *acts: str) -> None:
    auditor = cast.auditor
    for act in acts:
        watchers.ask_second_admin(auditor.id, act, reason="核查", by=acting(cast.admin), at=MORNING)
    by = acting(other)
    if "disable" in acts:
        accounts.disable(auditor.id, by=by, at=MORNING)
    if "role" in acts:
        (held,) = auditor.grants
        role_grants.revoke_grant(held.id, by=by, at=MORNING)
    db.session.expire_all()


def opened(cast: Cast, login: str = "again", name: str | None = None, number=None) -> Account:
    account, _code = one_time_codes.open_staff(
        login,
        name or cast.auditor.name,
        number=number,
        is_nobody=number is None,
        by=acting(cast.admin),
        at=MORNING,
    )
    return account


def give(account: Account, role: str, by: Account, cast: Cast) -> Grant:
    place = {"area_id": cast.town.id}
    return role_grants.grant(account.id, role, **place, by=acting(by), at=MORNING)


@pytest.mark.parametrize("name", ["same", "spelled"])
def test_who_was_shut_out_gets_no_role_by_another_account(
    cast: Cast, other: Account, name: str
) -> None:
    shut_out(cast, other, "disable")
    said = cast.auditor.name if name == "same" else " ".join(cast.auditor.name)
    second = opened(cast, name=said)
    for role in ("auditor", "desk", "coordinator"):
        with pytest.raises(TwoAdminsNeeded):
            give(second, role, cast.admin, cast)
    assert "grant" in watchers.acts_on(second, by=acting(cast.admin), at=MORNING)
    watchers.ask_second_admin(second.id, "grant", reason="复核", by=acting(cast.admin), at=MORNING)
    with pytest.raises(TwoAdminsNeeded):
        give(second, "desk", cast.admin, cast)
    give(second, "desk", other, cast)
    # Two have given it: the next role is as anybody's.
    db.session.expire_all()
    give(second, "coordinator", other, cast)
    assert {held.role for held in second.grants} == {"desk", "coordinator"}


def test_a_coordinator_gives_no_team_to_who_was_shut_out(cast: Cast, other: Account) -> None:
    shut_out(cast, other, "disable")
    second = opened(cast)
    watchers.ask_second_admin(second.id, "grant", reason="复核", by=acting(cast.admin), at=MORNING)
    team = {"team_id": cast.team.id, "at": MORNING}
    with pytest.raises(TwoAdminsNeeded):
        role_grants.grant(second.id, "leader", by=acting(cast.coordinator), **team)


def test_a_role_that_two_took_comes_back_by_no_other_account(cast: Cast, other: Account) -> None:
    shut_out(cast, other, "role")
    second = opened(cast)
    with pytest.raises(TwoAdminsNeeded):
        give(second, "auditor", cast.admin, cast)
    # Another role took nobody from them.
    give(second, "desk", cast.admin, cast)


def test_nor_where_the_same_admin_says_that_it_is_somebody_else(cast: Cast, other: Account) -> None:
    shut_out(cast, other, "disable")
    second = opened(cast)
    apart = {"other_account_id": cast.auditor.id, "reason": "不是同一人", "at": MORNING}
    account_people.tell_apart(second.id, by=acting(cast.admin), **apart)
    with pytest.raises(TwoAdminsNeeded):
        give(second, "desk", cast.admin, cast)
    # Another one says so too: these are two admins.
    account_people.tell_apart(second.id, by=acting(other), **apart)
    give(second, "desk", cast.admin, cast)


def test_nor_by_a_link_that_the_same_admin_made(cast: Cast, other: Account) -> None:
    shut_out(cast, other, "disable")
    twin = make.volunteer(cast.auditor.name, area_id=cast.town.id)
    someone = make.volunteer("赵某", area_id=cast.town.id)
    second = opened(cast, number=twin.number)
    link = {"number": someone.number, "reason": "本人", "at": MORNING}
    account_people.link(cast.auditor.id, by=acting(cast.admin), **link)
    with pytest.raises(TwoAdminsNeeded):
        give(second, "desk", cast.admin, cast)
    give(second, "desk", other, cast)


def test_whose_volunteers_are_known_is_two_people(cast: Cast, other: Account) -> None:
    cast.auditor.volunteer_id = make.volunteer(cast.auditor.name, area_id=cast.town.id).id
    db.session.flush()
    shut_out(cast, other, "disable", "role")
    twin = make.volunteer(cast.auditor.name, area_id=cast.town.id)
    give(opened(cast, number=twin.number), "auditor", cast.admin, cast)


def test_of_another_name_one_admin_is_enough(cast: Cast, other: Account) -> None:
    shut_out(cast, other, "disable", "role")
    give(opened(cast, name="吴敏敏"), "auditor", cast.admin, cast)
