"""Finds the sub-district of a name, whose areas a list may add."""

from sqlalchemy import select

from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.workbooks.reading.cells import match_key


def root_called(name: str) -> Area | None:
    """Find the sub-district of this name."""
    roots = db.session.scalars(select(Area).where(Area.parent_id.is_(None)))
    return next((r for r in roots if match_key(r.name) == match_key(name)), None)
