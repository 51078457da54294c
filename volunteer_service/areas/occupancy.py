"""Count who and what is in an area and below it: these move with it, or keep it from being
closed.
"""

from dataclasses import dataclass

from sqlalchemy import FromClause, Select, column, func, select, table

from volunteer_service.areas.lookup import within
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.people.models import Grant, Volunteer

N_ = str

# Tables of packages above, from which only the place and the state are read.
_teams = table("teams", column("id"), column("area_id"), column("state"))
_gifts = table("gifts", column("id"), column("area_id"), column("state"))


@dataclass(frozen=True)
class Occupancy:
    """Counts over the whole subtree; ``areas`` are those below, the area itself not included."""

    areas: int
    people: int
    teams: int
    roles: int
    gifts: int

    def in_words(self) -> dict[str, int]:
        """Return each count above 0 by its Chinese word."""
        named = {
            N_("下级区域"): self.areas,
            N_("志愿者"): self.people,
            N_("队伍"): self.teams,
            N_("角色"): self.roles,
            N_("礼品"): self.gifts,
        }
        return {word: n for word, n in named.items() if n}


def occupancy(area: Area) -> Occupancy:
    """Count what is in this area and below it now, without people who left and what has ended."""
    below = Area.path.startswith(area.path)
    inside = select(Area.id).where(below)
    lower = select(func.count()).where(below, Area.id != area.id, Area.closed_at.is_(None))
    # An admin of every street stays admin of a closed one too, otherwise nobody would be admin of
    # all.
    roles = select(func.count()).where(Grant.area_id.in_(inside), Grant.role != "admin")
    return Occupancy(
        areas=db.session.scalar(lower) or 0,
        people=_count(Volunteer.__table__, inside),
        teams=_count(_teams, inside),
        roles=db.session.scalar(roles) or 0,
        gifts=_count(_gifts, inside, state="offered"),
    )


def people_by_area(paths: list[str]) -> dict[int, int]:
    """Count the active volunteers who live in each area of the subtrees at ``paths``."""
    query = (
        select(Volunteer.area_id, func.count())
        .where(within(Volunteer.area_id, paths), Volunteer.state == "active")
        .group_by(Volunteer.area_id)
    )
    return {area_id: n for area_id, n in db.session.execute(query) if area_id is not None}


def _count(rows: FromClause, inside: Select[int], *, state: str = "active") -> int:
    query = select(func.count()).select_from(rows)
    return db.session.scalar(query.where(rows.c.area_id.in_(inside), rows.c.state == state)) or 0
