"""Photos of an event: leaders add them with people's consent, and people on them take them down.

Anybody who is signed in and sees the event sees them. A photo that is taken down is erased; if
somebody on it did that, the same photo cannot be added again.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from volunteer_service import journal, settings
from volunteer_service.bounds import one_of
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound, SignInNeeded
from volunteer_service.events import event_lists, event_teams, photo_refusals
from volunteer_service.events.models import Event
from volunteer_service.events.photo_models import CONSENTS, EventPhoto
from volunteer_service.paper.uploaded_pages import Page, Unreadable, thumbnail
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.people.personal_data import paper_refusals
from volunteer_service.visible_text import said

#: The most photos of one event, and the pixels of a thumbnail's longer side.
MOST, THUMB_SIDE = 30, 480


def need_adder(by: Actor) -> None:
    """Refuse an actor who leads no event, before any file is read."""
    if not any(rights.places(by, Right.EVENT_EDIT)):
        raise NotFound()


def readable(found: Sequence[Page] | Unreadable) -> Sequence[Page]:
    """Return the pictures made from the files; raise the refusal with its cure."""
    too_many = photo_refusals.TooManyPhotos(field="photo", most=MOST)
    return paper_refusals.readable(found, field="photo", too_many=too_many)


@said("caption")
def add_photos(
    event_id: int,
    pages: Sequence[Page],
    *,
    consent: str,
    caption: str | None = None,
    by: Actor,
    at: datetime,
) -> Sequence[EventPhoto]:
    """Add photos to an event that began, as a leader who says how its people agree.

    ``consent`` says that everybody on them was asked and agrees, or that nobody can be recognised.
    The same photo twice is one.
    """
    event = fetch(Event, event_id, lock=True)
    event_teams.need(by, Right.EVENT_EDIT, event)
    if by.account_id is None:
        raise SignInNeeded()
    one_of(consent, CONSENTS, "consent")
    if event.state not in ("published", "closed") or at < event.starts_at:
        raise photo_refusals.NoPhotosYet()
    if not pages:
        raise paper_refusals.PaperBroken(field="photo")
    for page in pages:
        sha256 = hashlib.sha256(page.jpeg).hexdigest()
        row = _known(event.id, sha256) or EventPhoto(event_id=event.id, sha256=sha256)
        if row.is_refused:
            raise photo_refusals.PhotoRefused(field="photo")
        row.jpeg, row.thumb = page.jpeg, thumbnail(page.jpeg, THUMB_SIDE)
        row.width, row.height = page.width, page.height
        row.caption, row.consent, row.taken_down_at = caption, consent, None
        row.added_at, row.added_by_id = at, by.account_id
        db.session.add(row)
        db.session.flush()
    standing = select(func.count(EventPhoto.id)).where(
        EventPhoto.event_id == event.id, EventPhoto.taken_down_at.is_(None)
    )
    if (db.session.scalar(standing) or 0) > MOST:
        raise photo_refusals.TooManyPhotos(field="photo", most=MOST)
    _record("add_photos", event, by, at, photos=len(pages), consent=consent)
    return of_event(event)


def take_photo_down(photo_id: int, *, shows_me: bool, by: Actor, at: datetime) -> EventPhoto:
    """Take a photo down and erase it, as a leader of the event or as somebody whom it shows.

    A person who says that it shows them is believed, because only they can judge their face; the
    leader is told that somebody on it does not agree, but not who.
    """
    row = _seen(photo_id, by)
    event = fetch(Event, row.event_id, lock=True)
    db.session.refresh(row)
    if row.taken_down_at is not None:
        raise NotFound()
    if not shows_me:
        event_teams.need(by, Right.EVENT_EDIT, event)
    row.jpeg = row.thumb = None
    row.taken_down_at, row.is_refused = at, shows_me
    _record("take_photo_down", event, by, at, photo=row.id, shows_me=shows_me)
    if shows_me and event.leader_id != by.account_id:
        day = settings.local_day(event.starts_at).isoformat()
        facts = {"event": event.id, "title": event.title, "day": day}
        messages.tell_account(event.leader_id, "photo_taken_down", at=at, **facts)
    return row


def listed(event_id: int, *, by: Actor) -> Sequence[EventPhoto]:
    """Return the photos of an event that the actor sees, without their pictures, oldest first."""
    if by.account_id is None:
        raise SignInNeeded()
    return of_event(event_lists.seen_by(event_id, by))


def of_event(event: Event) -> Sequence[EventPhoto]:
    """Return the photos that stand, without their pictures, oldest first."""
    query = select(EventPhoto).where(
        EventPhoto.event_id == event.id, EventPhoto.taken_down_at.is_(None)
    )
    return db.session.scalars(query.order_by(EventPhoto.id)).all()


def picture(photo_id: int, *, is_small: bool, by: Actor) -> bytes:
    """Return the photo or its thumbnail as JPEG."""
    row = _seen(photo_id, by)
    found = row.thumb if is_small else row.jpeg
    if found is None:
        raise NotFound()
    return found


def _seen(photo_id: int, by: Actor) -> EventPhoto:
    row = fetch(EventPhoto, photo_id)
    if by.account_id is None or row.taken_down_at is not None:
        raise NotFound()
    event_lists.seen_by(row.event_id, by)
    return row


def _known(event_id: int, sha256: str) -> EventPhoto | None:
    query = select(EventPhoto).where(EventPhoto.event_id == event_id, EventPhoto.sha256 == sha256)
    return db.session.scalars(query).one_or_none()


def _record(verb: str, event: Event, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(f"events.{verb}", event, account_id=by.account_id, door=by.door, at=at, **facts)
    db.session.flush()
