"""Saves, offers and removes views of lists: one's own, and those of an office.

A view holds nothing about a person: filters by code, day, amount and area, the order, the columns
and the page size, but no searched name.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from volunteer_service import bounds, journal
from volunteer_service.areas.models import Area
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.lists import registry
from volunteer_service.lists.asking import Asked
from volunteer_service.lists.declaration import StaffList
from volunteer_service.lists.filters import Filter
from volunteer_service.lists.views.refusals import TooManyViews
from volunteer_service.lists.views.view_models import ListView
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, may, need
from volunteer_service.teams.models import Team
from volunteer_service.visible_text import said

#: The most views of one list that an account keeps.
MOST = 30
LONGEST_NAME = 40
LONGEST_VALUE = 60
#: Controls of filters whose values name nobody.
_KEPT = ("choice", "flag", "days", "amounts", "tree")

Pairs = list[tuple[str, str]]


def parameters(asked: Asked, args: Mapping[str, str], *, is_dense: bool) -> Pairs:
    """Return what a view of this list keeps of an address, as pairs in a fixed order."""
    kept = [
        (key, args[key][:LONGEST_VALUE])
        for each in asked.declared.filters
        if each.control in _KEPT
        # An empty value removes a filter that is set by default.
        and (asked.value(each.name) is not None or _is_set_unasked(each))
        for key in each.keys
        if key in args and (args[key] or _is_set_unasked(each))
    ]
    kept.append(("sort", asked.sort))
    kept += [("col", each.name) for each in asked.columns]
    kept.append(("size", str(asked.size)))
    return [*kept, ("dense", "1")] if is_dense else kept


@said("name")
def save(
    asked: Asked, name: str, pairs: Pairs, area_id: int | None, *, by: Actor, at: datetime
) -> ListView:
    """Keep a view under a name for oneself, or for the office of an area.

    It replaces the one of this name for the same people. Raises :class:`TooManyViews`;
    NotAllowed or NotFound for an area that the actor does not keep.
    """
    account_id, declared = _account_id(by), asked.declared
    bounds.text(name, LONGEST_NAME, "name")
    if area_id is not None:
        need(by, Right.AREA_EDIT, area_path=fetch(Area, area_id).path)
    whose = (
        and_(ListView.area_id.is_(None), ListView.account_id == account_id)
        if area_id is None
        else ListView.area_id == area_id
    )
    of_list = ListView.list_name == declared.name
    row = db.session.scalar(select(ListView).where(of_list, whose, ListView.name == name))
    if row is None:
        _need_space(of_list & (ListView.account_id == account_id))
        row = ListView(list_name=declared.name, name=name, area_id=area_id, created_at=at)
        db.session.add(row)
    row.account_id, row.asked = account_id, [list(pair) for pair in pairs]
    db.session.flush()
    _record("lists.save_view", row, by, at)
    return row


def remove(view_id: int, *, by: Actor, at: datetime) -> str:
    """Remove one's own view, or one of an office that one keeps; returns the list's name."""
    row = fetch(ListView, view_id)
    declared = registry.open_to(row.list_name, by=by)
    if row.id not in {each.id for each in offered(declared, by=by)}:
        raise NotFound()
    if not may_remove(row, by=by):
        raise NotAllowed()
    _record("lists.remove_view", row, by, at)
    db.session.delete(row)
    db.session.flush()
    return declared.name


def offered(declared: StaffList, *, by: Actor) -> Sequence[ListView]:
    """Return the views of a list that a reader is offered: the office's first, then by name."""
    own = and_(ListView.area_id.is_(None), ListView.account_id == by.account_id)
    query = select(ListView).where(ListView.list_name == declared.name)
    query = query.outerjoin(Area, ListView.area_id == Area.id)
    query = query.where(or_(own, _touches(by)))
    return db.session.scalars(
        query.order_by(ListView.area_id.is_(None), ListView.name, ListView.id)
    ).all()


def may_remove(row: ListView, *, by: Actor) -> bool:
    """Tell whether somebody may remove this view: their own, or one of an office that they keep."""
    if row.area_id is None:
        return row.account_id == by.account_id
    return may(by, Right.AREA_EDIT, area_path=fetch(Area, row.area_id).path)


def offices(asked: Asked) -> list[Area]:
    """Return the areas for whose offices the reader keeps views of this list."""
    return [each for each in asked.reach if may(asked.by, Right.AREA_EDIT, area_path=each.path)]


def _is_set_unasked(each: Filter) -> bool:
    return bool(getattr(each, "default", ""))


def _touches(by: Actor) -> ColumnElement[bool]:
    """Return the WHERE of offices above, at or below a place where the reader holds a role."""
    paths = {held.area_path for held in by.grants if held.area_path is not None}
    paths |= set(_paths_of_teams(by))
    above = [prefix for path in paths for prefix in _prefixes(path)]
    below = [Area.path.startswith(path, autoescape=True) for path in paths]
    return or_(Area.path.in_(above), *below)


def _paths_of_teams(by: Actor) -> Sequence[str]:
    ids = [held.team_id for held in by.grants if held.team_id is not None]
    if not ids:
        return []
    query = select(Area.path).join(Team, Team.area_id == Area.id).where(Team.id.in_(ids))
    return db.session.scalars(query).all()


def _prefixes(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return [f"/{'/'.join(parts[:n])}/" for n in range(1, len(parts) + 1)]


def _need_space(of: ColumnElement[bool]) -> None:
    if (db.session.scalar(select(func.count()).select_from(ListView).where(of)) or 0) >= MOST:
        raise TooManyViews(most=MOST)


def _account_id(by: Actor) -> int:
    if by.account_id is None:
        raise NotFound()
    return by.account_id


def _record(verb: str, row: ListView, by: Actor, at: datetime) -> None:
    facts = {"list": row.list_name, "area_id": row.area_id}
    journal.record(verb, row, account_id=by.account_id, door=by.door, at=at, **facts)
