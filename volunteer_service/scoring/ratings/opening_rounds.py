"""Opens the rounds of a half-year that is over, on 1 January and 1 July."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from volunteer_service import settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import refusal_of
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import openable_rounds, round_steps
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.half_years import HalfYear

#: For so many days a missed run is caught up; later a round is opened by hand.
CAUGHT_UP = timedelta(days=7)


def open_due(*, by: Actor, at: datetime) -> int:
    """Open the round of the ended half-year for every sub-district with confirmed records; return
    how many.

    Where the half-year before was rated by communities, their rounds are opened. What somebody
    withdrew is not opened again.
    """
    today = settings.local_day(at)
    running = HalfYear.of(today)
    if today >= running.starts_on + CAUGHT_UP:
        return 0
    ended = running.previous
    opened = 0
    for street in openable_rounds.areas_due(["/"], ended):
        if _was_withdrawn(street, ended):
            continue
        for area_id in _rated_before(street, ended.previous) or [street.id]:
            opened += _opened(area_id, ended, by, at)
    return opened


def _opened(area_id: int, half_year: HalfYear, by: Actor, at: datetime) -> bool:
    def work() -> None:
        with db.session.begin_nested():
            round_steps.open_round(area_id, str(half_year), by=by, at=at)

    # Somebody who opened it by hand meanwhile was first.
    return refusal_of(work) is None


def _was_withdrawn(street: Area, half_year: HalfYear) -> bool:
    return bool(_rounds(street, half_year, Round.state == "withdrawn"))


def _rated_before(street: Area, half_year: HalfYear) -> Sequence[int]:
    return _rounds(street, half_year, Round.state != "withdrawn")


def _rounds(street: Area, half_year: HalfYear, *which: ColumnElement[bool]) -> Sequence[int]:
    query = (
        select(Round.area_id)
        .join(Round.area)
        .where(
            Area.path.startswith(street.path, autoescape=True),
            Round.half_year == str(half_year),
            Round.supplement == 0,
            *which,
        )
    )
    return db.session.scalars(query.distinct().order_by(Round.area_id)).all()
