"""Nobody alone removes an admin or an auditor: one admin asks, a second one does it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, Cast, acting
from volunteer_service import journal, policies
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.people.authentication import accounts, one_time_codes, watchers
from volunteer_service.people.authentication.watcher_requests import WatcherRequest
from volunteer_service.people.authentication.watchers import (
    AskEnded,
    NotAWatcher,
    TwoAdminsNeeded,
)
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import Account, Grant, Message
from volunteer_service.people.registrations import consents, registration, reinstating
from volunteer_service.teams import role_grants

DAY = timedelta(days=1)


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


@pytest.fixture
def other(cast: Cast) -> Account:
    """A second admin of the town."""
    return make.account("other", "林全", role="admin", area=cast.town)


def role_of(account: Account) -> int:
    return db.session.scalars(select(Grant.id).where(Grant.account_id == account.id)).one()


def asked(account: Account, act: str, by: Account, at=MORNING) -> WatcherRequest:
    return watchers.ask_second_admin(account.id, act, reason="核查", by=acting(by), at=at)


def act(name: str, account: Account, by: Actor, at=MORNING) -> object:
    if name == "role":
        return role_grants.revoke_grant(role_of(account), by=by, at=at)
    verb = accounts.disable if name == "disable" else one_time_codes.issue_code
    return verb(account.id, by=by, at=at)


@pytest.mark.parametrize("name", ["role", "disable", "code"])
@pytest.mark.parametrize("whom", ["auditor", "third"])
def test_one_admin_asks_and_another_does_it(
    cast: Cast, other: Account, name: str, whom: str
) -> None:
    third = make.account("third", "第三位", role="admin", area=cast.town)
    concerned = cast.auditor if whom == "auditor" else third
    for by in (cast.admin, other):
        with pytest.raises(TwoAdminsNeeded):
            act(name, concerned, acting(by))
    row = asked(concerned, name, cast.admin)
    assert asked(concerned, name, cast.admin).id == row.id
    with pytest.raises(TwoAdminsNeeded):
        act(name, concerned, acting(cast.admin))
    assert (row.ended_at, concerned.disabled_at, role_of(concerned) > 0) == (None, None, True)

    act(name, concerned, acting(other))

    assert (row.ended_at, row.ended_by_id) == (MORNING, other.id)
    # It is used up.
    if name == "code":
        with pytest.raises(TwoAdminsNeeded):
            act(name, concerned, acting(other))
    told = select(Message.kind).where(Message.account_id == concerned.id).order_by(Message.id)
    assert "watcher_asked" in db.session.scalars(told).all()
    first = select(Message.kind).where(Message.account_id == cast.admin.id)
    assert db.session.scalars(first).all() == ["watcher_answered"]
    verbs = select(journal.Entry.verb, journal.Entry.account_id).where(
        journal.Entry.subject_type == "watcher_requests"
    )
    assert db.session.execute(verbs.order_by(journal.Entry.id)).all() == [
        ("people.ask_second_admin", cast.admin.id),
        ("people.second_admin", other.id),
    ]


def test_what_was_asked_for_is_all_that_is_done(cast: Cast, other: Account) -> None:
    asked(cast.auditor, "code", cast.admin)
    for name in ("role", "disable"):
        with pytest.raises(TwoAdminsNeeded):
            act(name, cast.auditor, acting(other))
    assert cast.auditor.disabled_at is None


def test_the_days_are_the_policy_s(cast: Cast, other: Account) -> None:
    asked(cast.auditor, "disable", cast.admin)
    with pytest.raises(TwoAdminsNeeded) as late:
        act("disable", cast.auditor, acting(other), MORNING + 7 * DAY)
    assert late.value.numbers["days"] == 7
    policies.add_version({"second_admin_days": 9}, reason="t", account_id=None, at=MORNING)
    act("disable", cast.auditor, acting(other), MORNING + 8 * DAY)
    assert cast.auditor.disabled_at == MORNING + 8 * DAY


def test_the_second_admin_is_somebody_else_indeed(cast: Cast) -> None:
    """An admin whom the first one made is no second person."""
    puppet = make.account("puppet", "木偶")
    by = acting(cast.admin)
    role_grants.grant(puppet.id, "admin", area_id=cast.town.id, by=by, at=MORNING)
    asked(cast.auditor, "disable", cast.admin)
    with pytest.raises(SecondPersonNeeded):
        act("disable", cast.auditor, acting(puppet))
    # Nor does it remove who made it.
    with pytest.raises(SecondPersonNeeded):
        asked(cast.admin, "disable", puppet)
    assert (cast.auditor.disabled_at, cast.admin.disabled_at) == (None, None)


def test_who_may_ask(cast: Cast, other: Account) -> None:
    for stranger in (cast.coordinator, cast.wang_account, cast.desk):
        with pytest.raises(NotFound):
            asked(cast.auditor, "role", stranger)
    with pytest.raises(OwnCase):
        asked(cast.admin, "role", cast.admin)
    with pytest.raises(NotAWatcher):
        asked(cast.desk, "role", cast.admin)
    assert db.session.scalars(select(WatcherRequest)).all() == []
    # One is enough for who watches nobody.
    act("disable", cast.desk, acting(cast.admin))
    with pytest.raises(NotAllowed):
        act("disable", cast.admin, acting(cast.admin))


def test_their_registration_and_phone_are_as_their_account(cast: Cast, other: Account) -> None:
    person = make.volunteer("吴敏", team=cast.team)
    cast.auditor.volunteer_id = person.id
    db.session.flush()
    for verb in (
        lambda by: registration.disown(person.id, by=by, at=MORNING),
        lambda by: consents.withdraw_consent(person.id, "register", by=by, at=MORNING),
    ):
        with pytest.raises(TwoAdminsNeeded):
            verb(acting(other))
    assert person.state == "active"
    asked(cast.auditor, "registration", cast.admin)
    consents.withdraw_consent(person.id, "register", by=acting(other), at=MORNING)
    assert person.state == "left"


def test_the_operator_does_it_alone(cast: Cast) -> None:
    by = Actor.system("cli")
    act("role", cast.auditor, by)
    act("disable", cast.admin, by)
    assert cast.admin.disabled_at == MORNING
    assert cast.auditor.grants == []


def test_the_page_is_told_what_waits(cast: Cast, other: Account) -> None:
    asked(cast.auditor, "role", cast.admin)
    (waits,) = watchers.asks_about(cast.auditor, by=acting(other), at=MORNING) or []
    assert (waits.act, waits.reason, waits.asked_by, waits.is_mine) == (
        "role",
        "核查",
        "管理员",
        False,
    )
    for reader in (cast.auditor, cast.coordinator):
        assert watchers.asks_about(cast.auditor, by=acting(reader), at=MORNING) is None
    assert watchers.asks_about(cast.desk, by=acting(other), at=MORNING) is None


# What two took


def disabled(cast: Cast, other: Account) -> Account:
    """The auditor, whose role two admins took and whose account they disabled."""
    for name in ("disable", "role"):
        asked(cast.auditor, name, cast.admin)
        act(name, cast.auditor, acting(other))
    # As the next request reads it.
    db.session.expire_all()
    return cast.auditor


def test_what_two_took_one_does_not_give_back(cast: Cast, other: Account) -> None:
    auditor = disabled(cast, other)
    role = {"area_id": cast.town.id, "at": MORNING}
    verbs = {
        "enable": lambda by: accounts.enable(auditor.id, by=by, at=MORNING),
        "grant": lambda by: role_grants.grant(auditor.id, "auditor", by=by, **role),
    }
    for name, verb in verbs.items():
        for by in (cast.admin, other):
            with pytest.raises(TwoAdminsNeeded):
                verb(acting(by))
        assert name in watchers.acts_on(auditor, by=acting(other), at=MORNING)
        asked(auditor, name, other)
        with pytest.raises(TwoAdminsNeeded):
            verb(acting(other))
        verb(acting(cast.admin))
    assert (auditor.disabled_at, [held.role for held in auditor.grants]) == (None, ["auditor"])


def test_once_given_back_by_two_the_next_time_is_as_the_first(cast: Cast, other: Account) -> None:
    """One admin names an auditor whom nobody took the role from since."""
    auditor = disabled(cast, other)
    asked(auditor, "grant", other)
    place = {"area_id": cast.town.id, "at": MORNING}
    role_grants.grant(auditor.id, "auditor", by=acting(cast.admin), **place)
    act("role", auditor, Actor.system("cli"))
    role_grants.grant(auditor.id, "auditor", by=acting(cast.admin), **place)
    assert [held.role for held in auditor.grants] == ["auditor"]


def test_another_role_needs_one_admin(cast: Cast, other: Account) -> None:
    auditor = disabled(cast, other)
    place = {"area_id": cast.town.id, "at": MORNING}
    role_grants.grant(auditor.id, "desk", by=acting(cast.admin), **place)
    assert [held.role for held in auditor.grants] == ["desk"]


def test_reinstating_opens_no_account_that_two_disabled(cast: Cast, other: Account) -> None:
    person = make.volunteer("吴敏", team=cast.team)
    cast.auditor.volunteer_id = person.id
    db.session.flush()
    auditor = disabled(cast, other)
    registration.disown(person.id, by=acting(cast.admin), at=MORNING)
    reinstating.reinstate(person.id, reason="又来了", by=acting(cast.coordinator), at=MORNING)
    assert (person.state, auditor.disabled_at) == ("active", MORNING)


# Withdrawing


def test_who_asked_withdraws_it_and_the_person_is_told(cast: Cast, other: Account) -> None:
    row = asked(cast.auditor, "disable", cast.admin)
    for stranger in (other, cast.auditor, cast.coordinator):
        with pytest.raises(NotFound):
            watchers.withdraw_ask(row.id, by=acting(stranger), at=MORNING)
    watchers.withdraw_ask(row.id, by=acting(cast.admin), at=MORNING)
    with pytest.raises(TwoAdminsNeeded):
        act("disable", cast.auditor, acting(other))
    with pytest.raises(AskEnded):
        watchers.withdraw_ask(row.id, by=acting(cast.admin), at=MORNING)
    assert watchers.asks_about(cast.auditor, by=acting(cast.admin), at=MORNING) == []
    told = select(Message.kind).where(Message.account_id == cast.auditor.id).order_by(Message.id)
    assert db.session.scalars(told).all() == ["watcher_asked", "watcher_withdrawn"]
    # Nothing was taken: one admin's word gives nothing back by two.
    assert not watchers.was_taken(cast.auditor, "disable")


def test_what_was_done_or_has_lapsed_is_not_withdrawn(cast: Cast, other: Account) -> None:
    done = asked(cast.auditor, "disable", cast.admin)
    act("disable", cast.auditor, acting(other))
    late = asked(cast.auditor, "role", cast.admin)
    for row, at in ((done, MORNING), (late, MORNING + 7 * DAY)):
        with pytest.raises(AskEnded):
            watchers.withdraw_ask(row.id, by=acting(cast.admin), at=at)
