"""Uploads of workbooks that resume after a lost connection, for the page's script (tus 1.0.0).

A refusal is answered as a sentence in plain text, which the script shows beside the form.
"""

from collections.abc import Callable

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from volunteer_service import clock
from volunteer_service.errors import Refused
from volunteer_service.monitoring import logs
from volunteer_service.web.imports.views import bp
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import refusal
from volunteer_service.workbooks.handing_in import tus_headers, uploads


@bp.post("/imports/uploads")
@staff("coordinator")
def begin_upload() -> ResponseReturnValue:
    """Create an upload of one file."""

    def work() -> Response:
        said, by, at = tus_headers.announced(request.headers), actor(), clock.now()
        found = uploads.begin_upload(said.name, said.length, sha256=said.sha256, by=by, at=at)
        place = url_for("imports.upload", key=found.key)
        return Response(status=201, headers=tus_headers.facts(found) | {"Location": place})

    return _plain(work)


@bp.get("/imports/uploads/<key>")
@staff("coordinator")
def upload(key: str) -> ResponseReturnValue:
    """Return the progress of an upload, in header fields."""
    return _plain(lambda: _so_far(uploads.upload_so_far(key, by=actor())))


@bp.patch("/imports/uploads/<key>")
@staff("coordinator")
def add_piece(key: str) -> ResponseReturnValue:
    """Add the next piece."""

    def work() -> Response:
        uploads.upload_so_far(key, by=actor())
        piece = request.get_data()
        tus_headers.check_piece(request.headers, piece)
        offset = tus_headers.number(request.headers, "Upload-Offset")
        return _so_far(uploads.add_piece(key, offset, piece, by=actor()))

    return _plain(work)


@bp.delete("/imports/uploads/<key>")
@staff("coordinator")
def drop_upload(key: str) -> ResponseReturnValue:
    """Delete the upload."""

    def work() -> Response:
        uploads.drop_upload(key, by=actor())
        return Response(status=204, headers={"Tus-Resumable": tus_headers.VERSION})

    return _plain(work)


def _so_far(found: uploads.Unfinished) -> Response:
    return Response(status=204, headers=tus_headers.facts(found))


def _plain(work: Callable[[], Response]) -> Response:
    try:
        return work()
    except Refused as refused:
        logs.refused(refused.code())
        headers = {"Tus-Resumable": tus_headers.VERSION}
        return Response(refusal(refused), refused.status, headers, mimetype="text/plain")
