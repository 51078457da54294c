"""Exports of lists over the API: begin, ask for progress, download, cancel."""

from typing import Any

from flask import Response, request, send_file

from volunteer_service import clock
from volunteer_service.api.lists.blueprint import bp
from volunteer_service.api.lists.shapes import ExportIn, ExportOut
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.lists import asking, registry
from volunteer_service.lists.exports import kept_exports, writing_exports
from volunteer_service.lists.exports.export_models import ListExport
from volunteer_service.lists.spreadsheets import KINDS


@bp.post("/lists/<list_name>/exports")
@guarded("write")
@idempotent
@bp.arguments(ExportIn)
@bp.response(202, ExportOut)
def begin_export(body: dict[str, Any], list_name: str) -> ListExport:
    """Begin to write a whole list to a file; filters, `sort` and `col` are parameters as of
    `GET /lists/{list_name}`.
    """
    declared, by = registry.open_to(list_name, by=actor()), actor()
    args = request.args.to_dict()
    asked = asking.read(declared, args, request.args.getlist("col"), by=by)
    row = kept_exports.begin(asked, body["kind"], args, by=by, at=clock.now())
    writing_exports.go(row, by=by)
    return row


@bp.get("/lists/exports/<int:export_id>")
@guarded("read")
@bp.response(200, ExportOut)
def get_export(export_id: int) -> ListExport:
    """Return the progress of one's own export."""
    return kept_exports.of(export_id, by=actor())


@bp.get("/lists/exports/<int:export_id>/file")
@guarded("read")
@bp.response(200, content_type="application/octet-stream")
def get_export_file(export_id: int) -> Response:
    """Return the file, once the export is `done`."""
    row, path = kept_exports.file_of(export_id, by=actor(), at=clock.now())
    name = f"{row.list_name}.{row.kind}"
    return send_file(
        path, mimetype=KINDS[row.kind], as_attachment=True, download_name=name, max_age=0
    )


@bp.post("/lists/exports/<int:export_id>/cancel")
@guarded("write")
@bp.response(200, ExportOut)
def cancel_export(export_id: int) -> ListExport:
    """End an export or delete its file; nothing of it stays."""
    return kept_exports.cancel(export_id, by=actor(), at=clock.now())
