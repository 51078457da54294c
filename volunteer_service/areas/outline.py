"""The tree of areas as a list, and what was done to one area."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import aliased

from volunteer_service.areas.lookup import subtree
from volunteer_service.areas.models import Area
from volunteer_service.areas.occupancy import people_by_area
from volunteer_service.areas.tree import fits_below
from volunteer_service.db import db
from volunteer_service.journal import Entry
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need, places
from volunteer_service.people.models import Account


@dataclass
class Node:
    """An area, how many volunteers live in it and below it, and the areas below it."""

    area: Area
    people: int = 0
    below: list["Node"] = field(default_factory=list)


def outline(by: Actor) -> list[Node]:
    """Return the trees that ``by`` may change, from the top of each; siblings by name."""
    paths, _teams = places(by, Right.AREA_EDIT)
    found = {area.id: area for path in sorted(paths) for area in subtree(path)}
    people = people_by_area(paths)
    nodes: dict[int, Node] = {}
    tops: list[Node] = []
    for area in found.values():
        nodes[area.id] = Node(area, people.get(area.id, 0))
    for node in nodes.values():
        above = nodes.get(node.area.parent_id or 0)
        (above.below if above else tops).append(node)
    for top in tops:
        _settle(top)
    return sorted(tops, key=lambda node: node.area.name_order)


def targets(area: Area, *, by: Actor) -> list[tuple[int, str]]:
    """Return the areas below which ``area`` may be put, indented by depth."""
    paths, _teams = places(by, Right.AREA_EDIT)
    found = {each.id: each for path in sorted(paths) for each in subtree(path)}
    return [
        (each.id, "　" * (each.path.count("/") - 2) + each.name)
        for each in found.values()
        if fits_below(area.kind, each)
        and each.closed_at is None
        and each.id != area.parent_id
        and not each.path.startswith(area.path)
    ]


@dataclass(frozen=True)
class Change:
    """One line of an area's history; the places are those of a move."""

    entry: Entry
    who: str | None
    was_at: str | None
    now_at: str | None


def history(area: Area, *, by: Actor, limit: int = 30) -> Sequence[Change]:
    """Return what was done to an area, newest first."""
    need(by, Right.AREA_EDIT, area_path=area.path)
    query = (
        select(Entry, Account.name)
        .outerjoin(Account, Account.id == Entry.account_id)
        .where(Entry.subject_type == Area.__tablename__, Entry.subject_id == area.id)
        .order_by(Entry.id.desc())
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    moves = [row.Entry.facts for row in rows if row.Entry.verb == "areas.move"]
    ids = {facts[name] for facts in moves for name in ("was", "now")}
    other = aliased(Area)
    names = dict(db.session.execute(select(other.id, other.name).where(other.id.in_(ids))).all())
    return [Change(entry, who, *_places(entry, names)) for entry, who in rows]


def _places(entry: Entry, names: dict[int, str]) -> tuple[str | None, str | None]:
    if entry.verb != "areas.move":
        return None, None
    return names.get(entry.facts["was"]), names.get(entry.facts["now"])


def _settle(node: Node) -> None:
    node.below.sort(key=lambda each: each.area.name_order)
    for each in node.below:
        _settle(each)
        node.people += each.people
