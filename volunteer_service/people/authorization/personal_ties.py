"""What ties two accounts together, so that one is no second person to the other.

One person behind both; a shared phone; a guardian; or that one set the other's password, phone or
role a short while ago. The last one is read from the journal, because that is what happened and
not what somebody says.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.errors import Phrase
from volunteer_service.journal import Entry
from volunteer_service.people.authorization import households
from volunteer_service.people.contact_numbers import phone_key
from volunteer_service.people.models import Account, Grant, Guardian, Volunteer

#: Verbs by which one account comes to know another's password or phone, by what they are about.
KEYS = {
    "accounts": ("people.open_account", "people.set_password", "people.reset_password"),
    "volunteers": ("people.register",),
}
#: The verb by which one account gives another its role.
ROLE = "teams.grant"


@dataclass(frozen=True)
class Party:
    """One of the two sides: an account and the person behind it."""

    account_id: int
    volunteer_id: int | None


@dataclass(frozen=True)
class _Touch:
    """One account set another's password, phone or role."""

    account_id: int
    by_id: int
    at: datetime
    is_key: bool


def party(account_id: int) -> Party:
    """The side that this account is."""
    row = select(Account.volunteer_id).where(Account.id == account_id)
    return Party(account_id, db.session.scalar(row))


def between(second: Party, first: Party, *, at: datetime, days: int) -> Phrase | None:
    """Why ``second`` is no second person to ``first``; None where it is somebody else indeed."""
    if second.account_id == first.account_id:
        return Phrase("这件事是您自己提出或办理的")
    people = (second.volunteer_id, first.volunteer_id)
    return of_people(*people, at=at, days=days) or _of_accounts(
        second.account_id, first.account_id, at=at, days=days
    )


def of_people(one: int | None, other: int | None, *, at: datetime, days: int) -> Phrase | None:
    """What two volunteers share: being the same, a phone, a guardian, a household."""
    if one is None or other is None:
        return None
    if one == other:
        return Phrase("提出的人就是您本人")
    phones, guardians = _phones((one, other)), _guardian_phones((one, other))
    if phones[one] & phones[other]:
        return Phrase("你们登记的是同一个手机号")
    if (phones[one] | guardians[one]) & (phones[other] | guardians[other]):
        return Phrase("你们之中一人是另一人的监护人，或有同一位监护人")
    if other in households.household(one, since=at - timedelta(days=days)):
        return Phrase("你们登记为同一家人")
    return None


def first_tied(
    second: Party, volunteer_ids: Iterable[int], *, at: datetime, days: int
) -> tuple[int, Phrase] | None:
    """The first of these people on whom ``second`` may not decide, and why.

    It is of their household, or acts for them: they set its password, phone or role. A few
    statements, however many people are asked about.
    """
    since, own = at - timedelta(days=days), second.volunteer_id
    home = set() if own is None else households.household(own, since=since)
    made = _origins(second.account_id, since)
    makers = dict(
        db.session.execute(
            select(Account.volunteer_id, Account.id).where(
                Account.id.in_(made), Account.volunteer_id.is_not(None)
            )
        ).all()
    )
    for id_ in volunteer_ids:
        if id_ in home:
            return id_, Phrase("你们登记为同一家人")
        if id_ in makers:
            return id_, _acts_for(made[makers[id_]], days)
    return None


def to_account(second: int, account_id: int, *, at: datetime, days: int) -> Phrase | None:
    """Why one account may not decide on another: that one set its password, phone or role."""
    when = _origins(second, at - timedelta(days=days)).get(account_id)
    return None if when is None else _acts_for(when, days)


def _acts_for(since: datetime, days: int) -> Phrase:
    return Phrase(
        "您的密码、手机号或角色是本人在 %(day)s 设置的，%(days)s 天以内不能办理本人的事",
        day=settings.local_day(since).isoformat(),
        days=days,
    )


def keys_of(account_id: int, by_id: int, *, at: datetime, days: int) -> Phrase | None:
    """Why ``by_id`` may not give this account more: it set its password or phone lately."""
    when = _origins(account_id, at - timedelta(days=days), keys_only=True).get(by_id)
    if when is None:
        return None
    return Phrase(
        "这个账号的密码或手机号是您在 %(day)s 设置的，%(days)s 天以内由别人授予角色",
        day=settings.local_day(when).isoformat(),
        days=days,
    )


def _of_accounts(second: int, first: int, *, at: datetime, days: int) -> Phrase | None:
    since = at - timedelta(days=days)
    made_second = _origins(second, since)
    if first in made_second:
        return Phrase(
            "您的密码、手机号或角色是对方在 %(day)s 设置的，%(days)s 天以内不算另一个人",
            day=settings.local_day(made_second[first]).isoformat(),
            days=days,
        )
    keyed_first = _origins(first, since, keys_only=True)
    if second in keyed_first:
        return Phrase(
            "对方的密码或手机号是您在 %(day)s 设置的，%(days)s 天以内不算另一个人",
            day=settings.local_day(keyed_first[second]).isoformat(),
            days=days,
        )
    # Who may sign in as the first confirms through nobody who owes them password, phone or role.
    # An admin opens everybody's account, and could sign in as anybody anyway: no tie of the two.
    both = made_second.keys() & keyed_first.keys()
    if both - _admins(both):
        return Phrase(
            "对方的密码和您的密码、手机号或角色在 %(days)s 天内由同一人设置，不算两个人",
            days=days,
        )
    return None


def _origins(account_id: int, since: datetime, *, keys_only: bool = False) -> dict[int, datetime]:
    """Every account that set this one's password, phone or role, directly or through others."""
    found: dict[int, datetime] = {}
    ask = {account_id}
    while ask:
        touches = [each for each in _touches(ask, since) if each.is_key or not keys_only]
        ask = {each.by_id for each in touches} - found.keys() - {account_id}
        for each in touches:
            found.setdefault(each.by_id, each.at)
    found.pop(account_id, None)
    return found


def _touches(account_ids: Collection[int], since: datetime) -> list[_Touch]:
    whose = _subjects(account_ids)
    rows = db.session.execute(
        select(Entry.subject_type, Entry.subject_id, Entry.account_id, Entry.at, Entry.facts)
        .where(Entry.at > since, Entry.account_id.is_not(None), _acts(whose))
        .order_by(Entry.id.desc())
    )
    touches = []
    for kind, subject_id, by_id, when, facts in rows:
        account_id = whose[kind][subject_id]
        # The number of a grant taken back may be another grant's by now.
        is_theirs = kind != "grants" or facts.get("to") == account_id
        if is_theirs and by_id != account_id:
            touches.append(_Touch(account_id, by_id, when, kind != "grants"))
    return touches


def _subjects(account_ids: Collection[int]) -> dict[str, dict[int, int]]:
    """What the journal may say about these accounts: by table, the row and whose it is."""
    people = select(Account.volunteer_id, Account.id).where(
        Account.id.in_(account_ids), Account.volunteer_id.is_not(None)
    )
    roles = select(Grant.id, Grant.account_id).where(Grant.account_id.in_(account_ids))
    return {
        "accounts": {id_: id_ for id_ in account_ids},
        "volunteers": {id_: owner for id_, owner in db.session.execute(people) if id_},
        "grants": dict(db.session.execute(roles).all()),
    }


def _acts(whose: dict[str, dict[int, int]]) -> ColumnElement[bool]:
    verbs = KEYS | {"grants": (ROLE,)}
    return or_(
        *(
            and_(
                Entry.subject_type == kind,
                Entry.subject_id.in_(whose[kind]),
                Entry.verb.in_(names),
            )
            for kind, names in verbs.items()
        )
    )


def _admins(account_ids: Collection[int]) -> set[int]:
    query = select(Grant.account_id).where(Grant.account_id.in_(account_ids), Grant.role == "admin")
    return set(db.session.scalars(query))


def _phones(volunteer_ids: Collection[int]) -> dict[int, set[str]]:
    query = select(Volunteer.id, Volunteer.phone_key).where(Volunteer.id.in_(volunteer_ids))
    return {id_: {key} if key else set() for id_, key in db.session.execute(query)}


def _guardian_phones(volunteer_ids: Collection[int]) -> dict[int, set[str]]:
    """Sealed, so they are opened: of two people, no more."""
    found: dict[int, set[str]] = {id_: set() for id_ in volunteer_ids}
    query = select(Guardian).where(Guardian.volunteer_id.in_(volunteer_ids))
    for each in db.session.scalars(query):
        if each.phone:
            found[each.volunteer_id] = {phone_key(each.phone)}
    return found
