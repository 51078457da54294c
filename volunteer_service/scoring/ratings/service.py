"""The half-yearly star rating; used as ``ratings.freeze(...)``.

A round goes open, frozen, draft, notice, decided, final, one verb a step; corrections after that
are numbered supplements. Stars are computed by ``scoring.rules`` from kept facts alone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from volunteer_service import policies
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.ratings.objections import Correction, decide_objection, object_to
from volunteer_service.scoring.ratings.public_notices import notice
from volunteer_service.scoring.ratings.replays import preview, replay
from volunteer_service.scoring.ratings.results import explain, latest_stars, progress
from volunteer_service.scoring.ratings.round_steps import (
    close_due,
    close_notice,
    draft,
    freeze,
    open_round,
    publish_notice,
    thaw,
)
from volunteer_service.scoring.ratings.sign_off import sign_off
from volunteer_service.scoring.ratings.supplements import supplement
from volunteer_service.scoring.ratings.working_day_corrections import correct_day
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.visible_text import said

__all__ = [
    "Correction",
    "add_policy_version",
    "close_due",
    "close_notice",
    "correct_day",
    "decide_objection",
    "draft",
    "explain",
    "freeze",
    "latest_stars",
    "notice",
    "object_to",
    "open_round",
    "preview",
    "progress",
    "publish_notice",
    "replay",
    "sign_off",
    "supplement",
    "thaw",
]


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

    They hold for every street, so whoever is admin of all of them changes them.
    """
    account_scope.need_whole_service(by, Right.SERVICE_EDIT)
    return policies.add_version(
        changes, reason=reason, account_id=by.account_id, at=at, expected=expected
    )
