"""Photos of claims over the API."""

from collections.abc import Sequence
from typing import Any

from flask import Response
from flask_smorest.fields import Upload
from marshmallow import EXCLUDE, Schema, fields, validate

from volunteer_service import clock
from volunteer_service.api.records.shapes import PaperOut
from volunteer_service.api.records.views import bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.attendance.claim_photo_models import ClaimPhoto
from volunteer_service.attendance.records import claim_photos
from volunteer_service.request_bodies import papers, takes_papers


class ClaimPhotosIn(Schema):
    """A multipart body with one part named ``photo`` for each picture."""

    class Meta:
        unknown = EXCLUDE

    photo = fields.List(Upload(), required=True, validate=validate.Length(1, claim_photos.MOST))


@bp.get("/records/<int:record_id>/claim-photos")
@guarded("read")
@bp.response(200, PaperOut(many=True))
def list_claim_photos(record_id: int) -> Sequence[ClaimPhoto]:
    """List the photos of a claim; each picture is an operation of its own."""
    return claim_photos.claim_photos_of(record_id, by=actor())


@bp.post("/records/<int:record_id>/claim-photos")
@takes_papers(claim_photos.need_claimant)
@guarded("write")
@bp.arguments(ClaimPhotosIn, location="files")
@bp.response(201, PaperOut(many=True))
def add_claim_photos(_files: dict[str, Any], record_id: int) -> Sequence[ClaimPhoto]:
    """Add photos (JPEG, PNG) to one's own claim while it waits; the same photo twice is one."""
    found = claim_photos.readable(papers())
    return claim_photos.add_claim_photos(record_id, found, by=actor(), at=clock.now())


@bp.get("/claim-photos/<int:claim_photo_id>")
@guarded("read")
@bp.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def get_claim_photo(claim_photo_id: int) -> Response:
    """Return one photo of a claim as JPEG; an auditor's look is logged."""
    jpeg = claim_photos.claim_photo(claim_photo_id, by=actor(), at=clock.now())
    return Response(jpeg, mimetype="image/jpeg")
