"""Imported data that a person changed since, which stay when the import is undone.

A place in a team that staff ended or moved, a person who left or whose phone was confirmed face to
face, a team, an area or a gift that was edited. With each stays what it depends on: a place's
person and team, a person's home, the areas above it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from volunteer_service.areas.models import Area
from volunteer_service.db import Base, db
from volunteer_service.journal import Entry
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams.models import Brand, Membership, Project, Team
from volunteer_service.workbooks.models import Import

#: Ids by table.
Rows = Mapping[str, set[int]]


def changed(row: Import) -> Rows:
    """Return the data of this import that were changed after it was applied."""
    place = or_(
        Membership.state != "active",
        Membership.left_at.is_not(None),
        Membership.joined_at != row.applied_at,
    )
    person = or_(Volunteer.state != "active", Volunteer.phone_confirmed_by.is_not(None))
    return {
        Membership.__tablename__: _ids(Membership, row, place),
        Volunteer.__tablename__: _ids(Volunteer, row, person),
        Team.__tablename__: _ids(Team, row, Team.id.in_(_acted_on(Team, row))),
        Area.__tablename__: _ids(Area, row, Area.id.in_(_acted_on(Area, row))),
        Gift.__tablename__: _ids(Gift, row, Gift.id.in_(_acted_on(Gift, row))),
    }


def count(row: Import) -> Counter[str]:
    """Count, by table, what was changed since and so will stay."""
    return +Counter({table: len(ids) for table, ids in changed(row).items()})


def staying(row: Import) -> Rows:
    """Return what stays: what was changed since, and the rows of this import on which it
    depends.
    """
    stay = defaultdict(set, {name: set(ids) for name, ids in changed(row).items()})
    for child, column, parent in _HANGS_ON:
        refers = getattr(child, column)
        wanted = select(refers).where(child.id.in_(stay[child.__tablename__]), refers.is_not(None))
        stay[parent.__tablename__] |= _ids(parent, row, parent.id.in_(wanted))
    paths = db.session.scalars(select(Area.path).where(Area.id.in_(stay["areas"])))
    above = {int(part) for path in paths for part in path.strip("/").split("/")}
    stay["areas"] |= _ids(Area, row, Area.id.in_(above))
    return stay


#: Children before parents, so that what a parent depends on is found too.
_HANGS_ON: tuple[tuple[Any, str, Any], ...] = (
    (Membership, "volunteer_id", Volunteer),
    (Membership, "team_id", Team),
    (Team, "brand_id", Brand),
    (Team, "project_id", Project),
    (Team, "area_id", Area),
    (Volunteer, "area_id", Area),
    (Gift, "area_id", Area),
)


def _acted_on(model: type[Base], row: Import) -> Any:
    return select(Entry.subject_id).where(
        Entry.subject_type == model.__tablename__, Entry.at > row.applied_at
    )


def _ids(model: Any, row: Import, which: ColumnElement[bool]) -> set[int]:
    found: Iterable[int] = db.session.scalars(
        select(model.id).where(model.import_id == row.id, which)
    )
    return set(found)
