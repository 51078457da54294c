"""The filter of rows that a figure counts; it leads from a bar or a number to the list behind
it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service import clock
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import Invalid
from volunteer_service.figures import counting
from volunteer_service.figures.counting import Place
from volunteer_service.figures.figure import Figure
from volunteer_service.figures.periods import Period
from volunteer_service.lists.filters import Args, read_id
from volunteer_service.teams.models import Team
from volunteer_service.wording import gettext


@dataclass(frozen=True)
class Asked:
    """A figure of a place and period, whole or one part of a breakdown."""

    figure: Figure
    place: Place
    period: Period
    dimension: str | None
    key: str | None

    @property
    def ids(self) -> Select[Any] | None:
        """Return the ids of the rows in the list."""
        return counting.behind(
            self.place,
            self.period,
            self.figure,
            today=clock.now(),
            dimension=self.dimension,
            key=self.key,
        )


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Rows that a figure counts, as pages of figures link to them.

    The guard of the list still applies: the place only narrows the rows. Without a place all rows
    count that the reader may see.
    """

    list_name: str
    id_: InstrumentedAttribute[int]
    label: Any
    name: str = "figure"
    control: str = "hidden"

    @property
    def keys(self) -> tuple[str, ...]:
        ends = ("from", "to", "area", "team", "by", "part")
        return (self.name, *(f"{self.name}_{end}" for end in ends))

    def read(self, args: Args) -> Asked | None:
        code, since, until, area, team, by, part = (args.get(key, "") for key in self.keys)
        figure = counting.BY_CODE.get(code)
        if figure is None or figure.behind is None or figure.behind[0] != self.list_name:
            return None
        try:
            period = Period(date.fromisoformat(since), date.fromisoformat(until))
            place = _place(area, team)
        except (ValueError, Invalid):
            return None
        if by and not figure.source.knows(by):
            return None
        return Asked(figure, place, period, by or None, part[:20] or None)

    def where(self, value: Asked) -> ColumnElement[bool]:
        ids = value.ids
        return false() if ids is None else self.id_.in_(ids)

    def words(self, value: Asked) -> str:
        days = f"{value.period.since} – {value.period.until}"
        where = value.place.area or value.place.team
        named = [value.figure.name.worded(gettext)]
        if where is not None:
            named.append(where.name)
        return " · ".join([*named, days] if value.figure.source.counted != "now" else named)


def _place(area_id: str, team_id: str) -> Place:
    """Return the place of the address; ValueError where there is none of this id."""
    if team_id:
        team = db.session.get(Team, read_id(team_id) or 0)
        if team is None:
            raise ValueError(team_id)
        return Place(team_ids=(team.id,), team=team)
    if area_id:
        area = db.session.get(Area, read_id(area_id) or 0)
        if area is None:
            raise ValueError(area_id)
        return Place(paths=(area.path,), area=area)
    return Place(paths=("/",))
