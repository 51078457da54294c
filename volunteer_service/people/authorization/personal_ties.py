"""What ties two people or two accounts together, so that one is no second person to the other.

One person behind both; a shared phone; a guardian; a household; an equal name where it is not
known which volunteer an account is (:mod:`namesakes`); or that one account set the other's
password, phone or role a short while ago (:mod:`account_origins`).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, and_, case, exists, select, union_all

from volunteer_service import settings
from volunteer_service.db import db, in_lists
from volunteer_service.errors import Phrase
from volunteer_service.people.authorization import account_origins, households, namesakes
from volunteer_service.people.contact_numbers import phone_key
from volunteer_service.people.models import Account, Guardian, PersonChange, Volunteer

#: Keyed hashes of phones, by person.
_Keys = dict[int, set[str]]


@dataclass(frozen=True)
class Party:
    """One of the two sides: an account and the person behind it."""

    account_id: int
    volunteer_id: int | None
    #: The account's, to compare with that of another account without a volunteer.
    name: str = ""


@dataclass(frozen=True)
class _Side:
    """People, with the phones, guardians and homes by which others are tied to them."""

    people: frozenset[int] = frozenset()
    phones: frozenset[str] = frozenset()
    guardians: frozenset[str] = frozenset()
    home: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class _Phones:
    """Phones by person: those that tie both sides, those that somebody said alone, guardians'."""

    firm: _Keys
    said: _Keys
    guardians: _Keys


def party(account_id: int) -> Party:
    """The side that this account is."""
    row = select(Account.volunteer_id, Account.name).where(Account.id == account_id)
    found = db.session.execute(row).one_or_none()
    return Party(account_id, *(found or (None, "")))


def between(second: Party, first: Party, *, at: datetime, days: int) -> Phrase | None:
    """Why ``second`` is no second person to ``first``; None where it is somebody else indeed."""
    if second.account_id == first.account_id:
        return Phrase("这件事是您自己提出或办理的")
    people = (second.volunteer_id, first.volunteer_id)
    return (
        of_people(*people, at=at, days=days)
        or _by_name(second, first)
        or _of_accounts(second.account_id, first.account_id, at=at, days=days)
    )


def _by_name(one: Party, other: Party) -> Phrase | None:
    """An equal name, where of one side it is not known which volunteer it is, or whether any."""
    if one.volunteer_id is not None and other.volunteer_id is not None:
        return None
    unknown, known = (one, other) if one.volunteer_id is None else (other, one)
    if known.volunteer_id is not None:
        is_tied = bool(namesakes.among([unknown.account_id], [known.volunteer_id]))
    else:
        is_tied = one.name == other.name and namesakes.of_accounts(one.account_id, other.account_id)
    return namesakes.why(unknown.name) if is_tied else None


def of_people(one: int | None, other: int | None, *, at: datetime, days: int) -> Phrase | None:
    """What two volunteers share: being the same, a phone, a guardian, a household."""
    if one is None or other is None:
        return None
    if one == other:
        return Phrase("提出的人就是您本人")
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
    """On which of these people ``second`` may not decide, and why.

    They set its password, phone or role; or they share a phone, a guardian or a household with
    the person behind the account, or with somebody who set these. A few statements, however many
    people are asked about. ``but_of`` leaves out the households that this person alone declared.
    """
    since = at - timedelta(days=days)
    made = account_origins.of(second.account_id, since)
    makers = _people_behind(made)
    named = _namesakes(second, set(made) - set(makers.values()), volunteer_ids)
    own = set() if second.volunteer_id is None else {second.volunteer_id}
    if not own and not makers:
        # Nobody is known to be behind the account, or behind one that it depends on.
        return named
    groups = [own, set(makers) - own, *({id_} for id_ in volunteer_ids)]
    mine, theirs, *asked = _sides(groups, since=since, homes=2, but_of=but_of)
    found: dict[int, Phrase] = {}
    for id_, side in zip(volunteer_ids, asked, strict=True):
        reason = named.get(id_) or _why(
            id_, side, mine, theirs, {who: made[by] for who, by in makers.items()}, days
        )
        if reason is not None:
            found[id_] = reason
    return found


def _namesakes(
    second: Party, makers: Collection[int], volunteer_ids: Collection[int]
) -> dict[int, Phrase]:
    """Who of these people may be the one behind the account, or behind one that it depends on."""
    unknown = set(makers) if second.volunteer_id is not None else {second.account_id, *makers}
    found = namesakes.among(unknown, volunteer_ids)
    return {
        id_: namesakes.why(_name_of(account_id)) for account_id, ids in found.items() for id_ in ids
    }


def _name_of(account_id: int) -> str:
    return db.session.scalar(select(Account.name).where(Account.id == account_id)) or ""


def phones_of(second: Party, *, at: datetime, days: int) -> frozenset[str]:
    """The phones by which somebody who is not registered yet would be tied to ``second``.

    Their own and their guardian's, and those of whoever set their password, phone or role.
    """
    since = at - timedelta(days=days)
    accounts = {second.account_id, *account_origins.of(second.account_id, since)}
    return frozenset(phones_around(accounts, since))


def phones_around(account_ids: Collection[int], since: datetime) -> set[str]:
    """The phones of the people behind these accounts and of whoever set these accounts' password,
    phone or role since then, and of the guardians of all of them, as keyed hashes.
    """
    made = account_origins.of_any(account_ids, since)
    people = _people_behind({*account_ids, *made})
    return {*_phones(people).values(), *_guardian_phones(people).values()}


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
    """The sides that these groups of people are; who lives with them, of the first ``homes``."""
    everybody = set().union(*groups)
    found = _phones(everybody, since)
    sides = []
    for number, people in enumerate(groups):
        # What somebody says alone keeps them from deciding, and nobody else.
        says = number < homes
        home = households.household(people, since=since, but_of=but_of) if says else set()
        phones = [found.firm, found.said] if says else [found.firm]
        sides.append(
            _Side(
                frozenset(people),
                frozenset(key for keys in phones for id_ in people for key in keys.get(id_, ())),
                frozenset(key for id_ in people for key in found.guardians.get(id_, ())),
                frozenset(home),
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


def to_account(second: int, account_id: int, *, at: datetime, days: int) -> Phrase | None:
    """Why one account may not decide on another: that one set its password, phone or role."""
    when = account_origins.of(second, at - timedelta(days=days)).get(account_id)
    return None if when is None else _acts_for(when, days)


def _acts_for(since: datetime, days: int) -> Phrase:
    return Phrase(
        "您的密码、手机号或角色是本人在 %(day)s 设置的，%(days)s 天以内不能办理本人的事",
        day=settings.local_day(since).isoformat(),
        days=days,
    )


def keys_of(account_id: int, by_id: int, *, at: datetime, days: int) -> Phrase | None:
    """Why ``by_id`` may not give this account more: it set its password or phone lately."""
    when = account_origins.of(account_id, at - timedelta(days=days), keys_only=True).get(by_id)
    if when is None:
        return None
    return Phrase(
        "这个账号的密码或手机号是您在 %(day)s 设置的，%(days)s 天以内由别人授予角色",
        day=settings.local_day(when).isoformat(),
        days=days,
    )


def handed_out(account_id: int, *, at: datetime, days: int) -> bool:
    """True where somebody else set this account's password or phone within these days."""
    return bool(account_origins.of(account_id, at - timedelta(days=days), keys_only=True))


def _of_accounts(second: int, first: int, *, at: datetime, days: int) -> Phrase | None:
    since = at - timedelta(days=days)
    made_second = account_origins.of(second, since)
    if first in made_second:
        return Phrase(
            "您的密码、手机号或角色是对方在 %(day)s 设置的，%(days)s 天以内不算另一个人",
            day=settings.local_day(made_second[first]).isoformat(),
            days=days,
        )
    keyed_first = account_origins.of(first, since, keys_only=True)
    if second in keyed_first:
        return Phrase(
            "对方的密码或手机号是您在 %(day)s 设置的，%(days)s 天以内不算另一个人",
            day=settings.local_day(keyed_first[second]).isoformat(),
            days=days,
        )
    # Who may sign in as the first confirms through nobody who owes them password, phone or role.
    # An admin opens everybody's account, and could sign in as anybody anyway: no tie of the two.
    both = made_second.keys() & keyed_first.keys()
    if both - account_origins.admins(both):
        return Phrase(
            "对方的密码和您的密码、手机号或角色在 %(days)s 天内由同一人设置，不算两个人",
            days=days,
        )
    return None


def _phones(volunteer_ids: Collection[int], since: datetime) -> _Phones:
    """Phones by person: present ones, and what was theirs or a guardian's until a short while ago.

    Sealed ones are opened: of those who have a guardian, and no more.
    """
    found = _Phones({}, {}, {})
    kinds = {"phone": found.firm, "said": found.said, "guardian": found.guardians}
    for ids in in_lists(volunteer_ids):
        for id_, key, kind in db.session.execute(_keys_of(ids, since)):
            kinds[kind].setdefault(id_, set()).add(key)
        for each in db.session.scalars(select(Guardian).where(Guardian.volunteer_id.in_(ids))):
            if each.phone:
                found.guardians.setdefault(each.volunteer_id, set()).add(phone_key(each.phone))
    return found


def _keys_of(volunteer_ids: Collection[int], since: datetime) -> CompoundSelect[Any]:
    own = exists().where(
        PersonChange.volunteer_id == Volunteer.id,
        PersonChange.own_key == Volunteer.phone_key,
        PersonChange.asked_at > since,
    )
    kind = case((and_(own, Volunteer.phone_confirmed_at.is_(None)), "said"), else_="phone")
    present = select(Volunteer.id, Volunteer.phone_key, kind).where(
        Volunteer.id.in_(volunteer_ids), Volunteer.phone_key.is_not(None)
    )
    past = select(PersonChange.volunteer_id, PersonChange.was_key, PersonChange.field).where(
        PersonChange.volunteer_id.in_(volunteer_ids),
        PersonChange.was_key.is_not(None),
        PersonChange.decided_at > since,
    )
    return union_all(present, past)
