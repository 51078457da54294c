"""Who is at the door: actors from an account, a session or a bearer token."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service.areas.models import Area
from volunteer_service.crypto import token_hash
from volunteer_service.db import db
from volunteer_service.errors import SignInNeeded
from volunteer_service.people.actor import Actor, Held
from volunteer_service.people.models import Account, Grant, Token


def actor_of(account: Account, *, door: str) -> Actor:
    """The actor of this account with all that is granted to it (one query)."""
    rows = db.session.execute(
        select(Grant.role, Area.path, Grant.team_id)
        .outerjoin(Area, Area.id == Grant.area_id)
        .where(Grant.account_id == account.id)
    )
    held = tuple(Held(role, path, team_id) for role, path, team_id in rows)
    return Actor(account.id, account.volunteer_id, account.name, door, held)


def resume(account_id: int, epoch: int, *, door: str) -> Actor:
    """The actor of a running session; refused once the account is disabled or re-keyed."""
    account = db.session.get(Account, account_id)
    if account is None or account.disabled_at is not None or account.epoch != epoch:
        raise SignInNeeded()
    return actor_of(account, door=door)


def bearer(token: str, *, at: datetime) -> tuple[Actor, frozenset[str]]:
    """The actor and scopes behind an API token; unknown, expired and revoked look the same."""
    row = db.session.scalars(
        select(Token).where(
            Token.token_hash == token_hash(token),
            Token.revoked_at.is_(None),
            Token.expires_at > at,
        )
    ).one_or_none()
    if row is None:
        raise SignInNeeded()
    account = db.session.scalars(
        select(Account).where(Account.id == row.account_id, Account.disabled_at.is_(None))
    ).one_or_none()
    if account is None:
        raise SignInNeeded()
    return actor_of(account, door="api"), frozenset(row.scopes)
