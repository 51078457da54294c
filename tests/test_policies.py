"""Policy versions: version 1 comes with the schema, later ones are only added."""

from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests import make
from tests.make import acting
from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.errors import Conflict, Invalid, WrittenByNewerProgram
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.policies import PolicyVersion
from volunteer_service.scoring.points import adjustments
from volunteer_service.scoring.ratings import policy_versions
from volunteer_service.scoring.rules.policy import STANDING, policy_hash


def test_an_empty_database_holds_the_standing_policy(session) -> None:
    assert policies.active() == STANDING
    assert policy_hash(policies.of(1)) == policy_hash(STANDING)


def test_a_new_version_holds_and_the_old_one_stays(session) -> None:
    added = policies.add_version(
        {"presence_percent": 50}, reason="试行", account_id=None, at=make.MORNING, expected=1
    )
    assert (added.version, policies.active()) == (2, added)
    assert policies.of(1).presence_percent == 60


def test_a_new_version_is_written_in_the_newest_format_and_the_old_one_keeps_its_own(
    session,
) -> None:
    policies.add_version({"adjust_days": 60}, reason="x", account_id=None, at=make.MORNING)
    second, first = policies.versions()
    assert (second.numbers["format"], second.numbers["adjust_days"]) == (10, 60)
    assert "format" not in first.numbers
    assert (first.policy.format, first.policy.adjust_days) == (1, 30)
    assert [policy_hash(each.policy) for each in (second, first)] == [second.hash, first.hash]


def test_the_format_is_no_number_to_change(session) -> None:
    with pytest.raises(Invalid) as refused:
        policies.add_version({"format": 1}, reason="x", account_id=None, at=make.MORNING)
    assert refused.value.field == "format"
    assert len(policies.versions()) == 1


def test_a_version_that_a_newer_program_wrote_says_what_to_do(session) -> None:
    numbers = policies.active().numbers | {"version": 2, "format": 11, "tea_minutes": 15}
    newer = {"version": 2, "numbers": numbers, "hash": "f" * 64, "reason": "x"}
    row = PolicyVersion(**newer, at=make.MORNING)
    row.term = policies.PolicyTerm(
        half_year="2026H1", from_on=make.MORNING.date(), state="active", has_begun=True
    )
    db.session.add(row)
    db.session.flush()
    with pytest.raises(WrittenByNewerProgram, match="升级程序") as refused:
        policies.active()
    assert refused.value.numbers == {"format": 11, "known": 10}
    assert policies.of(1) == STANDING


def test_an_absurd_number_is_named(session) -> None:
    with pytest.raises(Invalid) as refused:
        policies.add_version({"presence_percent": 0}, reason="x", account_id=None, at=make.MORNING)
    assert refused.value.field == "presence_percent"
    assert policies.active() == STANDING


def test_two_editors_of_one_version_conflict(session) -> None:
    policies.add_version({}, reason="a", account_id=None, at=make.MORNING, expected=1)
    with pytest.raises(Conflict):
        policies.add_version({}, reason="b", account_id=None, at=make.MORNING, expected=1)


# What one person may do alone

DAY = timedelta(days=1)


def guarded(name: str, at: datetime = make.MORNING) -> int:
    return int(getattr(policies.guarding(at), name))


@pytest.mark.parametrize("name", policies.GUARDS)
def test_what_an_account_loosens_guards_for_30_days_more(session, name: str) -> None:
    admin = make.account("admin", "管理员")
    standing = getattr(STANDING, name)
    looser = standing + (1 if policies.GUARDS[name] is min else -1)
    change = {"reason": "x", "at": make.MORNING}
    policies.add_version({name: looser}, account_id=admin.id, **change)
    assert getattr(policies.active(), name) == looser
    assert guarded(name) == guarded(name, make.MORNING + 29 * DAY) == standing
    assert guarded(name, make.MORNING + 30 * DAY) == looser
    # Stricter at once; another number changes nothing about it.
    policies.add_version({name: standing}, account_id=admin.id, **change)
    policies.add_version({"late_minutes": 20}, account_id=admin.id, **change)
    assert guarded(name, make.MORNING + DAY) == standing


@pytest.mark.parametrize("name", policies.GUARDS)
def test_what_the_operator_sets_guards_at_once(session, name: str) -> None:
    looser = getattr(STANDING, name) + (1 if policies.GUARDS[name] is min else -1)
    policies.add_version({name: looser}, reason="x", account_id=None, at=make.MORNING)
    assert guarded(name) == looser


def test_many_versions_push_no_stricter_one_out(session) -> None:
    admin = make.account("admin", "管理员")
    for n in range(70):
        numbers = {"adjust_alone_centi": 900_000 + n, "independence_days": 1}
        policies.add_version(numbers, reason="x", account_id=admin.id, at=make.MORNING)
    later = make.MORNING + 2 * DAY
    assert (guarded("adjust_alone_centi", later), guarded("independence_days", later)) == (5000, 30)


def test_a_number_of_acting_alone_is_no_other_way_read() -> None:
    """Each number of that name is a guard, and no module reads one where it counts at once."""
    named = {each.name for each in fields(policies.Policy) if "alone" in each.name}
    assert named <= policies.GUARDS.keys()
    package = Path(policies.__file__).parent
    for path in package.rglob("*.py"):
        text = path.read_text()
        for name in policies.GUARDS:
            if f".{name}" in text and path.name != "policies.py":
                assert "policies.guarding(" in text, (path, name)
            assert f"active().{name}" not in text, (path, name)


def test_one_admin_does_not_loosen_a_limit_and_act_alone(session) -> None:
    cast = make.cast()
    both = acting(cast.admin)
    numbers = {"adjust_alone_centi": 900_000, "adjust_member_centi": 900_000}
    numbers |= {"adjust_account_centi": 900_000}
    made = policy_versions.propose_policy(numbers, reason="试", by=both, at=make.MORNING)
    second = Actor.system()
    policy_versions.activate_policy(made.version, by=second, at=make.MORNING)
    row = adjustments.adjust(cast.wang.id, 90_000, "补", by=both, at=make.MORNING)
    assert row.state == "waiting"
