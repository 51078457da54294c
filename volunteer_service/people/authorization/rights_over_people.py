"""Rights over people: which staff care for a person, and whose data an actor may read or change.

A person belongs to the staff of the place where they live. A person without a home, who joined
without naming one, belongs to those who hold the right over every street, and to nobody else, until
a home is set.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select, true

from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.db import db, in_lists
from volunteer_service.errors import NotFound, refusal_of
from volunteer_service.people.authorization import account_scope, conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import Right, need, places
from volunteer_service.people.merged_entries import need_going_on
from volunteer_service.people.models import Volunteer


def need_on_person(by: Actor, right: Right, volunteer: Volunteer, *, own: bool = False) -> None:
    """Pass for an actor who holds ``right`` over the person's home, and with ``own`` for the
    person.
    """
    if own and by.volunteer_id == volunteer.id:
        return
    home = areas.path_of(volunteer.area_id) if volunteer.area_id is not None else None
    need_at_home(by, right, home)


def need_to_act_on(by: Actor, right: Right, volunteer: Volunteer, *, own: bool = False) -> None:
    """Call :func:`need_on_person` for a change: refuse an entry that was merged."""
    need_on_person(by, right, volunteer, own=own)
    need_going_on(volunteer)


def need_on_people(by: Actor, right: Right, volunteer_ids: Iterable[int]) -> None:
    """Pass for an actor who holds ``right`` over the homes of all these people."""
    for home in homes_of(volunteer_ids):
        need_at_home(by, right, home)


def need_at_home(by: Actor, right: Right, home: str | None) -> None:
    """Pass for an actor who holds ``right`` over this home; over every street if there is none."""
    if home is not None:
        need(by, right, area_path=home)
    elif not account_scope.covers_service(by, right):
        raise NotFound()


def may_at_home(by: Actor, right: Right, home: str | None) -> bool:
    """Tell whether :func:`need_at_home` passes."""
    return refusal_of(lambda: need_at_home(by, right, home)) is None


def may_on_person(by: Actor, right: Right, volunteer: Volunteer) -> bool:
    """Tell whether :func:`need_on_person` passes for somebody else."""
    return refusal_of(lambda: need_on_person(by, right, volunteer)) is None


def homes_of(volunteer_ids: Iterable[int]) -> set[str | None]:
    """Return the paths of the areas where these people live; ``None`` for a person
    without a home.
    """
    found: set[str | None] = set()
    for ids in in_lists(volunteer_ids):
        query = (
            select(Area.path).select_from(Volunteer).outerjoin(Area, Area.id == Volunteer.area_id)
        )
        found |= set(db.session.scalars(query.where(Volunteer.id.in_(ids)).distinct()))
    return found


def home_of(volunteer_id: int) -> str | None:
    """Return the path of the area where this person lives, or ``None``."""
    return next(iter(homes_of([volunteer_id])), None)


def others_at_home(
    right: Right, volunteer_ids: Collection[int], *, at: datetime
) -> Callable[[], Who]:
    """Return the holders of ``right`` over the home of the first person who are tied to none of
    these people.
    """

    def found() -> Who:
        home = next(iter(homes_of(volunteer_ids)), None)
        return conflicts.who_may(right, home, None, at=at, but=volunteer_ids)

    return found


def living_under(by: Actor, right: Right) -> ColumnElement[bool]:
    """Return the WHERE for the volunteers in the care of ``by`` with this right."""
    paths, _team_ids = places(by, right)
    if account_scope.covers_service(by, right):
        return true()
    return areas.within(Volunteer.area_id, paths)
