"""A new version of the programme's numbers: frozen rounds keep the one they have."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from volunteer_service import policies
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.visible_text import said


@said("reason")
def add_policy_version(
    changes: Mapping[str, Any],
    *,
    reason: str,
    by: Actor,
    at: datetime,
    expected: int | None = None,
) -> Policy:
    """Add the next version of the programme's numbers; frozen rounds keep theirs.

    They apply to every street, so only an admin of all streets changes them.
    """
    account_scope.need_whole_service(by, Right.SERVICE_EDIT)
    return policies.add_version(
        changes, reason=reason, account_id=by.account_id, at=at, expected=expected
    )
