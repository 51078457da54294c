"""Conflicts of interest: nobody decides on themself, and a second person is truly somebody else.

Every verb that decides something about a person calls this guard. :func:`need_other` keeps people
out of their own matters; :func:`need_second` decides whether somebody may confirm what another
began. The service itself and the operator at the command line pass; the journal names them.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Select, func, literal, or_, select

from volunteer_service import policies
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import Phrase, Refused
from volunteer_service.people.authorization import personal_ties
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.personal_ties import Party
from volunteer_service.people.authorization.rights import RIGHTS, Right
from volunteer_service.people.models import Account, Grant

#: The most names in a refusal, and the most accounts that are searched for them.
NAMED, LOOKED_AT = 3, 20


class OwnCase(Refused):
    """Nobody decides, enters, asks for or hands over anything in their own matter."""

    status = 403
    message = "不能办理自己的事。%(who)s"

    def __init__(self, who: Phrase | None = None, **numbers: object) -> None:
        super().__init__(who=who or ASK_ANOTHER, **numbers)


class SecondPersonNeeded(Refused):
    """The act needs a second person: another account, person, phone and household."""

    status = 403
    message = "须由另一个人办理：%(reason)s。%(who)s"

    def __init__(self, reason: Phrase, who: Phrase | None = None, **numbers: object) -> None:
        super().__init__(reason=reason, who=who or ASK_ANOTHER, **numbers)


SAME_PHONE = Phrase("有人登记的是您或您家人的手机号")
OWN = Phrase("这是您自己的事")
ASK_ANOTHER = Phrase("请由另一位工作人员办理。")


@dataclass(frozen=True)
class Who:
    """The people who may do it instead: their names, and whether they work above the street."""

    names: tuple[str, ...]
    is_above: bool = False

    def worded(self) -> Phrase:
        """Return the last sentence of a refusal."""
        names = "、".join(self.names)
        if not self.names:
            return Phrase("目前没有别人可以办理，请系统管理员另设一位管理员。")
        if self.is_above:
            return Phrase("本街道没有别人可以办理，请找系统管理员：%(names)s。", names=names)
        return Phrase("可以办理的人：%(names)s。", names=names)


def need_other(
    by: Actor,
    volunteer_ids: Iterable[int | None],
    *,
    at: datetime,
    refusal: type[OwnCase] = OwnCase,
    who: Callable[[], Who] | None = None,
    but_of: int | None = None,
    phones: Collection[str] = (),
) -> None:
    """Pass for an actor who is none of these people; otherwise raise :class:`OwnCase`.

    An actor who is tied to one of them is refused too (:class:`SecondPersonNeeded`): by a phone, a
    guardian or a household, their own or that of an account that set their password, phone or role
    lately. No verb checks for oneself alone. ``who`` finds the people who may do it instead; it is
    called only for a refusal. ``but_of`` leaves out the households that this person alone declared.
    ``phones`` (keyed hashes) are those of people who are not registered yet.
    """
    people = {id_ for id_ in volunteer_ids if id_ is not None}
    if by.volunteer_id in people:
        raise refusal(who().worded() if who else None)
    if by.account_id is None:
        return
    tied = _first_tied(by.account_id, by.volunteer_id, sorted(people), at, but_of)
    if tied is not None:
        raise SecondPersonNeeded(tied[1], who().worded() if who else None)
    if phones and tied_to(by.account_id, (), phones, at=at)[1]:
        raise SecondPersonNeeded(SAME_PHONE, who().worded() if who else None)


def tied_to(
    account_id: int, volunteer_ids: Collection[int], phones: Collection[str], *, at: datetime
) -> tuple[set[int], set[str]]:
    """Return which of these people, and of these phones of new people, are this account's or tied
    to it.
    """
    side, days = personal_ties.party(account_id), _days(at)
    people = set(personal_ties.tied(side, volunteer_ids, at=at, days=days))
    if side.volunteer_id is not None and side.volunteer_id in volunteer_ids:
        people.add(side.volunteer_id)
    near = personal_ties.phones_of(side, at=at, days=days) if phones else frozenset()
    return people, {*phones} & near


def first_conflict(by: Actor, volunteer_ids: Collection[int], *, at: datetime) -> int | None:
    """Return the first of these people about whom :func:`need_other` would refuse, or None."""
    if by.account_id is None:
        return by.volunteer_id if by.volunteer_id in volunteer_ids else None
    tied = _first_tied(by.account_id, by.volunteer_id, volunteer_ids, at)
    return None if tied is None else tied[0]


def is_tied(account_id: int, volunteer_id: int, *, at: datetime) -> bool:
    """Tell whether this account's person is this one, or may not decide on them."""
    person = personal_ties.party(account_id).volunteer_id
    if person == volunteer_id:
        return True
    return _first_tied(account_id, person, [volunteer_id], at) is not None


def reasons(by: Actor, volunteer_ids: Collection[int], *, at: datetime) -> dict[int, Phrase]:
    """Return for a page about which of these people :func:`need_other` would refuse, and why, in
    the same few statements for many as for one.
    """
    found = (
        {} if by.account_id is None else _tied(by.account_id, by.volunteer_id, volunteer_ids, at)
    )
    if by.volunteer_id is not None and by.volunteer_id in volunteer_ids:
        found[by.volunteer_id] = OWN
    return found


def need_grantor(by: Actor, account: Account, *, at: datetime, who: Callable[[], Who]) -> None:
    """Pass for an actor who may give this account a role: not their own, nor one that acts for
    them.

    An admin opens accounts and gives them their roles; anybody else who set the account's password
    or phone lately leaves the role to somebody else.
    """
    need_other_account(by, account, at=at, who=who)
    if by.account_id is None or by.has_role("admin"):
        return
    reason = personal_ties.keys_of(account.id, by.account_id, at=at, days=_days(at))
    if reason is not None:
        raise SecondPersonNeeded(reason, who().worded())


def need_other_account(
    by: Actor, account: Account, *, at: datetime, who: Callable[[], Who] | None = None
) -> None:
    """Pass for an actor who may decide on this account: not their own, nor one of a tied person
    (:func:`need_other`), nor one of the same name while its person is unknown, nor one that set the
    actor's password, phone or role lately.
    """
    if account.id == by.account_id:
        raise OwnCase(who().worded() if who else None)
    need_other(by, [account.volunteer_id], at=at, who=who)
    if by.account_id is None:
        return
    second = Party(by.account_id, by.volunteer_id)
    reason = personal_ties.to_account(second, account.id, at=at, days=_days(at))
    if reason is not None:
        raise SecondPersonNeeded(reason, who().worded() if who else None)


def need_second(
    by: Actor,
    first_account_id: int | None,
    *,
    at: datetime,
    who: Callable[[], Who] | None = None,
) -> None:
    """Pass for an actor who may confirm what ``first_account_id`` began; or
    :class:`SecondPersonNeeded`.

    Anybody with the right may confirm what the service or the operator began (None).
    """
    reason = why_not(by, first_account_id, at=at)
    if reason is not None:
        raise SecondPersonNeeded(reason, who().worded() if who else None)


def why_not(by: Actor, first_account_id: int | None, *, at: datetime) -> Phrase | None:
    """Return why this actor is no second person to that account; None if they are one."""
    if first_account_id is None or by.account_id is None:
        if by.volunteer_id is None or first_account_id is None:
            return None
        people = (by.volunteer_id, personal_ties.party(first_account_id).volunteer_id)
        return personal_ties.of_people(*people, at=at, days=_days(at))
    second = Party(by.account_id, by.volunteer_id)
    return personal_ties.between(second, first_account_id, at=at, days=_days(at))


def why_not_each(
    by: Actor, first_account_ids: Collection[int | None], *, at: datetime
) -> dict[int | None, Phrase | None]:
    """Return :func:`why_not` for each of these, in the same few statements for many as for one."""
    firsts = {id_ for id_ in first_account_ids if id_ is not None}
    if by.account_id is None:
        return {id_: why_not(by, id_, at=at) for id_ in first_account_ids}
    second = Party(by.account_id, by.volunteer_id)
    each = personal_ties.between_each([second], firsts, at=at, days=_days(at))
    found = each[second.account_id]
    return {id_: found.get(id_) if id_ is not None else None for id_ in first_account_ids}


def sentence(
    by: Actor, first_account_id: int | None, *, at: datetime, who: Callable[[], Who]
) -> Phrase | None:
    """Return for a page what :func:`need_second` would say; None where it would pass."""
    reason = why_not(by, first_account_id, at=at)
    return None if reason is None else refused(reason, who)


def refused(reason: Phrase, who: Callable[[], Who]) -> Phrase:
    """Return the sentence of :class:`SecondPersonNeeded` for this reason."""
    return Phrase(SecondPersonNeeded.message, reason=reason, who=who().worded())


def who_may(
    right: Right,
    area_path: str | None,
    first_account_id: int | None,
    *,
    at: datetime,
    team_id: int | None = None,
    but: Iterable[int | None] = (),
    but_phones: Collection[str] = (),
    passes: Callable[[Actor], bool] | None = None,
) -> Who:
    """Return who holds ``right`` here and is a second person to that account; else staff above.

    Without a place, as for a person without a home, return those who hold it over every street.
    ``but`` are volunteers whose own matter it is, ``but_phones`` the phones of people who are not
    registered yet. ``passes`` is the verb's further check: nobody is named who would be refused.
    """
    excluded = {id_ for id_ in but if id_ is not None}
    here, above = _holders(right, area_path, team_id)
    for accounts, is_above in ((here, False), (above, True)):
        names = [
            account.name
            for account in accounts
            if _is_second(account, first_account_id, excluded, at)
            and not (but_phones and tied_to(account.id, (), but_phones, at=at)[1])
            and (passes is None or passes(_actor(account)))
        ]
        if names:
            return Who(tuple(names[:NAMED]), is_above)
    return Who(())


def others(
    right: Right,
    area_path: str | None,
    people: Collection[int],
    *,
    at: datetime,
    team_id: int | None = None,
) -> Callable[[], Who]:
    """Return a finder of holders of ``right`` here who are tied to none of these people."""
    return partial(who_may, right, area_path, None, at=at, team_id=team_id, but=people)


def _days(at: datetime) -> int:
    """Return the days for which an account depends on the one that set its password,
    phone or role.
    """
    return policies.guarding(at).independence_days


def _first_tied(
    account_id: int,
    volunteer_id: int | None,
    people: Collection[int],
    at: datetime,
    but_of: int | None = None,
) -> tuple[int, Phrase] | None:
    found = _tied(account_id, volunteer_id, people, at, but_of)
    return next(((id_, found[id_]) for id_ in people if id_ in found), None)


def _tied(
    account_id: int,
    volunteer_id: int | None,
    people: Collection[int],
    at: datetime,
    but_of: int | None = None,
) -> dict[int, Phrase]:
    second = Party(account_id, volunteer_id)
    return personal_ties.tied(second, people, at=at, days=_days(at), but_of=but_of)


def _actor(account: Account) -> Actor:
    return Actor(account.id, account.volunteer_id, account.name, "page")


def _is_second(account: Account, first: int | None, people: set[int], at: datetime) -> bool:
    if account.volunteer_id in people:
        return False
    if people and _first_tied(account.id, account.volunteer_id, people, at) is not None:
        return False
    if first is None:
        return True
    second = Party(account.id, account.volunteer_id)
    return personal_ties.between(second, first, at=at, days=_days(at)) is None


def _holders(
    right: Right, area_path: str | None, team_id: int | None
) -> tuple[Sequence[Account], Sequence[Account]]:
    """Return accounts with this right here, the nearest first; and the admins."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    covers: list[ColumnElement[bool]] = [Grant.account_id.in_(_over_every_street(roles))]
    if area_path is not None:
        covers = [literal(area_path).startswith(Area.path)]
    if team_id is not None:
        covers.append(Grant.team_id == team_id)
    found = db.session.execute(
        select(Account, func.min(Grant.role))
        .join(Grant, Grant.account_id == Account.id)
        .outerjoin(Area, Area.id == Grant.area_id)
        .where(
            Grant.role.in_(roles),
            or_(*covers),
            Account.disabled_at.is_(None),
        )
        .group_by(Account.id)
        .order_by(func.max(func.length(Area.path)).desc(), Account.id)
        .limit(LOOKED_AT)
    ).all()
    here = [account for account, role in found if role != "admin"]
    return here, [account for account, role in found if role == "admin"]


def _over_every_street(roles: Collection[str]) -> Select[int]:
    """Return accounts that hold one of these roles over each sub-district."""
    streets = select(func.count()).where(Area.parent_id.is_(None)).scalar_subquery()
    return (
        select(Grant.account_id)
        .join(Area, Area.id == Grant.area_id)
        .where(Grant.role.in_(roles), Area.parent_id.is_(None))
        .group_by(Grant.account_id)
        .having(func.count(Area.id.distinct()) == streets)
    )
