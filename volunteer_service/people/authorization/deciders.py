"""Finds who else may decide, for all rows of a page at once; the rule of :func:`conflicts.who_may`.

The number of statements depends neither on the rows nor on the people who hold the right.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select

from volunteer_service import policies
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.people.authorization import personal_ties
from volunteer_service.people.authorization.conflicts import LOOKED_AT, NAMED, Who
from volunteer_service.people.authorization.personal_ties import Party
from volunteer_service.people.authorization.rights import RIGHTS, Right
from volunteer_service.people.models import Account, Grant


@dataclass(frozen=True)
class Case:
    """The people concerned, where they live (None: nowhere yet), and the account that began it."""

    volunteer_id: int
    home: str | None
    first: int | None


@dataclass(frozen=True)
class _Holder:
    account: Account
    paths: tuple[str, ...]
    is_admin: bool


May = Callable[[_Holder, Case], bool]


def of_each(right: Right, cases: Collection[Case], *, at: datetime) -> dict[Case, Who]:
    """Return who holds ``right`` where each of these people lives and is tied neither to them nor
    to the account that began it; else staff above the street.
    """
    people = sorted({case.volunteer_id for case in cases})
    firsts = sorted({case.first for case in cases if case.first is not None})
    days = policies.guarding(at).independence_days

    holders, streets = _holders(right), _streets()
    sides = [Party(each.account.id, each.account.volunteer_id) for each in holders]
    tied = personal_ties.tied_each(sides, people, at=at, days=days)
    seconds = personal_ties.between_each(sides, firsts, at=at, days=days)

    def may(holder: _Holder, case: Case) -> bool:
        account = holder.account
        is_own = account.volunteer_id == case.volunteer_id
        is_tied = case.volunteer_id in tied[account.id] or case.first in seconds[account.id]
        return not is_own and not is_tied

    return {case: _who(case, holders, streets, may) for case in cases}


def _who(case: Case, holders: list[_Holder], streets: set[str], may: May) -> Who:
    here = list(islice(_covering(case.home, holders, streets), LOOKED_AT))
    for is_above in (False, True):
        found = (each for each in here if each.is_admin == is_above and may(each, case))
        names = tuple(each.account.name for each in islice(found, NAMED))
        if names:
            return Who(names, is_above)
    return Who(())


def _covering(home: str | None, holders: list[_Holder], streets: set[str]) -> Iterator[_Holder]:
    """Return who holds it over this place, the nearest first; over every street if there is no
    place.
    """
    if home is None:
        return (each for each in holders if streets <= {*each.paths})
    near = {
        each.account.id: max((len(path) for path in each.paths if home.startswith(path)), default=0)
        for each in holders
    }
    order = sorted(holders, key=lambda each: (-near[each.account.id], each.account.id))
    return (each for each in order if near[each.account.id])


def _holders(right: Right) -> list[_Holder]:
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    rows = db.session.execute(
        select(Account, Grant.role, Area.path)
        .join(Grant, Grant.account_id == Account.id)
        .join(Area, Area.id == Grant.area_id)
        .where(Grant.role.in_(roles), Account.disabled_at.is_(None))
        .order_by(Account.id)
    ).all()
    held: dict[Account, list[tuple[str, str]]] = {}
    for account, role, path in rows:
        held.setdefault(account, []).append((role, path))
    return [
        _Holder(
            account, tuple(path for _role, path in pairs), {*(r for r, _p in pairs)} == {"admin"}
        )
        for account, pairs in held.items()
    ]


def _streets() -> set[str]:
    return set(db.session.scalars(select(Area.path).where(Area.parent_id.is_(None))))
