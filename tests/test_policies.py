"""Policy versions: version 1 comes with the schema, later ones are only added."""

import pytest

from tests import make
from volunteer_service import policies
from volunteer_service.errors import Conflict, Invalid
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


def test_an_absurd_number_is_named(session) -> None:
    with pytest.raises(Invalid) as refused:
        policies.add_version({"presence_percent": 0}, reason="x", account_id=None, at=make.MORNING)
    assert refused.value.field == "presence_percent"
    assert policies.active() == STANDING


def test_two_editors_of_one_version_conflict(session) -> None:
    policies.add_version({}, reason="a", account_id=None, at=make.MORNING, expected=1)
    with pytest.raises(Conflict):
        policies.add_version({}, reason="b", account_id=None, at=make.MORNING, expected=1)
