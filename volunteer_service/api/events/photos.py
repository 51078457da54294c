"""Photos of events over the API."""

from collections.abc import Sequence
from typing import Any

from flask import Response
from flask_smorest.fields import Upload
from marshmallow import EXCLUDE, Schema, fields, validate

from volunteer_service import clock
from volunteer_service.api.events.views import bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.shapes import In, Instant
from volunteer_service.events import event_photos
from volunteer_service.events.photo_models import CONSENTS, EventPhoto
from volunteer_service.paper.uploaded_pages import MOST_PAGES
from volunteer_service.request_bodies import papers, takes_papers


class PhotosIn(Schema):
    """A multipart body with one part named ``photo`` for each picture."""

    class Meta:
        unknown = EXCLUDE

    photo = fields.List(Upload(), required=True, validate=validate.Length(1, MOST_PAGES))


class PhotoWordsIn(In):
    """The words about them."""

    consent = fields.String(
        required=True,
        validate=validate.OneOf(CONSENTS),
        metadata={"description": "asked: all who can be recognised agree; nobody: nobody can be."},
    )
    caption = fields.String(load_default=None, validate=validate.Length(max=80))


class TakeDownIn(In):
    """Who takes it down: somebody on it, or a leader."""

    shows_me = fields.Boolean(load_default=False)


class PhotoOut(Schema):
    """A photo, without its picture."""

    id = fields.Integer(required=True)
    event_id = fields.Integer(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    caption = fields.String(required=True, allow_none=True)
    consent = fields.String(required=True, validate=validate.OneOf(CONSENTS))
    added_at = Instant(required=True)


@bp.get("/events/<int:event_id>/photos")
@guarded("read")
@bp.response(200, PhotoOut(many=True))
def list_photos(event_id: int) -> Sequence[EventPhoto]:
    """List the photos of an event that nobody took down."""
    return event_photos.listed(event_id, by=actor())


@bp.post("/events/<int:event_id>/photos")
@takes_papers(event_photos.need_adder)
@guarded("write")
@bp.arguments(PhotoWordsIn, location="query")
@bp.arguments(PhotosIn, location="files")
@bp.response(201, PhotoOut(many=True))
def add_photos(words: dict[str, Any], _files: dict[str, Any], event_id: int) -> Any:
    """Add photos (JPEG, PNG) as a leader; the same photo twice is one."""
    found = event_photos.readable(papers())
    return event_photos.add_photos(event_id, found, **words, by=actor(), at=clock.now())


@bp.get("/event-photos/<int:photo_id>")
@guarded("read")
@bp.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def get_photo(photo_id: int) -> Response:
    """Return one photo as JPEG."""
    jpeg = event_photos.picture(photo_id, is_small=False, by=actor())
    return Response(jpeg, mimetype="image/jpeg")


@bp.get("/event-photos/<int:photo_id>/small")
@guarded("read")
@bp.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def get_small_photo(photo_id: int) -> Response:
    """Return its thumbnail as JPEG."""
    jpeg = event_photos.picture(photo_id, is_small=True, by=actor())
    return Response(jpeg, mimetype="image/jpeg")


@bp.post("/event-photos/<int:photo_id>/take-down")
@guarded("write")
@bp.arguments(TakeDownIn)
@bp.response(204)
def take_photo_down(body: dict[str, Any], photo_id: int) -> None:
    """Take a photo down and erase it, as somebody whom it shows or as a leader of the event."""
    event_photos.take_photo_down(photo_id, **body, by=actor(), at=clock.now())
