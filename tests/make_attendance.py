"""Presences and records for tests, with keyword defaults."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests import make
from volunteer_service.attendance.check_ins import check_in, event_codes
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.events.models import Event
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team


def scanning(volunteer: Volunteer) -> Actor:
    """The volunteer, phone in hand."""
    return Actor(None, volunteer.id, volunteer.name, "page")


def minute(n: int) -> datetime:
    """``n`` minutes after the morning event begins."""
    return make.MORNING + timedelta(minutes=n)


def scan(event: Event, volunteer: Volunteer, minute: int = 0, **fields: Any) -> Any:
    """A scan of the poster ``minute`` minutes after the event's beginning."""
    return check_in.scan(
        event_codes.token(event),
        scan_id=fields.pop("scan_id", uuid4().hex),
        by=scanning(volunteer),
        at=event.starts_at + timedelta(minutes=minute),
        **fields,
    )


def came(event: Event, volunteer: Volunteer, first: int = 0, last: int | None = 120) -> None:
    """In and out by code, in minutes after the beginning; ``last`` None: never checked out."""
    scan(event, volunteer, first)
    if last is not None:
        scan(event, volunteer, last)


def record(
    volunteer: Volunteer,
    *,
    team: Team,
    starts_at: datetime = make.MORNING,
    minutes: int = 120,
    state: str = "confirmed",
    **fields: Any,
) -> ServiceRecord:
    """A service record as an import leaves it."""
    row = ServiceRecord(
        volunteer_id=volunteer.id,
        team_id=team.id,
        event_name=fields.pop("event_name", "庆丰小学门前护学"),
        served_on=(starts_at + timedelta(hours=8)).date(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=max(minutes, 1)),
        place="庆丰小学东门",
        content="护送学生过马路",
        minutes=minutes,
        organising_unit=team.name,
        leader_name="李梅",
        recording_unit=team.recording_unit,
        recorder="李梅",
        grade=fields.pop("grade", "scanned"),
        state=state,
        policy_version=1,
        source_type=fields.pop("source_type", "import"),
        source_key=fields.pop("source_key", uuid4().hex),
        created_at=starts_at,
        **fields,
    )
    db.session.add(row)
    db.session.flush()
    return row
