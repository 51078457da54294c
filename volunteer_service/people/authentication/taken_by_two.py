"""Finds what two admins took from a person: the account they disabled, the role they took back.

A person has one account, but nobody sees that a second one is the same person's. So an account of
the same name counts as theirs until somebody else than the actor, who is independent of them, has
said whose it is; otherwise one admin would give back by a second account what two took.
"""

from datetime import datetime

from sqlalchemy import or_, select

from volunteer_service.db import db
from volunteer_service.people.authentication.account_findings import AccountFinding
from volunteer_service.people.authentication.watcher_requests import WatcherRequest
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account
from volunteer_service.people.search.person_names import folded

#: The acts that restore what two admins took.
GIVES_BACK = {"enable": "disable", "grant": "role"}
_TAKES = {taken: back for back, taken in GIVES_BACK.items()}


def was_taken(account: Account, act: str) -> bool:
    """Tell whether two admins disabled the account (``disable``) or took a role (``role``) last."""
    return taken_at(account.id, act) is not None


def taken_at(account_id: int, act: str) -> datetime | None:
    """Return when two admins took it last; None if they did not, or have restored it since."""
    row = _last(account_id, act, _TAKES[act])
    return row.ended_at if row is not None and row.act == act else None


def taken_elsewhere(account: Account, *, by: Actor, at: datetime) -> set[str]:
    """Return what two admins took from another account that may be the same person's.

    Empty if two admins gave this account a role since.
    """
    others = _others_taken(account)
    given = _last(account.id, "grant") if others else None
    found = set()
    for other in others:
        for act in _TAKES:
            taken = taken_at(other.id, act)
            is_since = taken and (given is None or given.ended_at is None or given.ended_at < taken)
            if is_since and not _is_told_apart(account, other, by, at):
                found.add(act)
    return found


def _last(account_id: int, *acts: str) -> WatcherRequest | None:
    query = select(WatcherRequest).where(
        WatcherRequest.account_id == account_id,
        WatcherRequest.act.in_(acts),
        # Done by another admin than the asker, who can only withdraw it.
        WatcherRequest.ended_by_id != WatcherRequest.asked_by_id,
    )
    newest = query.order_by(WatcherRequest.ended_at.desc(), WatcherRequest.id.desc()).limit(1)
    return db.session.scalar(newest)


def _others_taken(account: Account) -> list[Account]:
    """Return the accounts of this name from which two admins ever took something."""
    taken = select(WatcherRequest.account_id).where(
        WatcherRequest.act.in_(_TAKES), WatcherRequest.ended_by_id != WatcherRequest.asked_by_id
    )
    query = select(Account).where(Account.id.in_(taken), Account.id != account.id)
    names = _names(account)
    return [other for other in db.session.scalars(query) if names & _names(other)]


def _names(account: Account) -> set[str]:
    """Return the names of the account and of its volunteer: either may have been changed alone."""
    person = account.volunteer
    return {folded(account.name)} | ({folded(person.name)} if person else set())


def _is_told_apart(account: Account, other: Account, by: Actor, at: datetime) -> bool:
    """Tell whether somebody independent of the actor has stated that they are two people's.

    Either in words, or by the volunteers: each is known of its own account.
    """
    both = {account.id: other, other.id: account}
    query = select(AccountFinding).where(
        or_(AccountFinding.account_id == account.id, AccountFinding.account_id == other.id),
        AccountFinding.finding.in_(("another", "linked")),
    )
    rows = db.session.scalars(query).all()
    counts = [row for row in rows if _is_of_another(row, by, at)]
    for row in counts:
        twin = both[row.account_id]
        is_person = row.volunteer_id is not None and row.volunteer_id == twin.volunteer_id
        if row.finding == "another" and (row.other_account_id == twin.id or is_person):
            return True
    people = (account.volunteer_id, other.volunteer_id)
    linked_alone = any(row.finding == "linked" and row not in counts for row in rows)
    return None not in people and people[0] != people[1] and not linked_alone


def _is_of_another(row: AccountFinding, by: Actor, at: datetime) -> bool:
    return row.said_by_id is None or (
        row.said_by_id != by.account_id and conflicts.why_not(by, row.said_by_id, at=at) is None
    )
