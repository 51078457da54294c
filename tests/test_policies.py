"""Policy versions: version 1 comes with the schema, later ones are only added."""

import pytest

from tests import make
from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.errors import Conflict, Invalid, WrittenByNewerProgram
from volunteer_service.policies import PolicyVersion
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
    assert (second.numbers["format"], second.numbers["adjust_days"]) == (5, 60)
    assert "format" not in first.numbers
    assert (first.policy.format, first.policy.adjust_days) == (1, 30)
    assert [policy_hash(each.policy) for each in (second, first)] == [second.hash, first.hash]


def test_the_format_is_no_number_to_change(session) -> None:
    with pytest.raises(Invalid) as refused:
        policies.add_version({"format": 1}, reason="x", account_id=None, at=make.MORNING)
    assert refused.value.field == "format"
    assert len(policies.versions()) == 1


def test_a_version_that_a_newer_program_wrote_says_what_to_do(session) -> None:
    numbers = policies.active().numbers | {"version": 2, "format": 6, "tea_minutes": 15}
    newer = {"version": 2, "numbers": numbers, "hash": "f" * 64, "reason": "x"}
    db.session.add(PolicyVersion(**newer, at=make.MORNING))
    db.session.flush()
    with pytest.raises(WrittenByNewerProgram, match="升级程序") as refused:
        policies.active()
    assert refused.value.numbers == {"format": 6, "known": 5}
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
