"""Bearer tokens of the API: shown once, kept as a hash, scoped, expiring, revocable."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.bounds import whole
from volunteer_service.crypto import token_hash
from volunteer_service.db import db
from volunteer_service.errors import NotFound, Refused, SignInNeeded
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Token
from volunteer_service.visible_text import said

#: The roles that each scope needs, one of them anywhere; or none.
SCOPES: dict[str, tuple[str, ...]] = {
    "read": (),
    "write": (),
    "desk": ("desk", "admin"),
    "admin": ("admin",),
}
LONGEST_DAYS = 365
MOST_TOKENS = 20


class ScopeNotYours(Refused):
    """A token can do no more than the person who makes it."""

    message = "您没有权限发出带 %(scope)s 范围的令牌。请去掉这个范围。"


class TooManyTokens(Refused):
    """The account has 20 live tokens; forgotten ones are a danger."""

    message = "您已有 20 个有效令牌。请先撤销不用的。"


@said("name")
def make_token(
    name: str, scopes: Sequence[str], days: int, *, by: Actor, at: datetime
) -> tuple[Token, str]:
    """Make a token for one's own account for 1 to 365 days; its text is returned once and only a
    hash is kept.
    """
    if by.account_id is None:
        raise SignInNeeded()
    whole(days, 1, LONGEST_DAYS, "days")
    for scope in scopes:
        if scope not in SCOPES or (SCOPES[scope] and not by.has_role(*SCOPES[scope])):
            raise ScopeNotYours(scope=scope, field="scopes")
    if len([token for token in tokens_of(by) if token.expires_at > at]) >= MOST_TOKENS:
        raise TooManyTokens()
    plain = f"vs_{secrets.token_urlsafe(32)}"
    token = Token(
        account_id=by.account_id,
        name=name,
        token_hash=token_hash(plain),
        scopes=sorted(set(scopes)),
        epoch=database.fetch(Account, by.account_id).epoch,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    db.session.add(token)
    db.session.flush()
    journal.record(
        "people.make_token",
        token,
        account_id=by.account_id,
        door=by.door,
        at=at,
        scopes=token.scopes,
    )
    return token, plain


def tokens_of(by: Actor) -> list[Token]:
    """Return one's own tokens that were not revoked, newest first."""
    query = select(Token).where(Token.account_id == by.account_id, Token.revoked_at.is_(None))
    return list(db.session.scalars(query.order_by(Token.id.desc())))


def revoke_token(token_id: int, *, by: Actor, at: datetime) -> Token:
    """Revoke one's own token at once; revoking twice changes nothing."""
    token = database.fetch(Token, token_id)
    if token.account_id != by.account_id:
        raise NotFound()
    if token.revoked_at is None:
        token.revoked_at = at
        journal.record("people.revoke_token", token, account_id=by.account_id, door=by.door, at=at)
    return token
