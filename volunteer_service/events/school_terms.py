"""School terms of a street, entered by its coordinators; series of events depend on them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from volunteer_service import journal
from volunteer_service.areas.models import Area
from volunteer_service.bounds import text
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid
from volunteer_service.events import refusals
from volunteer_service.events.recurrence import LONGEST
from volunteer_service.events.series_models import SchoolTerm
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.teams.models import Team
from volunteer_service.visible_text import said


@said("name")
def add_term(
    area_id: int, *, name: str, starts_on: date, ends_on: date, by: Actor, at: datetime
) -> SchoolTerm:
    """Enter a term of the schools in an area; it lasts at most a year and overlaps no other."""
    area = fetch(Area, area_id, lock=True)
    rights.need(by, Right.AREA_EDIT, area_path=area.path)
    text(name, 40, "name")
    if not starts_on <= ends_on < starts_on + LONGEST:
        raise Invalid(field="ends_on", why="结束日要在开始日之后，并且不超过一年")
    if any(row.starts_on <= ends_on and row.ends_on >= starts_on for row in of_area(area)):
        raise refusals.TermsOverlap(field="starts_on")
    row = SchoolTerm(
        area=area, name=name, starts_on=starts_on, ends_on=ends_on, at=at, account_id=by.account_id
    )
    db.session.add(row)
    db.session.flush()
    _record("add", row, by, at)
    return row


def remove_term(term_id: int, *, by: Actor, at: datetime) -> None:
    """Remove a term; events that were made by it stay."""
    row = fetch(SchoolTerm, term_id)
    rights.need(by, Right.AREA_EDIT, area_path=row.area.path)
    _record("remove", row, by, at)
    db.session.delete(row)


def known_to(*, by: Actor) -> Sequence[SchoolTerm]:
    """Return the terms of the actor's areas and above them, by area and beginning."""
    paths, teams = rights.places(by, Right.EVENT_EDIT)
    led = select(Area.path).join(Team, Team.area_id == Area.id).where(Team.id.in_(teams))
    paths = [*paths, *db.session.scalars(led)]
    below = [Area.path.startswith(path, autoescape=True) for path in paths]
    above = {int(part) for path in paths for part in path.split("/") if part}
    query = (
        select(SchoolTerm)
        .join(SchoolTerm.area)
        .options(contains_eager(SchoolTerm.area))
        .where(or_(Area.id.in_(above), *below))
        .order_by(Area.name_order, SchoolTerm.starts_on)
    )
    return db.session.scalars(query).all()


def of_area(area: Area) -> Sequence[SchoolTerm]:
    """Return the terms that hold in an area: its own and those of the areas above it."""
    ids = [int(part) for part in area.path.split("/") if part]
    query = select(SchoolTerm).where(SchoolTerm.area_id.in_(ids))
    return db.session.scalars(query.order_by(SchoolTerm.starts_on)).all()


def _record(verb: str, row: SchoolTerm, by: Actor, at: datetime) -> None:
    journal.record(
        f"school_terms.{verb}",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        area=row.area_id,
        name=row.name,
        starts_on=row.starts_on.isoformat(),
        ends_on=row.ends_on.isoformat(),
    )
