"""Rows of a person's history: old value, new value, reason and actor."""

from datetime import datetime

from volunteer_service.db import db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import person_values
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_values import Value
from volunteer_service.people.models import Volunteer


def keep_done(
    volunteer: Volunteer,
    field: str,
    *,
    was: Value | None,
    now: Value | None,
    reason: str,
    by: Actor,
    at: datetime,
) -> PersonChange:
    """Record in this history what another verb changed."""
    row = new_row(volunteer, field, was, now, reason, by, at)
    row.state, row.decided_at = "done", at
    db.session.add(row)
    db.session.flush()
    return row


def new_row(
    volunteer: Volunteer,
    field: str,
    was: Value | None,
    now: Value | None,
    reason: str,
    by: Actor,
    at: datetime,
) -> PersonChange:
    """Build a change with old and new value as stored; it is not added to the session yet."""
    return PersonChange(
        volunteer_id=volunteer.id,
        field=field,
        format=person_values.format_of(field),
        was=person_values.written(was),
        now=person_values.written(now),
        reason=reason,
        asked_at=at,
        asked_by_id=by.account_id,
        area_id=now["area"] if field == "home" and now else None,
    )
