"""Makes the leaders of the merged team deputies of the other one; they still look after the merged
team's past.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from volunteer_service.db import db
from volunteer_service.errors import Refused, refusal_of
from volunteer_service.merging.teams.models import TeamMerging
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Grant
from volunteer_service.teams import role_grants


@dataclass(frozen=True)
class Lead:
    """An account that would become deputy, and the reason why this actor may not make it one."""

    account_id: int
    name: str
    refused: Refused | None


def to_come(kept_id: int, merged_id: int, *, by: Actor, at: datetime) -> list[Lead]:
    """Return the accounts that lead the merged team and not yet the other one."""
    there = select(Grant.account_id).where(Grant.team_id == kept_id, Grant.role == "leader")
    query = (
        select(Account.id, Account.name)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.team_id == merged_id,
            Grant.role == "leader",
            Account.disabled_at.is_(None),
            Account.id.not_in(there),
        )
    )
    rows = db.session.execute(query.order_by(Account.name, Account.id)).all()
    return [Lead(id_, name, _refused(id_, kept_id, by, at)) for id_, name in rows]


def give(merging: TeamMerging, found: Sequence[Lead], *, by: Actor, at: datetime) -> list[int]:
    """Make a deputy of each account for which this actor may do so; return the roles given."""
    team_id = merging.kept_id
    return [
        role_grants.grant(
            lead.account_id, "leader", team_id=team_id, is_deputy=True, by=by, at=at
        ).id
        for lead in found
        if lead.refused is None
    ]


def take_back(merging: TeamMerging, *, by: Actor, at: datetime) -> int:
    """Take the given roles back if they still are those of a deputy; return how many."""
    taken = 0
    for id_ in merging.grant_ids:
        held = db.session.get(Grant, id_)
        if held is not None and held.is_deputy and role_grants.may_revoke(held, by):
            role_grants.revoke_grant(id_, by=by, at=at)
            taken += 1
    return taken


def _refused(account_id: int, team_id: int, by: Actor, at: datetime) -> Refused | None:
    return refusal_of(
        lambda: role_grants.need_to_give(account_id, "leader", team_id=team_id, by=by, at=at)
    )
