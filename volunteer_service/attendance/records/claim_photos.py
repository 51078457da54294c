"""Photos that go with a claim «I was there»: the volunteer adds them while it waits.

The volunteer and the people who may see the record see them; an auditor's look is logged. Taking
the claim back erases them.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from volunteer_service import journal
from volunteer_service.attendance import refusals
from volunteer_service.attendance.claim_photo_models import ClaimPhoto
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import claim_refusals, record_deciders
from volunteer_service.db import db, fetch, insert_new
from volunteer_service.errors import NotFound
from volunteer_service.paper.uploaded_pages import Page, Unreadable
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.personal_data import audit_looks, paper_refusals

#: Most photos of one claim.
MOST = 3


def need_claimant(by: Actor) -> None:
    """Refuse an actor who is not a volunteer, before any file is read."""
    if by.volunteer_id is None:
        raise NotFound()


def readable(found: Sequence[Page] | Unreadable) -> Sequence[Page]:
    """Return the pictures made from the files; raise the refusal with its cure."""
    too_many = claim_refusals.TooManyClaimPhotos(field="photo", most=MOST)
    return paper_refusals.readable(found, field="photo", too_many=too_many)


def add_claim_photos(
    record_id: int, pages: Sequence[Page], *, by: Actor, at: datetime
) -> Sequence[ClaimPhoto]:
    """Add photos to one's own claim while it waits; the same photo twice is one."""
    record = fetch(ServiceRecord, record_id, lock=True)
    if record.source_type != "claim" or by.volunteer_id != record.volunteer_id:
        raise NotFound()
    if record.state != "waiting":
        raise refusals.RecordNotWaiting()
    if not pages:
        raise paper_refusals.PaperBroken(field="photo")
    keep(record, pages, at=at)
    journal.record(
        "attendance.add_claim_photos",
        record,
        account_id=by.account_id,
        door=by.door,
        at=at,
        photos=len(pages),
    )
    return of_claim(record.id)


def keep(record: ServiceRecord, pages: Sequence[Page], *, at: datetime) -> None:
    """Keep pictures with a claim; the caller has checked the rights."""
    for page in pages:
        values = {
            "record_id": record.id,
            "jpeg": page.jpeg,
            "sha256": hashlib.sha256(page.jpeg).hexdigest(),
            "width": page.width,
            "height": page.height,
            "added_at": at,
        }
        db.session.execute(insert_new(ClaimPhoto).values(values).on_conflict_do_nothing())
    count = select(func.count(ClaimPhoto.id)).where(ClaimPhoto.record_id == record.id)
    if (db.session.scalar(count) or 0) > MOST:
        raise claim_refusals.TooManyClaimPhotos(field="photo", most=MOST)


def erase(record: ServiceRecord) -> None:
    """Erase the photos of a claim that was taken back."""
    db.session.execute(delete(ClaimPhoto).where(ClaimPhoto.record_id == record.id))


def of_claim(record_id: int) -> Sequence[ClaimPhoto]:
    """Return the photos of a claim in order of arrival, without their pictures."""
    query = select(ClaimPhoto).where(ClaimPhoto.record_id == record_id)
    return db.session.scalars(query.order_by(ClaimPhoto.id)).all()


def claim_photos_of(record_id: int, *, by: Actor) -> Sequence[ClaimPhoto]:
    """Return the photos of a claim for an actor who may see its record."""
    _need_seen(fetch(ServiceRecord, record_id), by)
    return of_claim(record_id)


def claim_photo(photo_id: int, *, by: Actor, at: datetime) -> bytes:
    """Return one photo as JPEG, for an actor who may see the record."""
    row = fetch(ClaimPhoto, photo_id)
    _need_seen(row.record, by)
    audit_looks.opened(row.record.volunteer, "record", by=by, at=at)
    return row.jpeg


def _need_seen(record: ServiceRecord, by: Actor) -> None:
    if by.volunteer_id is None or by.volunteer_id != record.volunteer_id:
        record_deciders.need(by, Right.RECORD_SEE, record)
