"""What stands under a sub-district already, by name: the places, teams and gifts of a street.

These lists are short beside the rolls of people and records, so they are held whole.
"""

from typing import NamedTuple

from sqlalchemy import select

from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams.models import Team
from volunteer_service.workbooks.reading.cells import match_key

Names = tuple[str, ...]


class Place(NamedTuple):
    """An area of the tree."""

    id: int
    path: str
    name: str


class TeamHere(NamedTuple):
    """A team of the sub-district."""

    id: int
    area_id: int
    name: str
    recording_unit: str


def key(*names: str) -> Names:
    """Under which a place is found: its names below the sub-district, without empty ones."""
    return tuple(match_key(name) for name in names if name)


def places(root: Area) -> dict[Names, Place]:
    """Every area below the root; the root itself under ()."""
    query = (
        select(Area.id, Area.parent_id, Area.name, Area.path)
        .where(Area.path.startswith(root.path))
        .order_by(Area.id)
    )
    rows = {row.id: row for row in db.session.execute(query)}
    found: dict[Names, Place] = {}
    for row in rows.values():
        names: list[str] = []
        step = row
        while step.id != root.id:
            names.append(step.name)
            step = rows[step.parent_id]
        found[key(*reversed(names))] = Place(row.id, row.path, row.name)
    return found


def teams(root: Area) -> dict[str, TeamHere]:
    """Every team of the sub-district by the key of its name; of two namesakes the older."""
    query = (
        select(Team.id, Team.area_id, Team.name, Team.recording_unit)
        .join(Area, Area.id == Team.area_id)
        .where(Area.path.startswith(root.path))
        .order_by(Team.id.desc())
    )
    return {match_key(row.name): TeamHere(*row) for row in db.session.execute(query)}


def gifts(root: Area) -> dict[str, Gift]:
    """Every gift of the sub-district's desk by the key of its name."""
    found = db.session.scalars(select(Gift).where(Gift.area_id == root.id))
    return {match_key(gift.name): gift for gift in found}


def is_shell(gift: Gift) -> bool:
    """Whether an undo left only the name: stock moves are evidence and keep their gift."""
    return gift.state == "withdrawn" and gift.stock == 0
