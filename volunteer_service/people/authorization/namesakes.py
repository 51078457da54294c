"""Staff accounts without a known volunteer, and the volunteers of the same name.

Opening a staff account states which volunteer it is, or that it is none. Where that is not known,
an equal name may be the same person: until somebody else says «not the same person», neither is a
second person to the other or decides about them. Staff decide only about people of their own
areas, so the name alone is compared.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from volunteer_service.db import db, in_lists
from volunteer_service.errors import Phrase
from volunteer_service.people.account_findings import AccountFinding
from volunteer_service.people.models import Account, Grant, Volunteer

_Other = aliased(Account)


def among(account_ids: Collection[int], volunteer_ids: Collection[int]) -> dict[int, set[int]]:
    """Return which of these people have the name of an account without a known volunteer."""
    found: dict[int, set[int]] = {}
    if not account_ids:
        return found
    for ids in in_lists(volunteer_ids):
        query = (
            select(Account.id, Volunteer.id)
            .join(Volunteer, Volunteer.name == Account.name)
            .where(
                Account.id.in_(account_ids),
                Account.volunteer_id.is_(None),
                Volunteer.id.in_(ids),
                ~_told_apart(),
            )
        )
        for account_id, volunteer_id in db.session.execute(query):
            found.setdefault(account_id, set()).add(volunteer_id)
    return found


def of_accounts(one: int, other: int) -> bool:
    """Tell whether two accounts may be one person's: equal names, neither volunteer known."""
    query = select(Account.id).where(
        Account.id == one,
        _Other.id == other,
        Account.name == _Other.name,
        Account.volunteer_id.is_(None),
        _Other.volunteer_id.is_(None),
        ~_two_told_apart(),
    )
    return db.session.scalar(query) is not None


def why(name: str) -> Phrase:
    """Return why an equal name is a tie, and what ends it."""
    return Phrase(
        "同名：%(name)s，工作人员账号还没有关联志愿者，可能是同一个人。"
        "请系统管理员先在账号页关联，或说明不是同一人",
        name=name,
    )


def is_unsettled() -> ColumnElement[bool]:
    """Return the WHERE for staff accounts without a finding about who is behind them."""
    said = exists().where(
        AccountFinding.account_id == Account.id, AccountFinding.finding == "nobody"
    )
    holds = exists().where(Grant.account_id == Account.id)
    return and_(Account.volunteer_id.is_(None), holds, ~said)


def _told_apart() -> ColumnElement[bool]:
    return exists().where(
        AccountFinding.account_id == Account.id,
        AccountFinding.finding == "another",
        AccountFinding.volunteer_id == Volunteer.id,
    )


def _two_told_apart() -> ColumnElement[bool]:
    one, other = AccountFinding.account_id, AccountFinding.other_account_id
    return exists().where(
        AccountFinding.finding == "another",
        or_(
            and_(one == Account.id, other == _Other.id),
            and_(one == _Other.id, other == Account.id),
        ),
    )


def called_as(account: Account) -> ColumnElement[bool]:
    """Return the WHERE for volunteers with this account's name who were not told apart from it."""
    apart = exists().where(
        AccountFinding.account_id == account.id,
        AccountFinding.finding == "another",
        AccountFinding.volunteer_id == Volunteer.id,
    )
    return and_(Volunteer.name == account.name, ~apart)
