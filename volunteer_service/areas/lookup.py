"""Reading the tree of areas."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.areas.models import Area
from volunteer_service.areas.refusals import AreaClosed
from volunteer_service.db import db, fetch
from volunteer_service.paging import Page, Sorts, page

SORTS = Sorts(Area.id, "name", name=Area.name_order)


def of(area_id: int) -> Area:
    """Return the area with this id."""
    return fetch(Area, area_id)


def open_at(area_id: int, field: str = "area_id") -> Area:
    """Return the area with this id to put something new into; refuse a closed one.

    Nobody closes it until the commit, and a closing that is under way is waited for.
    """
    of(area_id)
    held = {"read": True, "key_share": True}
    area = db.session.get_one(Area, area_id, with_for_update=held, populate_existing=True)
    if area.closed_at is not None:
        raise AreaClosed(field=field)
    return area


def nearest_open(area_id: int | None) -> int | None:
    """Return the id of this area, or of the nearest one above it that is open; None for none."""
    while area_id is not None:
        area = of(area_id)
        if area.closed_at is None:
            break
        area_id = area.parent_id
    return area_id


def path_of(area_id: int | None) -> str:
    """Return the path of an area; ``/``, covered only by the whole service, where there is none."""
    return of(area_id).path if area_id is not None else "/"


def subtree(path: str) -> list[Area]:
    """Return the area at ``path`` and everything below it, parents before children, by name."""
    query = select(Area).where(Area.path.startswith(path)).order_by(Area.id)
    found = {area.id: area for area in db.session.scalars(query)}

    def order(area: Area) -> list[tuple[str, int]]:
        steps = map(int, area.path.strip("/").split("/"))
        return [(found[step].name_order, step) for step in steps if step in found]

    return sorted(found.values(), key=order)


def children(area_id: int) -> Sequence[Area]:
    """Return the areas directly below one, by name."""
    query = select(Area).where(Area.parent_id == area_id).order_by(Area.name_order)
    return db.session.scalars(query).all()


def root() -> Area | None:
    """Return the one root, where the service serves only one sub-district."""
    roots = db.session.scalars(select(Area).where(Area.parent_id.is_(None)).limit(2)).all()
    return roots[0] if len(roots) == 1 else None


def root_of(area: Area) -> Area:
    """Return the sub-district that contains an area; of a sub-district, itself."""
    return of(street_id(area.path))


def street_id(path: str) -> int:
    """Return the id of the sub-district that contains the area of this path."""
    return int(path.split("/")[1])


def street_path(path: str) -> str:
    """Return the path of the sub-district that contains the area of this path."""
    return f"/{path.split('/')[1]}/"


def homes(street: int | None = None) -> list[tuple[str, list[Area]]]:
    """Return the possible homes by street: its communities by name; of one street if given."""
    query = (
        select(Area)
        .where(Area.kind.in_(("subdistrict", "community")), Area.closed_at.is_(None))
        .order_by(Area.name_order)
    )
    if street is not None:
        query = query.where(Area.path.startswith(of(street).path))
    found = db.session.scalars(query).all()
    streets = [area for area in found if area.parent_id is None]
    return [
        (top.name, [each for each in found if each.parent_id and each.path.startswith(top.path)])
        for top in streets
    ]


def above(area: Area) -> list[Area]:
    """Return the areas from the street down to an area itself."""
    ids = [int(step) for step in area.path.strip("/").split("/")]
    known = {row.id: row for row in db.session.scalars(select(Area).where(Area.id.in_(ids)))}
    return [known[id_] for id_ in ids]


def name_path(area: Area) -> str:
    """Return the names from the root down, for example «市西街道 › 庆丰社区»."""
    ids = [int(step) for step in area.path.strip("/").split("/")]
    named = db.session.execute(select(Area.id, Area.name).where(Area.id.in_(ids)))
    names = dict(named.all())
    return " › ".join(names[id_] for id_ in ids)


def within(
    column: ColumnElement[Any] | InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    paths: Sequence[str],
) -> ColumnElement[bool]:
    """Return the WHERE for rows whose area lies under one of ``paths``."""
    if "/" in paths:
        return true()
    below = or_(*(Area.path.startswith(path) for path in paths), Area.id < 0)
    return column.in_(select(Area.id).where(below))


def search(
    *,
    q: str = "",
    kind: str | None = None,
    parent_id: int | None = None,
    under: int | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Area]:
    """Search areas by part of the name, kind, parent or subtree; sorted by name by default."""
    query = select(Area)
    if q:
        query = query.where(Area.name.contains(q, autoescape=True))
    if kind:
        query = query.where(Area.kind == kind)
    if parent_id is not None:
        query = query.where(Area.parent_id == parent_id)
    if under is not None:
        query = query.where(Area.path.startswith(of(under).path))
    return page(query, SORTS, sort=sort, cursor=cursor, limit=limit)
