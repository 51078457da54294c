"""Imports and what a street says of its sheets: an object behind each of their addresses."""

from sqlalchemy import select

from tests.make import Cast, acting
from volunteer_service import clock
from volunteer_service.db import db
from volunteer_service.workbooks.asked_sheets import sheet_memory
from volunteer_service.workbooks.models import Import, SheetMeaning
from volunteer_service.workbooks.reading.sheet_readings import Reading


def previewed(cast: Cast) -> int:
    """An import of the coordinator's that waits for a look at its preview."""
    row = Import(
        state="previewed",
        area_id=cast.town.id,
        sub_district=cast.town.name,
        account_id=cast.coordinator.id,
        files=[],
        counts={},
        total=0,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def said_of_a_sheet(cast: Cast) -> int:
    """What the street keeps of a sheet that is left out."""
    reading = Reading("left_out", header=("社区", "网格", "楼栋", "楼栋长"))
    coordinator, now = acting(cast.coordinator), clock.now()
    sheet_memory.keep_sheet(cast.town.id, "楼栋长", reading, by=coordinator, at=now)
    query = select(SheetMeaning.id).where(SheetMeaning.area_id == cast.town.id)
    return db.session.scalars(query).one()
