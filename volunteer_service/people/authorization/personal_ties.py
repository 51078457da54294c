"""Personal ties between two people or accounts, which make one no second person to the other.

A tie is one person behind both; a shared phone; a guardian; a household; an equal name where an
account has no known volunteer (:mod:`namesakes`); or one account that set the other's password,
phone or role a short while ago (:mod:`account_origins`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.errors import Phrase
from volunteer_service.people.authorization import (
    account_origins,
    households,
    namesakes,
    phones_of_people,
)
from volunteer_service.people.models import Account

_OWN_ACT = Phrase("这件事是您自己提出或办理的")
_SAME_PERSON = Phrase("提出的人就是您本人")


@dataclass(frozen=True)
class Party:
    """One of the two sides: an account and the person behind it."""

    account_id: int
    volunteer_id: int | None


@dataclass(frozen=True)
class _Side:
    """People with the phones, guardians and homes that tie others to them."""

    people: frozenset[int] = frozenset()
    phones: frozenset[str] = frozenset()
    guardians: frozenset[str] = frozenset()
    home: frozenset[int] = field(default=frozenset())


def party(account_id: int) -> Party:
    """Return the side of this account."""
    row = select(Account.volunteer_id).where(Account.id == account_id)
    return Party(account_id, db.session.scalar(row))


def between(second: Party, first_id: int, *, at: datetime, days: int) -> Phrase | None:
    """Return why ``second`` is no second person to that account; None if it is truly
    somebody else.
    """
    return between_each([second], [first_id], at=at, days=days)[second.account_id].get(first_id)


def of_people(one: int | None, other: int | None, *, at: datetime, days: int) -> Phrase | None:
    """Return what ties two volunteers: being the same, a phone, a guardian, a household."""
    if one is None or other is None:
        return None
    if one == other:
        return _SAME_PERSON
    sides = _sides([{one}, {other}], since=at - timedelta(days=days))
    return _shared(*sides)


def tied(
    second: Party,
    volunteer_ids: Collection[int],
    *,
    at: datetime,
    days: int,
    but_of: int | None = None,
) -> dict[int, Phrase]:
    """Return on which of these people ``second`` may not decide, and why.

    Those people set its password, phone or role; or they share a phone, a guardian or a household
    with the person behind the account, or with somebody who set these. The number of statements
    does not grow with the people. ``but_of`` leaves out the households that this person alone
    declared.
    """
    return tied_each([second], volunteer_ids, at=at, days=days, but_of=but_of)[second.account_id]


def tied_each(
    seconds: Collection[Party],
    volunteer_ids: Collection[int],
    *,
    at: datetime,
    days: int,
    but_of: int | None = None,
) -> dict[int, dict[int, Phrase]]:
    """Return :func:`tied` for each of these accounts, in the same few statements for many as for
    one.
    """
    since = at - timedelta(days=days)
    made = account_origins.of_each([each.account_id for each in seconds], since)
    behind = _people_behind(set().union(*made.values()))
    makers = {
        account: {who: when[by] for who, by in behind.items() if by in when}
        for account, when in made.items()
    }
    own = [set() if each.volunteer_id is None else {each.volunteer_id} for each in seconds]
    theirs = [{*makers[each.account_id]} - mine for each, mine in zip(seconds, own, strict=True)]
    asked = [{id_} for id_ in volunteer_ids]
    n = len(own)
    sides = _sides([*own, *theirs, *asked], since=since, homes=2 * n, but_of=but_of)
    known = set(behind.values())
    named = _namesakes({each: {*made[each.account_id]} - known for each in seconds}, volunteer_ids)
    found: dict[int, dict[int, Phrase]] = {}
    for number, each in enumerate(seconds):
        mine, set_by, makes = sides[number], sides[n + number], makers[each.account_id]
        said = named[each.account_id]
        found[each.account_id] = {
            id_: reason
            for id_, side in zip(volunteer_ids, sides[2 * n :], strict=True)
            if (reason := said.get(id_) or _why(id_, side, mine, set_by, makes, days)) is not None
        }
    return found


def _namesakes(
    makers: Mapping[Party, Collection[int]], volunteer_ids: Collection[int]
) -> dict[int, dict[int, Phrase]]:
    """Return for each account which of these people may be behind it, or behind an account without
    a known volunteer that it depends on.
    """
    unknown = {
        each: {*ids} if each.volunteer_id is not None else {each.account_id, *ids}
        for each, ids in makers.items()
    }
    found = namesakes.among(set().union(*unknown.values()), volunteer_ids)
    return {
        each.account_id: {
            id_: namesakes.why(name)
            for account_id in sorted(accounts & found.keys())
            for id_, name in found[account_id].items()
        }
        for each, accounts in unknown.items()
    }


def phones_of(second: Party, *, at: datetime, days: int) -> frozenset[str]:
    """Return the phones by which a person not registered yet would be tied to ``second``.

    These are their own and their guardian's, and those of accounts that set their password, phone
    or role.
    """
    since = at - timedelta(days=days)
    accounts = {second.account_id, *account_origins.of(second.account_id, since)}
    return frozenset(phones_around(accounts, since))


def phones_around(account_ids: Collection[int], since: datetime) -> set[str]:
    """Return, as keyed hashes, the phones of the people behind these accounts, of those who set
    their password, phone or role since then, and of the guardians of all of them.
    """
    made = account_origins.of_each(account_ids, since).values()
    people = _people_behind({*account_ids}.union(*made))
    found = phones_of_people.of_each(people, since)
    kinds = (found.firm, found.said, found.guardians)
    return set().union(*(keys for by_person in kinds for keys in by_person.values()))


def _why(
    id_: int,
    side: _Side,
    mine: _Side,
    theirs: _Side,
    makers: dict[int, datetime],
    days: int,
) -> Phrase | None:
    if id_ in makers:
        return _acts_for(makers[id_], days)
    if reason := _shared(mine, side):
        return reason
    if _shared(theirs, side):
        return Phrase(
            "您的密码、手机号或角色是在 %(days)s 天以内由本人的家人或同一手机号的人设置的",
            days=days,
        )
    return None


def _shared(one: _Side, other: _Side) -> Phrase | None:
    if one.phones & other.phones:
        return Phrase("你们登记的是同一个手机号")
    if (one.phones | one.guardians) & (other.phones | other.guardians):
        return Phrase("你们之中一人是另一人的监护人，或有同一位监护人")
    if one.home & other.people:
        return Phrase("你们登记为同一家人")
    return None


def _sides(
    groups: list[set[int]], *, since: datetime, homes: int = 1, but_of: int | None = None
) -> list[_Side]:
    """Return the sides of these groups of people, with housemates for the first ``homes``."""
    everybody = set().union(*groups)
    found = phones_of_people.of_each(everybody, since)
    living = households.of_each(groups[:homes], since=since, but_of=but_of)
    sides = []
    for number, people in enumerate(groups):
        # An unconfirmed statement keeps only its author from deciding.
        says = number < homes
        phones = [found.firm, found.said] if says else [found.firm]
        sides.append(
            _Side(
                frozenset(people),
                frozenset(key for keys in phones for id_ in people for key in keys.get(id_, ())),
                frozenset(key for id_ in people for key in found.guardians.get(id_, ())),
                frozenset(living[number] if says else ()),
            )
        )
    return sides


def _people_behind(account_ids: Collection[int]) -> dict[int, int]:
    if not account_ids:
        return {}
    query = select(Account.volunteer_id, Account.id).where(
        Account.id.in_(account_ids), Account.volunteer_id.is_not(None)
    )
    return {person: id_ for person, id_ in db.session.execute(query) if person is not None}


def to_account(second: Party, account_id: int, *, at: datetime, days: int) -> Phrase | None:
    """Return why one account may not decide on another: an equal name, or it depends on
    that one.
    """
    for name in namesakes.of_accounts([second.account_id], [account_id]).values():
        return namesakes.why(name)
    when = account_origins.of(second.account_id, at - timedelta(days=days)).get(account_id)
    return None if when is None else _acts_for(when, days)


def _acts_for(since: datetime, days: int) -> Phrase:
    return Phrase(
        "您的密码、手机号或角色是本人在 %(day)s 设置的，%(days)s 天以内不能办理本人的事",
        day=settings.local_day(since).isoformat(),
        days=days,
    )


def keys_of(account_id: int, by_id: int, *, at: datetime, days: int) -> Phrase | None:
    """Return why ``by_id`` may not give this account more: it set its password or phone lately."""
    when = account_origins.of(account_id, at - timedelta(days=days), keys_only=True).get(by_id)
    if when is None:
        return None
    return Phrase(
        "这个账号的密码或手机号是您在 %(day)s 设置的，%(days)s 天以内由别人授予角色",
        day=settings.local_day(when).isoformat(),
        days=days,
    )


def handed_out(account_id: int, *, at: datetime, days: int) -> bool:
    """Tell whether somebody else set this account's password or phone within these days."""
    return bool(account_origins.of(account_id, at - timedelta(days=days), keys_only=True))


def between_each(
    seconds: Collection[Party], firsts: Collection[int], *, at: datetime, days: int
) -> dict[int, dict[int, Phrase]]:
    """Return why each of these is no second person to each of those accounts; empty for one who is.

    They are one account, one person or one name; or they are tied by a phone, a guardian, a
    household, or the account that set their password, phone or role. The same few statements serve
    many as one.
    """
    behind = {account: person for person, account in _people_behind(firsts).items()}
    own = [set() if each.volunteer_id is None else {each.volunteer_id} for each in seconds]
    groups = [*own, *({person} for person in behind.values())]
    sides = _sides(groups, since=at - timedelta(days=days), homes=len(own))
    theirs = dict(zip(behind, sides[len(own) :], strict=True))
    named = namesakes.of_accounts([each.account_id for each in seconds], firsts)
    origins = _origins([each.account_id for each in seconds], firsts, at=at, days=days)
    found: dict[int, dict[int, Phrase]] = {each.account_id: {} for each in seconds}
    for each, mine in zip(seconds, sides, strict=False):
        for id_ in firsts:
            reason = _OWN_ACT if id_ == each.account_id else None
            if reason is None and id_ in behind:
                is_same = behind[id_] == each.volunteer_id
                reason = _SAME_PERSON if is_same else _shared(mine, theirs[id_])
            if reason is None and (name := named.get((each.account_id, id_))) is not None:
                reason = namesakes.why(name)
            if reason := reason or origins.why(each.account_id, id_):
                found[each.account_id][id_] = reason
    return found


def _origins(
    seconds: Collection[int], firsts: Collection[int], *, at: datetime, days: int
) -> "_Origins":
    since = at - timedelta(days=days)
    made, keyed = account_origins.of_seconds_and_firsts(seconds, firsts, since)
    admins = account_origins.admins(set().union(*made.values()))
    return _Origins(made, keyed, admins, days)


@dataclass(frozen=True)
class _Origins:
    """For some accounts, who set whose password, phone or role; and which of them are admins."""

    made: dict[int, dict[int, datetime]]
    keyed: dict[int, dict[int, datetime]]
    admins: set[int]
    days: int

    def why(self, second: int, first: int) -> Phrase | None:
        """Return why one is no second person to the other, because of a password, phone or role
        that either, or a third, set.
        """
        made, keyed = self.made[second], self.keyed[first]
        if first in made:
            return Phrase(
                "您的密码、手机号或角色是对方在 %(day)s 设置的，%(days)s 天以内不算另一个人",
                day=settings.local_day(made[first]).isoformat(),
                days=self.days,
            )
        if second in keyed:
            return Phrase(
                "对方的密码或手机号是您在 %(day)s 设置的，%(days)s 天以内不算另一个人",
                day=settings.local_day(keyed[second]).isoformat(),
                days=self.days,
            )
        # A person who may sign in as the first cannot confirm through an account whose password,
        # phone or role they set. An admin opens everybody's account, so that is no tie.
        if made.keys() & keyed.keys() - self.admins:
            return Phrase(
                "对方的密码和您的密码、手机号或角色在 %(days)s 天内由同一人设置，不算两个人",
                days=self.days,
            )
        return None
