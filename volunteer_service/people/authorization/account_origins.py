"""Reads in the journal which account set another's password, phone or role a short while ago.

An account depends on the accounts that set these, directly or through others. The journal shows
acts, not anybody's statements. An account that somebody opened for themself by the name, phone and
identity number of a registration depends from then on on the people who wrote these down, on a page
or by an import: they know all three, so they may have opened it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.db import db
from volunteer_service.journal import Entry
from volunteer_service.people.models import Account, Grant, Volunteer

#: Verbs by which one account learns another's password or phone, by their object.
KEYS = {
    "accounts": ("people.open_account", "people.set_password", "people.reset_password"),
    "volunteers": ("people.register", "people.change_phone"),
}
#: The verb by which one account gives another its role.
ROLE = "teams.grant"
#: Verbs by which one account writes down who somebody is, by their object.
_WRITTEN_DOWN = {
    "volunteers": ("people.register",),
    "imports": ("imports.receive", "imports.ask", "imports.apply"),
}


@dataclass(frozen=True)
class _Touch:
    """One account set another's password, phone or role."""

    account_id: int
    by_id: int
    at: datetime
    is_key: bool


def of(account_id: int, since: datetime, *, keys_only: bool = False) -> dict[int, datetime]:
    """Return every account that set this one's password, phone or role, directly or
    through others.
    """
    return of_each([account_id], since, keys_only=keys_only)[account_id]


def of_each(
    account_ids: Collection[int], since: datetime, *, keys_only: bool = False
) -> dict[int, dict[int, datetime]]:
    """Return :func:`of` for each of these, in the same few statements for many as for one."""
    touched = _around(account_ids, since, keys_only=keys_only)
    return {id_: _walked(id_, touched) for id_ in account_ids}


def of_seconds_and_firsts(
    seconds: Collection[int], firsts: Collection[int], since: datetime
) -> tuple[dict[int, dict[int, datetime]], dict[int, dict[int, datetime]]]:
    """Return :func:`of_each` for the seconds, and for the firsts by keys only, in one pass."""
    touched = _around({*seconds, *firsts}, since)
    keys = {id_: [each for each in found if each.is_key] for id_, found in touched.items()}
    return (
        {id_: _walked(id_, touched) for id_ in seconds},
        {id_: _walked(id_, keys) for id_ in firsts},
    )


def _around(
    account_ids: Collection[int], since: datetime, *, keys_only: bool = False
) -> dict[int, list[_Touch]]:
    """Return what was done to these accounts, and in turn to the accounts that did it."""
    touched: dict[int, list[_Touch]] = {}
    ask = set(account_ids)
    while ask:
        touched |= {id_: [] for id_ in ask}
        for each in _touches(ask, since):
            if each.is_key or not keys_only:
                touched[each.account_id].append(each)
        ask = {each.by_id for id_ in ask for each in touched[id_]} - touched.keys()
    return touched


def _walked(account_id: int, touched: dict[int, list[_Touch]]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    ask = {account_id}
    while ask:
        near = [each for id_ in ask for each in touched[id_]]
        ask = {each.by_id for each in near} - found.keys() - {account_id}
        for each in sorted(near, key=lambda each: each.at, reverse=True):
            found.setdefault(each.by_id, each.at)
    found.pop(account_id, None)
    return found


def group(account_id: int, since: datetime) -> set[int]:
    """Return this account and all that depend on it or that it depends on, in either direction.

    An admin opens everybody's account, so the chain ends at any admin other than the one asked
    about.
    """
    found, ask = {account_id}, {account_id}
    while ask:
        near = {each.by_id for each in _touches(ask, since)} | _touched_by(ask, since)
        new = near - found
        found |= new
        ask = new - admins(new)
    return found


def _touched_by(account_ids: Collection[int], since: datetime) -> set[int]:
    """Return the accounts whose password, phone or role these accounts set."""
    verbs = [ROLE, *(verb for names in KEYS.values() for verb in names)]
    rows = db.session.execute(
        select(Entry.subject_type, Entry.subject_id, Entry.facts).where(
            Entry.at > since, Entry.account_id.in_(account_ids), Entry.verb.in_(verbs)
        )
    ).all()
    found = {facts.get("to") for kind, _id, facts in rows if kind == "grants"}
    found |= {id_ for kind, id_, _facts in rows if kind == "accounts"}
    people = {id_ for kind, id_, _facts in rows if kind == "volunteers"}
    found |= set(db.session.scalars(select(Account.id).where(Account.volunteer_id.in_(people))))
    found |= set(db.session.scalars(_opened_on(account_ids, since)))
    return {id_ for id_ in found if id_ is not None}


def _opened_on(account_ids: Collection[int], since: datetime) -> Select[int]:
    """Return the accounts of staff that were opened since then upon what these wrote down."""

    def is_written(kind: str, row: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        return exists().where(
            Entry.subject_type == kind,
            Entry.subject_id == row,
            Entry.verb.in_(_WRITTEN_DOWN[kind]),
            Entry.account_id.in_(account_ids),
        )

    return (
        select(Account.id)
        .join(Volunteer, _is_theirs())
        .where(
            Account.created_at > since,
            Account.login == func.lower(Volunteer.number),
            Account.id.in_(select(Grant.account_id)),
            is_written("volunteers", Volunteer.id) | is_written("imports", Volunteer.import_id),
        )
    )


def _is_theirs() -> ColumnElement[bool]:
    """Return the condition that joins an account to its person's entries, merged ones too."""
    return or_(
        Volunteer.id == Account.volunteer_id, Volunteer.merged_into_id == Account.volunteer_id
    )


def _touches(account_ids: Collection[int], since: datetime) -> list[_Touch]:
    whose = _Whose.of(account_ids, since)
    rows = db.session.execute(
        select(Entry.subject_type, Entry.subject_id, Entry.account_id, Entry.at, Entry.facts)
        .where(Entry.account_id.is_not(None), whose.acts(since))
        .order_by(Entry.id.desc())
    )
    touches = []
    for kind, subject_id, by_id, when, facts in rows:
        for account_id, opened_at in whose.accounts(kind, subject_id):
            # The id of a revoked grant may belong to another grant by now.
            is_theirs = kind != "grants" or facts.get("to") == account_id
            if is_theirs and by_id != account_id:
                at = max(when, opened_at or when)
                touches.append(_Touch(account_id, by_id, at, kind != "grants"))
    return touches


@dataclass(frozen=True)
class _Whose:
    """The journal's possible objects of some accounts: by table, the row and its accounts."""

    keyed: dict[str, dict[int, int]]
    #: By table, rows upon which accounts were opened since, and when.
    opened: dict[str, dict[int, list[tuple[int, datetime]]]]

    @classmethod
    def of(cls, account_ids: Collection[int], since: datetime) -> "_Whose":
        """Return it for these accounts."""
        entries = db.session.execute(
            select(Account.id, Account.created_at, Volunteer.id, Volunteer.import_id)
            .add_columns(Account.login == func.lower(Volunteer.number))
            .join(Volunteer, _is_theirs())
            .where(Account.id.in_(account_ids))
        ).all()
        roles = select(Grant.id, Grant.account_id).where(Grant.account_id.in_(account_ids))
        opened: dict[str, dict[int, list[tuple[int, datetime]]]] = {"volunteers": {}, "imports": {}}
        for account_id, at, person, import_id, is_own_login in entries:
            if is_own_login and at > since:
                opened["volunteers"].setdefault(person, []).append((account_id, at))
                if import_id is not None:
                    opened["imports"].setdefault(import_id, []).append((account_id, at))
        keyed = {
            "accounts": {id_: id_ for id_ in account_ids},
            "volunteers": {person: account_id for account_id, _at, person, *_ in entries},
            "grants": dict(db.session.execute(roles).all()),
        }
        return cls(keyed, opened)

    def acts(self, since: datetime) -> ColumnElement[bool]:
        """Return the condition for the acts upon them."""
        verbs = KEYS | {"grants": (ROLE,)}
        recent = or_(*(self._of(kind, self.keyed[kind], verbs[kind]) for kind in verbs))
        ever = (self._of(kind, self.opened[kind], _WRITTEN_DOWN[kind]) for kind in _WRITTEN_DOWN)
        return or_(and_(Entry.at > since, recent), *ever)

    @staticmethod
    def _of(kind: str, ids: Collection[int], verbs: Collection[str]) -> ColumnElement[bool]:
        return and_(Entry.subject_type == kind, Entry.subject_id.in_(ids), Entry.verb.in_(verbs))

    def accounts(self, kind: str, id_: int) -> list[tuple[int, datetime | None]]:
        """Return the accounts that a row of the journal is about; and when they were opened, where
        it is about what they were opened upon.
        """
        found: list[tuple[int, datetime | None]] = [*self.opened.get(kind, {}).get(id_, ())]
        if not found and (account_id := self.keyed.get(kind, {}).get(id_)) is not None:
            found.append((account_id, None))
        return found


def admins(account_ids: Collection[int]) -> set[int]:
    """Return which of these accounts are an admin's."""
    if not account_ids:
        return set()
    query = select(Grant.account_id).where(Grant.account_id.in_(account_ids), Grant.role == "admin")
    return set(db.session.scalars(query))
