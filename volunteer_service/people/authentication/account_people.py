"""Records who is behind a staff account: a volunteer, no volunteer, or not a given namesake.

An admin of all the account's places records it, with a reason, never about their own account.
Ending a link takes two people; the operator at the command line ends it alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.errors import NotFound, Phrase, Refused
from volunteer_service.identifiers import check_characters
from volunteer_service.people.authentication import accounts, sessions
from volunteer_service.people.authentication.account_findings import AccountFinding
from volunteer_service.people.authorization import account_scope, conflicts, namesakes
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under, may_on_person
from volunteer_service.people.merged_entries import need_going_on
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.visible_text import said

#: The most namesakes that a page shows and offers to tell apart.
SHOWN = 20


class SayWhose(Refused):
    """Opening a staff account needs a volunteer number, or the statement that there is none."""

    message = "请填本人的志愿者编号；本人没有登记为志愿者的，请勾选“不是志愿者”。两项只选一项。"


class NoSuchVolunteer(Refused):
    """No volunteer with that number is in the actor's care."""

    message = "没有找到这个编号的志愿者。请核对编号；不在您管理范围内的，请那里的系统管理员办理。"


class LinkedAlready(Refused):
    """The account already has a link; two people must end it first."""

    status = 409
    message = "这个账号已关联另一位志愿者。弄错了的，请先取消原来的关联，再重新关联。"


class NotLinked(Refused):
    """There is no link to end, or nobody asked to end it."""

    status = 409
    message = "没有要办的事：这个账号没有关联，或已有人办过。请刷新页面看最新情况。"


class NotOfStaff(Refused):
    """The account has no role, so it is a volunteer's own and not a staff account."""

    status = 409
    message = "这是志愿者本人的账号，没有管理角色，不能改关联。本人的登记有错，请在志愿者页面办理。"


@dataclass(frozen=True)
class Standing:
    """What is known about who is behind an account, for its page."""

    volunteer: Volunteer | None
    is_nobody: bool
    #: Volunteers and accounts of the same name whom nobody told apart from it yet.
    namesakes: Sequence[Volunteer]
    other_accounts: Sequence[Account]
    #: Ending the link waits for a second person; and why that is not the reader.
    ending: AccountFinding | None
    why_not: Phrase | None


def find(number: str, *, by: Actor) -> Volunteer:
    """Return the registered volunteer with this number, if in the care of ``by``."""
    found = named(number, by=by)
    need_registered(found.id, found.state)
    return found


def named(number: str, *, by: Actor) -> Volunteer:
    """Return the volunteer with this number, also where the registration has ended."""
    read = check_characters.read_volunteer_number(number) or number.strip()
    query = select(Volunteer).where(
        Volunteer.number == read, living_under(by, Right.VOLUNTEER_EDIT)
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NoSuchVolunteer(field="number")
    return found


def said_who(number: str | None, is_nobody: bool, *, by: Actor) -> Volunteer | None:
    """Return the person named when an account is opened: a volunteer, or expressly nobody."""
    if bool(number and number.strip()) == is_nobody:
        raise SayWhose(field="number")
    return None if is_nobody or number is None else find(number, by=by)


@said("reason")
def link(account_id: int, number: str, *, reason: str, by: Actor, at: datetime) -> Account:
    """Link a staff account to a volunteer; both sides are told.

    Every session of the account ends, so that the next one knows the link. Nobody links their own
    account or that of a person they are tied to.
    """
    account = _held(account_id, by, at)
    volunteer = find(number, by=by)
    if account.volunteer_id == volunteer.id:
        return account
    if account.volunteer_id is not None:
        raise LinkedAlready()
    _need_of_staff(account)
    accounts.need_no_account(volunteer)
    conflicts.need_other(by, [volunteer.id], at=at, who=_who(account, at, volunteer.id))
    account.volunteer_id = volunteer.id
    _keep("linked", account, by, at, volunteer_id=volunteer.id, reason=reason)
    sessions.end_everything(account, at=at)
    messages.tell(volunteer.id, "account_linked", at=at, login=account.login)
    return account


def say_nobody(account_id: int, *, by: Actor, at: datetime) -> Account:
    """Record that the person of a staff account is not registered as a volunteer."""
    account = _held(account_id, by, at)
    if account.volunteer_id is not None:
        raise LinkedAlready()
    if not _said(account, "nobody"):
        _keep("nobody", account, by, at)
    return account


@said("reason")
def tell_apart(
    account_id: int,
    volunteer_id: int | None = None,
    *,
    other_account_id: int | None = None,
    reason: str,
    by: Actor,
    at: datetime,
) -> Account:
    """Record, as a third person, that a namesake (volunteer or account) is somebody else.

    An equal name no longer ties the two. The reason is kept.
    """
    account = _held(account_id, by, at)
    if (volunteer_id is None) == (other_account_id is None):
        raise NotFound()
    if volunteer_id is not None:
        _need_third_to_volunteer(account, volunteer_id, by, at)
    if other_account_id is not None:
        _held(other_account_id, by, at)
    who = {"volunteer_id": volunteer_id, "other_account_id": other_account_id}
    _keep("another", account, by, at, **who, reason=reason)
    return account


@said("reason")
def ask_unlink(account_id: int, *, reason: str, by: Actor, at: datetime) -> AccountFinding:
    """Ask to end the link of a staff account to its volunteer; a second person decides.

    The operator at the command line ends it at once.
    """
    account = _held(account_id, by, at)
    if account.volunteer_id is None or _ending(account) is not None:
        raise NotLinked()
    _need_of_staff(account)
    row = _keep(
        "unlinked",
        account,
        by,
        at,
        volunteer_id=account.volunteer_id,
        reason=reason,
        state="done" if by.account_id is None else "waiting",
    )
    if row.state == "done":
        _end(account, at)
    return row


def decide_unlink(account_id: int, *, approve: bool, by: Actor, at: datetime) -> AccountFinding:
    """End the link or refuse to, as the second person; the asker may withdraw the request."""
    account = _held(account_id, by, at)
    row = _ending(account)
    if row is None:
        raise NotLinked()
    if approve:
        who = _who(account, at, row.volunteer_id, first=row.said_by_id)
        conflicts.need_second(by, row.said_by_id, at=at, who=who)
    row.state = "done" if approve else "refused"
    row.decided_at, row.decided_by_id = at, by.account_id
    if approve:
        _end(account, at)
    db.session.flush()
    facts = {"account": account.id, "login": account.login, "outcome": row.state}
    messages.tell_first(row.said_by_id, "unlink_answered", second=by, at=at, **facts)
    _record("decide_unlink", account, by, at, approve=approve)
    return row


def standing(account: Account, *, by: Actor, at: datetime) -> Standing:
    """Return what is known, who has the same name and what waits, for the account's page."""
    row = _ending(account)
    why_not = None
    if row is not None:
        who = _who(account, at, row.volunteer_id, first=row.said_by_id)
        why_not = conflicts.sentence(by, row.said_by_id, at=at, who=who)
    is_known = account.volunteer_id is not None
    return Standing(
        account.volunteer,
        not is_known and _said(account, "nobody"),
        () if is_known else _namesakes(account, by),
        () if is_known else _other_accounts(account, by),
        row,
        why_not,
    )


def may_say(account: Account, *, by: Actor) -> bool:
    """Tell, for a page, whether the reader may record who is behind this account."""
    return account.id != by.account_id and account_scope.is_over(account, by=by)


def _held(account_id: int, by: Actor, at: datetime) -> Account:
    """Return the account, locked, for an admin of all its places who is somebody else."""
    account = database.fetch(Account, account_id, lock=True)
    account_scope.need_over(account, by=by)
    conflicts.need_other_account(by, account, at=at, who=_who(account, at, account.volunteer_id))
    return account


def _need_third_to_volunteer(account: Account, volunteer_id: int, by: Actor, at: datetime) -> None:
    volunteer = database.fetch(Volunteer, volunteer_id)
    if not may_on_person(by, Right.VOLUNTEER_EDIT, volunteer):
        raise NotFound()
    need_going_on(volunteer)
    if account.volunteer_id is not None:
        raise LinkedAlready()
    conflicts.need_other(by, [volunteer_id], at=at, who=_who(account, at, volunteer_id))


def _need_of_staff(account: Account) -> None:
    if not account.grants and account.volunteer_id is not None:
        raise NotOfStaff()


def _end(account: Account, at: datetime) -> None:
    """Clear the account's volunteer: the question is open again, and an equal name ties again."""
    if account.volunteer_id is not None:
        messages.tell(account.volunteer_id, "account_unlinked", at=at, login=account.login)
    account.volunteer_id = None
    sessions.end_everything(account, at=at)


def _ending(account: Account) -> AccountFinding | None:
    query = select(AccountFinding).where(
        AccountFinding.account_id == account.id, AccountFinding.state == "waiting"
    )
    return db.session.scalars(query).one_or_none()


def _said(account: Account, finding: str) -> bool:
    query = select(AccountFinding.id).where(
        AccountFinding.account_id == account.id, AccountFinding.finding == finding
    )
    return db.session.scalar(query.limit(1)) is not None


def _namesakes(account: Account, by: Actor) -> Sequence[Volunteer]:
    where = living_under(by, Right.VOLUNTEER_EDIT)
    return namesakes.of_account(account, where)[:SHOWN]


def _other_accounts(account: Account, by: Actor) -> Sequence[Account]:
    return namesakes.other_accounts(account, account_scope.visible(by))[:SHOWN]


def _who(
    account: Account, at: datetime, volunteer_id: int | None, *, first: int | None = None
) -> Callable[[], Who]:
    def found() -> Who:
        path = next(iter(account_scope.spots(account)), "/")
        but, than = [volunteer_id, account.volunteer_id], first or account.id
        return conflicts.who_may(Right.ACCOUNT_EDIT, path, than, at=at, but=but)

    return found


def _keep(
    finding: str, account: Account, by: Actor, at: datetime, **what: object
) -> AccountFinding:
    row = AccountFinding(
        account_id=account.id, finding=finding, said_at=at, said_by_id=by.account_id, **what
    )
    db.session.add(row)
    db.session.flush()
    _record(_VERBS[finding], account, by, at, **what)
    return row


_VERBS = {
    "linked": "link",
    "nobody": "say_nobody",
    "another": "tell_apart",
    "unlinked": "ask_unlink",
}


def _record(verb: str, account: Account, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(
        f"people.{verb}", account, account_id=by.account_id, door=by.door, at=at, **facts
    )
