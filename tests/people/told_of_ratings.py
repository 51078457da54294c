"""The messages to the person who proposed a policy or published a round, for
``test_told_first.py``.
"""

from typing import Any

from tests import make_ratings
from tests.make import MORNING, Cast, acting
from tests.make_ratings import AFTER_NOTICE, round_at
from volunteer_service.scoring.ratings import policy_versions, sign_off

Told = list[tuple[str, dict[str, Any]]]


def signed_off(cast: Cast) -> Told:
    make_ratings.record(cast.wang, cast.team)
    row = round_at("decided", cast)
    sign_off.sign_off(row.id, by=acting(cast.second), at=AFTER_NOTICE)
    return [("round_signed_off", {"round": row.id, "half_year": "2026H1"})]


def policy(cast: Cast, outcome: str) -> Told:
    """The coordinator proposes as an admin; another admin answers."""
    for account in (cast.coordinator, cast.second):
        account.grants[0].role = "admin"
    first, second = acting(cast.coordinator), acting(cast.second)
    row = policy_versions.propose_policy(
        {"registered_days": 30}, reason="试行", by=first, at=MORNING
    )
    if outcome == "done":
        policy_versions.activate_policy(row.version, by=second, at=MORNING)
    else:
        policy_versions.refuse_policy(row.version, answer="先不改", by=second, at=MORNING)
    return [("policy_answered", {"version": row.version, "outcome": outcome})]
