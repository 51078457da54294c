"""Finds the people about whom an import added or changed something."""

from sqlalchemy import select

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.openings.models import TABLES
from volunteer_service.people import merged_entries
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Membership
from volunteer_service.workbooks.models import ImportChange


def people_touched(import_id: int) -> set[int]:
    """Return everybody about whom the import added or changed something."""
    changed = select(ImportChange.target_id).where(
        ImportChange.import_id == import_id,
        ImportChange.kind == "volunteers",
        ImportChange.state.in_(("done", "waiting")),
    )
    owners = (ServiceRecord.volunteer_id, Membership.volunteer_id, Volunteer.id)
    queries = (select(owner).where(owner.class_.import_id == import_id) for owner in owners)
    found = {id_ for query in (changed, *queries) for id_ in db.session.scalars(query.distinct())}
    # Opening balances stay with their former entry, but concern the kept one.
    queries = (select(t.volunteer_id).where(t.import_id == import_id) for t in TABLES)
    then = {id_ for query in queries for id_ in db.session.scalars(query.distinct())}
    return found | set(merged_entries.heirs(then).values())
