"""Photos of events and of claims, for tests."""

from tests.make import Cast
from volunteer_service import clock
from volunteer_service.attendance.claim_photo_models import ClaimPhoto
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.events.models import Event
from volunteer_service.events.photo_models import EventPhoto


def of_event(event: Event, cast: Cast) -> int:
    """The id of a photo that the leader added."""
    row = EventPhoto(
        event_id=event.id,
        jpeg=b"\xff\xd8 a photo",
        thumb=b"\xff\xd8 a thumbnail",
        sha256="0" * 64,
        width=800,
        height=600,
        consent="asked",
        added_at=clock.now(),
        added_by_id=cast.li_mei.id,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def of_claim(record: ServiceRecord) -> int:
    """The id of a photo that stands beside a record, as the photo of a claim does."""
    row = ClaimPhoto(
        record_id=record.id,
        jpeg=b"\xff\xd8 a photo",
        sha256="0" * 64,
        width=800,
        height=600,
        added_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id
