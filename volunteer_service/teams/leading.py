"""Names a team's leader and deputies from among its members; the role is a grant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service.bounds import one_of
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, Refused
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, may, need
from volunteer_service.people.models import Account, Grant
from volunteer_service.people.search import people_lists
from volunteer_service.teams import role_grants
from volunteer_service.teams.models import Membership, Team

LEADS = ("leader", "deputy")


class NoAccountYet(Refused):
    """The person has no account yet; a leader needs one to sign in."""

    status = 409
    message = "此人还没有开通登录。请先在其页面上给一次性代码，本人设好密码后再定为队长。"


class NotAMember(Refused):
    """The person is not a member; leader and deputy are members."""

    status = 409
    message = "此人还不是这支队伍的队员。请先加入队伍。"


@dataclass(frozen=True)
class Lead:
    """Somebody who leads a team."""

    grant: Grant
    name: str
    may_revoke: bool


def name_lead(membership_id: int, lead: str, *, by: Actor, at: datetime) -> Grant:
    """Make a member the team's leader or deputy, as an actor who grants roles there; never oneself.

    A deputy has a leader's rights. A leader who is named deputy becomes one, and the reverse.
    :func:`role_grants.revoke_grant` takes the role back.
    """
    one_of(lead, LEADS, "lead")
    row = database.fetch(Membership, membership_id, lock=True)
    team = row.team
    need(by, Right.GRANT_EDIT, area_path=team.area.path, team_id=team.id)
    if row.state != "active":
        raise NotAMember()
    account = people_lists.account_of(row.volunteer_id)
    if account is None or account.disabled_at is not None:
        raise NoAccountYet()
    return role_grants.grant(
        account.id, "leader", team_id=team.id, is_deputy=lead == "deputy", by=by, at=at
    )


def leads_of(team_id: int, *, by: Actor) -> Sequence[Lead]:
    """Return everybody who leads a team, leaders first, for an actor who grants roles there."""
    team = database.fetch(Team, team_id)
    if not may(by, Right.GRANT_EDIT, area_path=team.area.path, team_id=team_id):
        raise NotAllowed()
    query = (
        select(Grant, Account.name)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.team_id == team_id, Grant.role == "leader")
        .order_by(Grant.is_deputy, Account.name, Grant.id)
    )
    rows = db.session.execute(query).all()
    return [Lead(held, name, role_grants.may_revoke(held, by)) for held, name in rows]


def accounts_leading(team_id: int) -> Sequence[int]:
    """Return the enabled accounts that lead a team or are its deputies: the people to tell."""
    leads = select(Account.id).join(Grant, Grant.account_id == Account.id)
    leads = leads.where(
        Grant.team_id == team_id, Grant.role == "leader", Account.disabled_at.is_(None)
    )
    return db.session.scalars(leads.order_by(Account.id).distinct()).all()
