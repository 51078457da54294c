"""Finds the half-years and areas for which a round can still be opened."""

from collections.abc import Sequence

from sqlalchemy import select

from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.teams.models import Team


def openable(area_ids: Sequence[int], half_years: Sequence[str]) -> dict[str, list[int]]:
    """Return for each half-year the areas for which neither they nor areas above or below have a
    round.

    Half-years and areas keep their order; a half-year without such an area is left out.
    """
    named = select(Area.id, Area.path).where(Area.id.in_(area_ids))
    paths = dict(db.session.execute(named).all())
    rounds = select(Round.half_year, Area.path).join(Round.area)
    taken: dict[str, list[str]] = {each: [] for each in half_years}
    for half_year, path in db.session.execute(
        rounds.where(Round.half_year.in_(half_years), Round.state != "withdrawn")
    ):
        taken[half_year].append(path)
    free = {
        half_year: [id_ for id_ in area_ids if not _meets(paths[id_], with_rounds)]
        for half_year, with_rounds in taken.items()
    }
    return {half_year: found for half_year, found in free.items() if found}


def areas_due(paths: Sequence[str], half_year: HalfYear) -> list[Area]:
    """Return the sub-districts below these paths that have confirmed records of this half-year and
    no round that rates any part of them: their round is due.
    """
    streets = select(Area).where(areas.within(Area.id, paths), Area.kind == "subdistrict")
    by_id = {area.id: area for area in db.session.scalars(streets.order_by(Area.id))}
    free = openable(list(by_id), [str(half_year)]).get(str(half_year), []) if by_id else []
    return [by_id[id_] for id_ in free if _has_served(by_id[id_].path, half_year)]


def _has_served(path: str, half_year: HalfYear) -> bool:
    here = select(Team.id).where(areas.within(Team.area_id, [path]))
    served = select(ServiceRecord.id).where(
        ServiceRecord.team_id.in_(here),
        ServiceRecord.state == "confirmed",
        ServiceRecord.served_on.between(half_year.starts_on, half_year.ends_on),
    )
    return db.session.scalar(served.limit(1)) is not None


def _meets(path: str, others: list[str]) -> bool:
    return any(path.startswith(other) or other.startswith(path) for other in others)
