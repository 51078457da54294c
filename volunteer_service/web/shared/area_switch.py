"""The one street that staff of several streets look at: kept in the session, applied to every
list.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import g, session, url_for
from sqlalchemy import select

from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.teams.models import Team
from volunteer_service.web.shared.guard import maybe_actor

KEY = "street"
#: The parameters of an address that name another place than the chosen street.
_LEFT_OUT = ("area_id", "page", "cursor")


@dataclass(frozen=True)
class Switch:
    """The streets of a reader, and the one that is looked at; None for all of them."""

    streets: list[Area]
    chosen: Area | None
    url: str


def switch() -> Switch | None:
    """Return the switch of this reader, read once for each request; None for a reader with one
    street or none.
    """
    if "area_switch" not in g:
        by = maybe_actor()
        streets = streets_of(by) if by is not None else []
        g.area_switch = _switch(streets) if len(streets) > 1 else None
    found: Switch | None = g.area_switch
    return found


def chosen_id() -> int | None:
    """Return the id of the street that is looked at, where the reader still has it."""
    if KEY not in session:
        return None
    found = switch()
    return found.chosen.id if found and found.chosen else None


def choose(area_id: int | None, *, by: Actor) -> None:
    """Choose one street, or all again; raise NotFound for a street that the reader does not
    have.
    """
    g.pop("area_switch", None)
    if area_id is None:
        session.pop(KEY, None)
        return
    if area_id not in {each.id for each in streets_of(by)}:
        raise NotFound()
    session[KEY] = area_id


def streets_of(by: Actor) -> list[Area]:
    """Return the streets in which somebody holds a role of the staff, by name."""
    paths = {held.area_path for held in by.grants if held.area_path is not None}
    teams = [held.team_id for held in by.grants if held.team_id is not None]
    tops = {areas.street_path(path) for path in paths if path != "/"}
    if "/" not in paths and len(tops) + len(teams) <= 1:
        return []
    query = select(Area).where(Area.parent_id.is_(None), Area.closed_at.is_(None))
    if "/" not in paths:
        of_teams = select(Area.path).join(Team, Team.area_id == Area.id).where(Team.id.in_(teams))
        tops |= {areas.street_path(path) for path in db.session.scalars(of_teams)}
        query = query.where(Area.path.in_(tops))
    return list(db.session.scalars(query.order_by(Area.name)))


def without_area(path: str) -> str:
    """Return an address of ours without a place, at its first page."""
    parts = urlsplit(path)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in _LEFT_OUT]
    return f"{parts.path}?{urlencode(kept)}" if kept else parts.path


def _switch(streets: list[Area]) -> Switch:
    chosen = next((each for each in streets if each.id == session.get(KEY)), None)
    return Switch(streets, chosen, url_for("lists.choose_street"))
