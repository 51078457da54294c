"""Staff accounts without a known volunteer, and the people of the same name.

Opening a staff account states which volunteer it belongs to, or that it is none. Where that is
unknown, an equal name may mean the same person: until somebody else records «not the same person»,
neither is a second person to the other or decides about them. Staff decide only about people of
their own areas, so the name alone is compared: its letters, whatever blanks, dots, width or case
(:func:`person_names.folded`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, and_, exists, or_, select

from volunteer_service.db import db, in_lists
from volunteer_service.errors import Phrase
from volunteer_service.people.authentication.account_findings import AccountFinding
from volunteer_service.people.models import Account, Grant, SearchKey, Volunteer
from volunteer_service.people.search.name_spelling import LONGEST_SPELLING, letters
from volunteer_service.people.search.person_names import folded


def among(
    account_ids: Collection[int], volunteer_ids: Collection[int]
) -> dict[int, dict[int, str]]:
    """Return for each account without a known volunteer which of these people has its name; and
    that name.
    """
    unknown = _unknown(account_ids) if volunteer_ids else {}
    if not unknown:
        return {}
    people: dict[str, list[int]] = defaultdict(list)
    for ids in in_lists(volunteer_ids):
        for person in _called(unknown.values(), Volunteer.id.in_(ids)):
            people[folded(person.name)].append(person.id)
    tied = {
        (account, id_): name for account, name in unknown.items() for id_ in people[folded(name)]
    }
    apart = _apart({account for account, _id in tied})
    found: dict[int, dict[int, str]] = {}
    for (account, id_), name in tied.items():
        if (account, id_) not in apart.people:
            found.setdefault(account, {})[id_] = name
    return found


def of_accounts(seconds: Collection[int], firsts: Collection[int]) -> dict[tuple[int, int], str]:
    """Return which of these accounts may be one person's with which of those, and by what name.

    At least one of the two has no known volunteer, and the names are equal: those of the accounts,
    or the account's and that of the other's known volunteer.
    """
    query = (
        select(Account.id, Account.name, Volunteer.id, Volunteer.name)
        .outerjoin(Volunteer, Volunteer.id == Account.volunteer_id)
        .where(Account.id.in_({*seconds, *firsts}))
    )
    sides = {
        id_: (person, folded(name if person is None else person_name), name)
        for id_, name, person, person_name in db.session.execute(query)
    }
    tied = {
        (one, other): sides[one][2] if sides[one][0] is None else sides[other][2]
        for one in sides.keys() & {*seconds}
        for other in sides.keys() & {*firsts}
        if one != other
        and None in (sides[one][0], sides[other][0])
        and sides[one][1] == sides[other][1]
    }
    apart = _apart({id_ for pair in tied for id_ in pair})
    return {
        (one, other): name
        for (one, other), name in tied.items()
        if frozenset((one, other)) not in apart.accounts
        and not {(one, sides[other][0]), (other, sides[one][0])} & apart.people
    }


def of_account(account: Account, where: ColumnElement[bool]) -> list[Volunteer]:
    """Return volunteers with this account's name that nobody has told apart from it, earliest
    first.
    """
    found = _called([account.name], where)
    apart = _apart({account.id} if found else ()).people
    return [each for each in found if (account.id, each.id) not in apart]


def other_accounts(account: Account, where: ColumnElement[bool]) -> list[Account]:
    """Return other accounts with this account's name and no known volunteer."""
    query = select(Account).where(Account.volunteer_id.is_(None), Account.id != account.id, where)
    unknown = db.session.scalars(query.order_by(Account.id)).all()
    tied = of_accounts([account.id], [each.id for each in unknown])
    return [each for each in unknown if (account.id, each.id) in tied]


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


def _unknown(account_ids: Collection[int]) -> Mapping[int, str]:
    """Return the names of those of these accounts that have no known volunteer."""
    if not account_ids:
        return {}
    query = select(Account.id, Account.name).where(
        Account.id.in_(account_ids), Account.volunteer_id.is_(None)
    )
    return {row.id: row.name for row in db.session.execute(query)}


def _called(names: Iterable[str], where: ColumnElement[bool]) -> list[Volunteer]:
    """Return volunteers with one of these names. The search key also matches pinyin, so names are
    compared afterwards.
    """
    names = set(names)
    keys = {letters(name)[:LONGEST_SPELLING] for name in names}
    named = select(SearchKey.volunteer_id).where(SearchKey.kind == "name", SearchKey.key.in_(keys))
    query = select(Volunteer).where(Volunteer.id.in_(named), where).order_by(Volunteer.id)
    wanted = {folded(name) for name in names}
    return [person for person in db.session.scalars(query) if folded(person.name) in wanted]


class _Apart:
    """The findings about these accounts: not this volunteer, not the same person as that
    account.
    """

    def __init__(self, rows: Iterable[AccountFinding]) -> None:
        self.people: set[tuple[int, int | None]] = set()
        self.accounts: set[frozenset[int]] = set()
        for row in rows:
            if row.volunteer_id is not None:
                self.people.add((row.account_id, row.volunteer_id))
            if row.other_account_id is not None:
                self.accounts.add(frozenset((row.account_id, row.other_account_id)))


def _apart(account_ids: Collection[int]) -> _Apart:
    if not account_ids:
        return _Apart(())
    one_of_them = or_(
        AccountFinding.account_id.in_(account_ids),
        AccountFinding.other_account_id.in_(account_ids),
    )
    query = select(AccountFinding).where(AccountFinding.finding == "another", one_of_them)
    return _Apart(db.session.scalars(query))
