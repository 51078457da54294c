"""Uploads of workbooks that resume after a lost connection, over the API (tus 1.0.0)."""

from typing import Any

from flask import Response, current_app, request, url_for

from volunteer_service import clock
from volunteer_service.api.imports.shapes import ImportDetailOut
from volunteer_service.api.imports.upload_shapes import UploadedIn
from volunteer_service.api.imports.views import bp, shown_import
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.workbooks import background_steps, receiving
from volunteer_service.workbooks.handing_in import same_files, tus_headers, uploads


@bp.post("/imports/uploads")
@guarded("write")
@bp.response(201)
def begin_upload() -> Response:
    """Create an upload of one file: `Upload-Length`, and `Upload-Metadata` with `filename`,
    `sha256`.
    """
    receiving.need_street(actor())
    said = tus_headers.announced(request.headers)
    found = uploads.begin_upload(
        said.name, said.length, sha256=said.sha256, by=actor(), at=clock.now()
    )
    place = url_for("api_imports.get_upload", key=found.key)
    return Response(status=201, headers=tus_headers.facts(found) | {"Location": place})


@bp.get("/imports/uploads/<key>")
@guarded("write")
@bp.response(204)
def get_upload(key: str) -> Response:
    """Return the progress of an upload, as `Upload-Offset` and `Upload-Length` of the answer."""
    return _so_far(uploads.upload_so_far(key, by=actor()))


@bp.patch("/imports/uploads/<key>")
@guarded("write")
@bp.response(204)
def add_piece(key: str) -> Response:
    """Add the next piece, of at most 96 kB, at `Upload-Offset`; `Upload-Checksum` is checked."""
    uploads.upload_so_far(key, by=actor())
    piece = request.get_data()
    tus_headers.check_piece(request.headers, piece)
    offset = tus_headers.number(request.headers, "Upload-Offset")
    return _so_far(uploads.add_piece(key, offset, piece, by=actor()))


@bp.delete("/imports/uploads/<key>")
@guarded("write")
@bp.response(204)
def drop_upload(key: str) -> None:
    """Delete the upload."""
    uploads.drop_upload(key, by=actor())


@bp.post("/imports/from-uploads")
@guarded("write")
@idempotent
@bp.arguments(UploadedIn)
@bp.response(202, ImportDetailOut)
def receive_uploads(body: dict[str, Any]) -> dict[str, Any]:
    """Hand in what was uploaded; the same files again return the existing import."""
    by, at = actor(), clock.now()
    with uploads.whole_uploads(body.pop("uploads"), by=by) as files:
        found = same_files.hand_in(files, **body, by=by, at=at)
    if found.is_to_read:
        background_steps.read(found.row.id, current_app.app_context, by=by, at=at)
    return shown_import(found.row.id)


@bp.post("/imports/<int:import_id>/read")
@guarded("write")
@idempotent
@bp.response(202, ImportDetailOut)
def read_again(import_id: int) -> dict[str, Any]:
    """Judge an import's files once more, where the reading was interrupted or gave a preview."""
    by, at = actor(), clock.now()
    same_files.read_again(import_id, by=by, at=at)
    background_steps.read(import_id, current_app.app_context, by=by, at=at)
    return shown_import(import_id)


def _so_far(found: uploads.Unfinished) -> Response:
    return Response(status=204, headers=tus_headers.facts(found))
