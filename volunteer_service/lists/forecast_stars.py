"""The filter of people who would have so many stars, were the half-year rated now."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service import clock
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.lists.filters import Args, read_id
from volunteer_service.scoring.ratings import forecasts

_STARS = tuple("012345")
#: The most areas of one address.
_MOST_AREAS = 50


@dataclass(frozen=True)
class Asked:
    """A number of stars, of people who live in these areas; no area means everywhere."""

    stars: int
    areas: tuple[Area, ...]

    @property
    def paths(self) -> list[str]:
        """Return the paths of the areas."""
        return [area.path for area in self.areas] or ["/"]


@dataclass(frozen=True, kw_only=True)
class ForecastStars:
    """People by the stars that the forecast of areas gives them."""

    label: Any
    id_: InstrumentedAttribute[int]
    name: str = "forecast"
    control: str = "hidden"

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.name, f"{self.name}_area")

    def read(self, args: Args) -> Asked | None:
        stars, area_ids = (args.get(key, "") for key in self.keys)
        read = [read_id(part) for part in area_ids.split("-")]
        ids = [id_ for id_ in read if id_ is not None][:_MOST_AREAS]
        if stars not in _STARS or bool(ids) != bool(area_ids):
            return None
        found = db.session.scalars(select(Area).where(Area.id.in_(ids)).order_by(Area.id)).all()
        return Asked(int(stars), tuple(found)) if len(found) == len(ids) else None

    def where(self, value: Asked) -> ColumnElement[bool]:
        ids = forecasts.people_with(value.stars, value.paths, at=clock.now())
        # Written into the statement, because drivers limit the number of parameters.
        written: Any = bindparam(None, ids, expanding=True, literal_execute=True)
        found: ColumnElement[bool] = self.id_.in_(written)
        return found

    def words(self, value: Asked) -> str:
        return " · ".join([str(value.stars), *(area.name for area in value.areas)])
