"""Ends the codes and links with which an account's password is set anew."""

from datetime import datetime

from sqlalchemy import ColumnElement, update

from volunteer_service.db import db
from volunteer_service.people.models import SignInCode


def end_codes(account_id: int, *, at: datetime) -> None:
    """End every code that was handed out for this account, and every link in a letter."""
    _end(SignInCode.account_id == account_id, at)


def end_links(account_id: int, *, at: datetime) -> None:
    """End the links alone, because the mailbox that has them is given up."""
    _end((SignInCode.account_id == account_id) & SignInCode.is_by_message, at)


def _end(mine: ColumnElement[bool], at: datetime) -> None:
    db.session.execute(
        update(SignInCode).where(mine, SignInCode.ended_at.is_(None)).values(ended_at=at)
    )
