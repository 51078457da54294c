"""Admins of the whole service, who are told what concerns every street."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from volunteer_service.db import db
from volunteer_service.people.authentication import sessions
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Grant


def tell_whole_service(kind: str, *, at: datetime, **facts: Any) -> None:
    """Tell every account that administers the service itself or each of its sub-districts."""
    query = (
        select(Account)
        .where(
            Account.disabled_at.is_(None),
            Account.id.in_(select(Grant.account_id).where(Grant.role == "admin")),
        )
        .order_by(Account.id)
    )
    for account in db.session.scalars(query).all():
        if account_scope.covers_service(sessions.actor_of(account, door="job"), Right.SERVICE_EDIT):
            messages.tell_account(account.id, kind, at=at, **facts)
