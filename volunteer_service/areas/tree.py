"""The verbs of the tree of areas: add, rename, move, close, open again. Nothing is deleted."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from volunteer_service import journal
from volunteer_service.areas import area_looks, refusals
from volunteer_service.areas.lookup import of, street_id
from volunteer_service.areas.models import KINDS, Area
from volunteer_service.areas.occupancy import occupancy
from volunteer_service.bounds import LONGEST_TEXT, text
from volunteer_service.db import db, fetch
from volunteer_service.errors import Conflict, Counts, NotAllowed, NotFound
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, may, need
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Grant
from volunteer_service.visible_text import said


@said("name")
def add(
    parent_id: int | None,
    kind: str,
    name: str,
    *,
    confirm_other: bool = False,
    by: Actor,
    at: datetime,
) -> Area:
    """Add an area below ``parent_id`` (None: a sub-district); a child is of a smaller kind.

    A name that looks like that of an area beside it is refused without ``confirm_other``. Only an
    admin of every sub-district adds one; all such admins get the role in the new one.
    """
    parent = _held(parent_id) if parent_id is not None else None
    _need_to_add(parent, by)
    if not fits_below(kind, parent):
        raise refusals.AreaKindWrong(field="kind")
    if parent is not None and parent.closed_at is not None:
        raise refusals.AreaClosed(field="parent_id")
    _need_free(parent_id, name)
    facts = _need_unlike(parent, kind, name, confirm_other)
    admins = _admins_of_all() if parent is None and by.account_id is not None else []
    area = Area(parent_id=parent_id, kind=kind, name=name, path="")
    with _one_of_a_name():
        db.session.add(area)
        db.session.flush()
    area.path = f"{parent.path if parent else '/'}{area.id}/"
    _put_in_care(area, admins, at)
    facts |= {"admins": [each.id for each in admins]} if admins else {}
    _record("add", area, by, at, kind=kind, **facts)
    return area


@said("name", "reason")
def rename(
    area_id: int, name: str, *, reason: str, confirm_other: bool = False, by: Actor, at: datetime
) -> Area:
    """Rename an area; what is printed, signed or frozen keeps the old name.

    A name that looks like that of an area beside it is refused without ``confirm_other``.
    """
    text(reason, LONGEST_TEXT, "reason")
    area = _held(area_id)
    need(by, Right.AREA_EDIT, area_path=area.path)
    was = area.name
    if name == was:
        return area
    _need_free(area.parent_id, name)
    above = of(area.parent_id) if area.parent_id is not None else None
    facts = _need_unlike(above, area.kind, name, confirm_other, area.id)
    with _one_of_a_name():
        area.name = name
        db.session.flush()
    _record("rename", area, by, at, was=was, now=name, reason=reason, **facts)
    return area


@said("reason")
def move(
    area_id: int,
    parent_id: int,
    *,
    reason: str,
    confirm_other: bool = False,
    by: Actor,
    at: datetime,
) -> Area:
    """Move an area, with everything below it, below another one; moving it back undoes it.

    The move is refused without ``confirm_other`` if a name there looks like the area's.

    The actor needs the right at both ends. Between two sub-districts an admin of both moves it,
    because other staff care for its people afterwards.
    """
    text(reason, LONGEST_TEXT, "reason")
    area, parent = _held_both(area_id, parent_id)
    need_to_move(area, parent, by=by)
    if parent.closed_at is not None and area.closed_at is None:
        raise refusals.AreaClosed(field="parent_id")
    _need_free(parent_id, area.name)
    facts: dict[str, Any] = _need_unlike(parent, area.kind, area.name, confirm_other, area.id)
    came_along, was, old = occupancy(area), area.parent_id, area.path
    with _one_of_a_name():
        area.parent_id = parent_id
        db.session.flush()
    below = Area.path.startswith(old)
    path = f"{parent.path}{area.id}/" + func.substr(Area.path, len(old) + 1)
    db.session.execute(update(Area).where(below).values(path=path))
    db.session.refresh(area)
    facts |= {"people": came_along.people, "teams": came_along.teams}
    _record("move", area, by, at, was=was, now=parent_id, reason=reason, **facts)
    return area


@said("reason")
def close(area_id: int, *, reason: str, by: Actor, at: datetime) -> Area:
    """Close an empty area to anything new; raise :class:`AreaNotEmpty` otherwise."""
    text(reason, LONGEST_TEXT, "reason")
    area = _held(area_id)
    _need_above(area, by)
    if area.closed_at is not None:
        return area
    # An entry under way (``lookup.open_at``) is counted, or waits and is refused.
    fetch(Area, area_id, lock=True)
    if found := occupancy(area).in_words():
        raise refusals.AreaNotEmpty(what=Counts(found))
    area.closed_at = at
    _record("close", area, by, at, reason=reason)
    return area


@said("reason")
def reopen(area_id: int, *, reason: str, by: Actor, at: datetime) -> Area:
    """Open a closed area again; the area above it must be open."""
    text(reason, LONGEST_TEXT, "reason")
    area = _held(area_id)
    _need_above(area, by)
    if area.closed_at is None:
        return area
    if area.parent_id is not None and of(area.parent_id).closed_at is not None:
        raise refusals.AreaClosed()
    area.closed_at = None
    _record("reopen", area, by, at, reason=reason)
    return area


def need_to_move(area: Area, parent: Area, *, by: Actor) -> None:
    """Refuse an actor who may not put ``area`` below ``parent``, or a parent that does not fit."""
    _need_above(area, by)
    need(by, Right.AREA_EDIT, area_path=parent.path)
    if not fits_below(area.kind, parent) or parent.path.startswith(area.path):
        raise refusals.AreaFitsNotThere(field="parent_id")
    if area.parent_id == parent.id:
        raise refusals.AreaThereAlready(field="parent_id")
    streets = {street_id(each.path) for each in (area, parent)}
    is_over_both = all(may(by, Right.ACCOUNT_EDIT, area_path=each.path) for each in (area, parent))
    if len(streets) > 1 and not is_over_both:
        raise refusals.BetweenStreets()


def fits_below(kind: str, parent: Area | None) -> bool:
    """Tell whether an area of this kind fits below ``parent``, which must be of a larger kind."""
    if kind not in KINDS:
        return False
    if parent is None:
        return kind == KINDS[0]
    return KINDS.index(kind) > KINDS.index(parent.kind)


def hold_streets(paths: Iterable[str]) -> None:
    """Hold the trees of these paths' sub-districts: nobody else changes them until the commit."""
    streets = sorted({street_id(path) for path in paths})
    # Not FOR UPDATE: somebody who registers or gives a role in the street need not wait.
    held = select(Area.id).where(Area.id.in_(streets)).order_by(Area.id)
    db.session.execute(held.with_for_update(key_share=True)).all()


def _held(area_id: int) -> Area:
    """Return the area as it is once its street is held."""
    area = of(area_id)
    before = area.path
    hold_streets([before])
    db.session.refresh(area)
    if street_id(area.path) != street_id(before):
        raise Conflict()
    return area


def _held_both(area_id: int, parent_id: int) -> tuple[Area, Area]:
    area, parent = of(area_id), of(parent_id)
    before = {street_id(area.path), street_id(parent.path)}
    hold_streets([area.path, parent.path])
    for each in (area, parent):
        db.session.refresh(each)
    if {street_id(area.path), street_id(parent.path)} != before:
        raise Conflict()
    return area, parent


def _need_to_add(parent: Area | None, by: Actor) -> None:
    if parent is not None:
        need(by, Right.AREA_EDIT, area_path=parent.path)
    elif not may(by, Right.SERVICE_EDIT, area_path="/"):
        if not by.has_role("admin"):
            raise NotFound()
        account_scope.need_whole_service(by, Right.SERVICE_EDIT)


def _need_above(area: Area, by: Actor) -> None:
    """Pass for an actor who may change the area's parent; for a street, one who may add streets."""
    if area.parent_id is not None:
        need(by, Right.AREA_EDIT, area_path=of(area.parent_id).path)
        return
    need(by, Right.AREA_EDIT, area_path=area.path)
    if not may(by, Right.SERVICE_EDIT, area_path=area.path):
        raise NotAllowed()
    account_scope.need_whole_service(by, Right.SERVICE_EDIT)


def _need_free(parent_id: int | None, name: str) -> None:
    same = select(Area.id).where(Area.parent_id.is_not_distinct_from(parent_id), Area.name == name)
    if db.session.scalar(same) is not None:
        raise refusals.AreaExists(field="name")


def _need_unlike(
    parent: Area | None, kind: str, name: str, is_other: bool, but: int | None = None
) -> dict[str, Any]:
    """Refuse a name that an open area of this kind there has in another spelling, until somebody
    says that it is another place; return what the journal keeps of it.
    """
    above_id, above = (parent.id, parent.name) if parent else (None, "")
    beside = select(Area.name).where(
        Area.parent_id.is_not_distinct_from(above_id),
        Area.kind == kind,
        Area.closed_at.is_(None),
        Area.id != (but or 0),
    )
    depth = KINDS.index(kind) + area_looks.STREET
    look = area_looks.look(name, depth, above)
    found = (
        other
        for other in db.session.scalars(beside.order_by(Area.id))
        if area_looks.look(other, depth, above) == look
    )
    like = next(found, None)
    if like is None:
        return {}
    if not is_other:
        raise refusals.AreaLooksAlike(field="confirm_other", name=like)
    return {"not_the_same_as": like}


@contextmanager
def _one_of_a_name() -> Iterator[None]:
    """Run the block in a savepoint; refuse in the same words a name that another
    transaction took.
    """
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError:
        raise refusals.AreaExists(field="name") from None


def _admins_of_all() -> list[Account]:
    """Return the admins of every sub-district."""
    streets = db.session.scalars(select(Area.id).where(Area.parent_id.is_(None))).all()
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role == "admin", Grant.area_id.in_(streets), Account.disabled_at.is_(None))
        .group_by(Account.id)
        .having(func.count(Grant.area_id.distinct()) == len(streets))
        .order_by(Account.id)
    )
    return list(db.session.scalars(query))


def _put_in_care(area: Area, admins: list[Account], at: datetime) -> None:
    # Otherwise nobody would be admin of every sub-district any more. No role is given by one
    # person to another here: the journal keeps it with the area, and nobody depends on anybody.
    for account in admins:
        db.session.add(Grant(account_id=account.id, role="admin", area_id=area.id))
        messages.tell_account(account.id, "role_granted", at=at, role="admin", place=area.name)
    db.session.flush()


def _record(verb: str, area: Area, by: Actor, at: datetime, **facts: Any) -> None:
    journal.record(f"areas.{verb}", area, account_id=by.account_id, door=by.door, at=at, **facts)
