"""Acts that need two admins: taking a role, the account or the password from an admin or auditor.

Nobody alone removes the people who oversee them, and nobody alone restores what two took. One admin
asks with a reason, and the person is told; another, independent admin acts within the policy's days
(``second_admin_days``); the asker may withdraw the request until then. Where there is only one
admin, the operator acts at the command line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from volunteer_service import bounds, journal, policies, settings
from volunteer_service import db as database
from volunteer_service.db import db, fit
from volunteer_service.errors import NotFound, Refused
from volunteer_service.people.authentication.second_factor_models import SecondFactor
from volunteer_service.people.authentication.taken_by_two import (
    GIVES_BACK,
    taken_elsewhere,
    was_taken,
)
from volunteer_service.people.authentication.watcher_requests import WATCHER_ACTS, WatcherRequest
from volunteer_service.people.authorization import account_scope, conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account
from volunteer_service.visible_text import said

#: Roles that oversee others: the admin decides everything, the auditor reads every decision.
WATCHERS = frozenset({"admin", "auditor"})


class TwoAdminsNeeded(Refused):
    """The act takes two admins, and no other admin has asked for it yet."""

    status = 403
    message = (
        "对方是系统管理员或审核员，或由两位系统管理员停用、收回过（同名的账号也算，直到另一位系统管理员"
        "说明不是同一人），或要取下登录验证器，这件事须由两位系统管理员办理。"
        "请先在此人的账号页提出并写明原因，再由另一位系统管理员在 %(days)s 天内办理。"
        "只有一位系统管理员的，请运维人员用命令行办理。"
    )


class NotAWatcher(Refused):
    """The account is not an admin's or auditor's, and two did not disable it: one is enough."""

    status = 409
    message = "这件事不用两位系统管理员，可以直接办理。"


class AskEnded(Refused):
    """The request was carried out or withdrawn, or has lapsed."""

    status = 409
    message = "这件事已经办理、撤回或过期。请刷新页面看最新情况。"


def is_watcher(account: Account) -> bool:
    """Tell whether this account is an admin's or an auditor's."""
    return any(held.role in WATCHERS for held in account.grants)


def takes_two(account: Account, act: str, *, by: Actor, at: datetime) -> bool:
    """Return whether this act on this account needs two admins.

    Two are needed for taking a second factor off; for every act on an admin or auditor except
    giving a role; for restoring what two admins took; and for giving a role to an account that may
    belong to a person from whom two took something.
    """
    if act == "factor":
        # One admin alone could remove the factor, hand out a code and act as anybody.
        return True
    if act != "grant" and is_watcher(account):
        return True
    if act in GIVES_BACK and was_taken(account, GIVES_BACK[act]):
        return True
    return act == "grant" and bool(taken_elsewhere(account, by=by, at=at))


def need_two_to_grant(account: Account, role: str, *, by: Actor, at: datetime) -> None:
    """Refuse one admin alone who gives a role that two took, or any role to a person whom two
    disabled, even under another account of theirs (:mod:`taken_by_two`).
    """
    is_shut_out = "disable" in taken_elsewhere(account, by=by, at=at)
    if is_shut_out and by.account_id is not None and not by.has_role("admin"):
        raise TwoAdminsNeeded(days=policies.active().second_admin_days)
    if is_shut_out or role in WATCHERS:
        need_asked(account, "grant", by=by, at=at)


def acts_on(account: Account, *, by: Actor, at: datetime) -> list[str]:
    """Return the acts on this account that one admin may ask another for, for a page."""
    not_now = "disable" if account.disabled_at else "enable"
    acts = [act for act in WATCHER_ACTS if act != not_now and (act != "factor" or _has(account))]
    return [act for act in acts if takes_two(account, act, by=by, at=at)]


@said("reason")
def ask_second_admin(
    account_id: int, act: str, *, reason: str, by: Actor, at: datetime
) -> WatcherRequest:
    """Ask another admin to do ``act`` to this account; tell the person. Asking twice changes
    nothing.

    Nobody asks about themself or somebody they are tied to. A request lapses after its days.
    """
    bounds.one_of(act, WATCHER_ACTS, "act")
    fit(WatcherRequest, reason=reason)
    account = database.fetch(Account, account_id, lock=True)
    account_scope.need_over(account, by=by)
    conflicts.need_other_account(by, account, at=at, who=_other_admins(account, None, at))
    if by.account_id is None or not takes_two(account, act, by=by, at=at):
        raise NotAWatcher()
    mine = [row for row in _standing(account, at, act) if row.asked_by_id == by.account_id]
    if mine:
        return mine[0]
    row = WatcherRequest(
        account_id=account.id, act=act, reason=reason, asked_at=at, asked_by_id=by.account_id
    )
    db.session.add(row)
    db.session.flush()
    messages.tell_account(account.id, "watcher_asked", at=at, act=act)
    _record("people.ask_second_admin", row, by, at)
    return row


def withdraw_ask(ask_id: int, *, by: Actor, at: datetime) -> WatcherRequest:
    """Withdraw one's own waiting request to another admin; the person is told."""
    row = database.fetch(WatcherRequest, ask_id)
    if by.account_id is None or row.asked_by_id != by.account_id:
        raise NotFound()
    # The same right as for asking and acting, because it follows the account.
    account = database.fetch(Account, row.account_id, lock=True)
    if row.id not in {waits.id for waits in _standing(account, at, row.act)}:
        raise AskEnded()
    row.ended_at, row.ended_by_id = at, by.account_id
    messages.tell_account(account.id, "watcher_withdrawn", at=at, act=row.act)
    _record("people.withdraw_ask", row, by, at)
    return row


def need_asked(account: Account, act: str, *, by: Actor, at: datetime) -> None:
    """Refuse an act on an admin or auditor that no other admin asked for; otherwise use up the
    request.

    Raises :class:`TwoAdminsNeeded` where nobody asked, ``SecondPersonNeeded`` where the asker is
    not independent. Any other account takes one admin; the operator needs no request.
    """
    if by.account_id is None or not takes_two(account, act, by=by, at=at):
        return
    conflicts.need_other_account(by, account, at=at, who=_other_admins(account, None, at))
    # One request allows one act, even if two admins act at once.
    database.fetch(Account, account.id, lock=True)
    asked = _standing(account, at, act)
    reasons = {row.id: conflicts.why_not(by, row.asked_by_id, at=at) for row in asked}
    row = next((row for row in asked if reasons[row.id] is None), None)
    if row is None and any(row.asked_by_id != by.account_id for row in asked):
        first = asked[-1].asked_by_id
        conflicts.need_second(by, first, at=at, who=_other_admins(account, first, at))
    if row is None:
        raise TwoAdminsNeeded(days=policies.active().second_admin_days)
    row.ended_at, row.ended_by_id = at, by.account_id
    messages.tell_first(row.asked_by_id, "watcher_answered", second=by, at=at)
    _record("people.second_admin", row, by, at)


def _other_admins(account: Account, first: int | None, at: datetime) -> Callable[[], Who]:
    """Return a finder of the admins of every street who are a second person to ``first``."""
    where, but = (Right.ACCOUNT_EDIT, None, first), [account.volunteer_id]
    return partial(conflicts.who_may, *where, at=at, but=but)


@dataclass(frozen=True)
class Ask:
    """A waiting request: the act, the reason, who asked, and its last day."""

    id: int
    act: str
    reason: str
    asked_by: str
    asked_at: datetime
    until: date
    is_mine: bool


def asks_about(account: Account, *, by: Actor, at: datetime) -> list[Ask] | None:
    """Return what waits about this account, for a page.

    None where nothing takes two admins, or where the reader is none of the account's admins.
    """
    if by.account_id == account.id or not acts_on(account, by=by, at=at):
        return None
    if not account_scope.is_over(account, by=by):
        return None
    last = timedelta(days=policies.active().second_admin_days)
    return [
        Ask(
            row.id,
            row.act,
            row.reason,
            database.fetch(Account, row.asked_by_id).name,
            row.asked_at,
            settings.local_day(row.asked_at + last),
            row.asked_by_id == by.account_id,
        )
        for row in _standing(account, at)
    ]


def _has(account: Account) -> bool:
    row = db.session.get(SecondFactor, account.id)
    return row is not None and row.confirmed_at is not None


def _standing(account: Account, at: datetime, act: str | None = None) -> list[WatcherRequest]:
    since = at - timedelta(days=policies.active().second_admin_days)
    query = select(WatcherRequest).where(
        WatcherRequest.account_id == account.id,
        WatcherRequest.ended_at.is_(None),
        WatcherRequest.asked_at > since,
    )
    if act is not None:
        query = query.where(WatcherRequest.act == act)
    return list(db.session.scalars(query.order_by(WatcherRequest.id)))


def _record(verb: str, row: WatcherRequest, by: Actor, at: datetime) -> None:
    facts = {"account": row.account_id, "act": row.act, "reason": row.reason}
    journal.record(verb, row, account_id=by.account_id, door=by.door, at=at, **facts)
