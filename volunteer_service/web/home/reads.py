"""Small queries that several parts of the first page share."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from volunteer_service.areas import lookup as areas
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.events.models import Event
from volunteer_service.scoring.ratings.models import Round

#: Counting further than this helps nobody and costs the database.
FARTHEST = 1000


def events(*wanted: ColumnElement[bool], limit: int = 10) -> Sequence[Event]:
    """Return the first wanted events by their beginning, without cancelled ones."""
    query = (
        select(Event)
        .options(joinedload(Event.team))
        .where(Event.state != "cancelled", *wanted)
        .order_by(Event.starts_at, Event.id)
    )
    return db.session.scalars(query.limit(limit)).all()


def rounds(paths: list[str], *, limit: int = 3) -> Sequence[Round]:
    """Return the newest rounds of these areas."""
    query = (
        select(Round)
        .options(joinedload(Round.area))
        .where(areas.within(Round.area_id, paths), Round.state != "withdrawn")
        .order_by(Round.half_year.desc(), Round.supplement.desc(), Round.id.desc())
    )
    return db.session.scalars(query.limit(limit)).all()


def waiting(where: ColumnElement[bool]) -> int:
    """Count the records that wait, up to :data:`FARTHEST`."""
    return count(select(ServiceRecord.id).where(ServiceRecord.state == "waiting", where))


def count(query: Select[int]) -> int:
    """Count the rows of a query, up to :data:`FARTHEST`."""
    return (
        db.session.scalar(select(func.count()).select_from(query.limit(FARTHEST).subquery())) or 0
    )
