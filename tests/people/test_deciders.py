"""Deciders for many rows at once are the same as one by one, in as few statements."""

import pytest
from flask import current_app
from sqlalchemy import select

from tests import make
from tests.make import MORNING, Cast, acting
from tests.statements import counted
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.people.authorization import conflicts, deciders
from volunteer_service.people.authorization.deciders import Case
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import home_of
from volunteer_service.people.models import Account, Guardian, HouseholdTie, Volunteer


@pytest.fixture
def cast(session: None) -> Cast:
    """周静, 钱伟 and the admin serve too; 周静 lives with 王建国, 钱伟 is 赵芳's guardian."""
    cast = make.cast()
    for account in (cast.coordinator, cast.second, cast.admin):
        account.volunteer_id = make.volunteer(account.name, team=cast.team).id
    db.session.flush()
    one, other = sorted((cast.wang.id, cast.coordinator.volunteer_id or 0))
    db.session.add(HouseholdTie(one_id=one, other_id=other, declared_at=MORNING))
    guardian = db.session.get_one(Volunteer, cast.second.volunteer_id)
    db.session.add(Guardian(volunteer_id=cast.zhao.id, name="钱伟", phone=guardian.phone))
    # One name, thrice: of neither account it is known whose it is.
    make.account("third", "第三位", role="coordinator", area=cast.community)
    make.account("fourth", "第 三位", role="coordinator", area=cast.town)
    make.volunteer("第三·位", team=cast.team)
    journal.record(
        "people.set_password", cast.second, account_id=cast.coordinator.id, door="page", at=MORNING
    )
    db.session.flush()
    return cast


def cases() -> list[Case]:
    """Everybody, as whoever of the staff or the operator asked."""
    accounts = [None, *db.session.scalars(select(Account.id).order_by(Account.id))]
    people = db.session.scalars(select(Volunteer.id).order_by(Volunteer.id)).all()
    return [Case(id_, home_of(id_), first) for id_ in people for first in accounts]


def test_it_says_what_is_said_one_by_one(cast: Cast) -> None:
    asked = cases()
    found = deciders.of_each(Right.POINTS_ADJUST, asked, at=MORNING)
    for case in asked:
        alone = conflicts.who_may(
            Right.POINTS_ADJUST, case.home, case.first, at=MORNING, but=[case.volunteer_id]
        )
        assert found[case] == alone, case
    assert len({who.names for who in found.values()}) > 5


def test_why_not_too(cast: Cast) -> None:
    accounts = [None, *db.session.scalars(select(Account.id).order_by(Account.id))]
    third = db.session.scalars(select(Account).where(Account.login == "third")).one()
    for account in (cast.coordinator, cast.second, cast.admin, cast.wang_account, third):
        by = acting(account)
        found = conflicts.why_not_each(by, accounts, at=MORNING)
        alone = {id_: conflicts.why_not(by, id_, at=MORNING) for id_ in accounts}
        assert {id_: str(why) for id_, why in found.items()} == {
            id_: str(why) for id_, why in alone.items()
        }


def test_nobody_is_named_who_has_the_name_and_is_then_refused(cast: Cast) -> None:
    one, other = (
        db.session.scalars(select(Account).where(Account.login == login)).one()
        for login in ("third", "fourth")
    )
    namesake = db.session.scalars(select(Volunteer).where(Volunteer.name == "第三·位")).one()
    home = home_of(cast.wang.id)
    about = Case(namesake.id, home_of(namesake.id), None)
    begun = Case(cast.wang.id, home, one.id)
    found = deciders.of_each(Right.POINTS_ADJUST, [about, begun], at=MORNING)
    for case in (about, begun):
        assert not {one.name, other.name} & {*found[case].names}
    assert conflicts.why_not_each(acting(other), [one.id], at=MORNING)[one.id] is not None


def test_many_cost_what_few_cost(cast: Cast) -> None:
    def cost(asked: list[Case]) -> int:
        with counted(current_app._get_current_object()) as said:
            deciders.of_each(Right.POINTS_ADJUST, asked, at=MORNING)
        return len(said)

    third = db.session.scalars(select(Account.id).where(Account.login == "third")).one()
    few = [case for case in cases() if case.first in (None, third)][-4:]
    for n in range(20):
        make.volunteer(f"志愿者{n}", team=cast.team)
    assert cost(few) == cost(cases())
