"""Imports over the API: hand workbooks in, preview, apply, undo."""

from io import BytesIO
from typing import Any

from flask import Response, current_app, send_file

from volunteer_service import clock
from volunteer_service.api.imports.change_shapes import (
    AgreedIn,
    AnswerIn,
    ImportChangeOut,
    ImportChangesQuery,
    shown_changes,
)
from volunteer_service.api.imports.shapes import (
    FilesIn,
    ImportDetailOut,
    ImportOut,
    ImportQuery,
    ImportsQuery,
    RefusedQuery,
    RefusedRowOut,
    shown,
    shown_whole,
)
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.api.shared.shapes import page_of
from volunteer_service.paging import Page
from volunteer_service.request_bodies import takes_files
from volunteer_service.workbooks import (
    agreed_changes,
    applying,
    approval,
    background_steps,
    import_overviews,
    import_states,
    receiving,
    refused_rows,
    stored_files,
)
from volunteer_service.workbooks.handing_in import same_files
from volunteer_service.workbooks.models import RefusedRow
from volunteer_service.workbooks.taking_back import undoing

bp = Blueprint("api_imports", __name__, url_prefix="", description="Workbooks in, and out again")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/imports")
@guarded("read")
@bp.arguments(ImportsQuery, location="query")
@bp.response(200, page_of(ImportOut))
def list_imports(query: dict[str, Any]) -> Page[Any]:
    """List the imports of the caller's sub-districts, newest first."""
    found = import_overviews.imports(actor(), **query)
    at = clock.now()
    return Page([shown(import_states.standing_of(row, at=at)) for row in found.items], found.next)


@bp.post("/imports")
@takes_files(receiving.need_street)
@guarded("write")
@bp.arguments(ImportQuery, location="query")
@bp.arguments(FilesIn, location="files")
@bp.response(202, ImportDetailOut)
def receive(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Hand workbooks in; they are read and judged, and nothing else is changed.

    The same files again return the existing import.
    """
    files = [stored_files.Upload(file.filename or "", file.stream) for file in body["files"]]
    at = clock.now()
    found = same_files.hand_in(files, **query, by=actor(), at=at)
    if found.is_to_read:
        background_steps.read(found.row.id, current_app.app_context, by=actor(), at=at)
    return shown_import(found.row.id)


@bp.get("/imports/<int:import_id>")
@guarded("read")
@bp.response(200, ImportDetailOut)
def get_import(import_id: int) -> dict[str, Any]:
    """Return the state of an import, its totals by person, and the progress of its running step."""
    return shown_import(import_id)


@bp.get("/imports/<int:import_id>/refused")
@guarded("read")
@bp.arguments(RefusedQuery, location="query")
@bp.response(200, page_of(RefusedRowOut))
def list_refused(query: dict[str, Any], import_id: int) -> Page[RefusedRow]:
    """List the rows that were not taken, each with its reason and likely cure."""
    return refused_rows.refused_rows(import_id, **query, by=actor())


@bp.get("/imports/<int:import_id>/refused.xlsx")
@guarded("read")
@bp.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
def refused_workbook(import_id: int) -> Response:
    """Return the refused rows in the workbook they came in, with the reason beside each."""
    out = BytesIO()
    refused_rows.refused_workbook(import_id, out, by=actor())
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name="refused.xlsx")


@bp.get("/imports/<int:import_id>/changes")
@guarded("read")
@bp.arguments(ImportChangesQuery, location="query")
@bp.response(200, page_of(ImportChangeOut))
def list_changes(query: dict[str, Any], import_id: int) -> Page[dict[str, Any]]:
    """List the values that differ from the stored ones, field by field, with numbers masked."""
    found = agreed_changes.changes(import_id, **query, by=actor())
    return Page(shown_changes(list(found.items)), found.next)


@bp.post("/imports/<int:import_id>/changes")
@guarded("write")
@idempotent
@bp.arguments(AgreedIn)
@bp.response(200, ImportDetailOut)
def agree(body: dict[str, Any], import_id: int) -> dict[str, Any]:
    """Agree to some of the changes and to no others, before the import is applied."""
    agreed_changes.agree(import_id, body["agreed"], of=body["of"], by=actor(), at=clock.now())
    return shown_import(import_id)


@bp.post("/imports/<int:import_id>/apply")
@guarded("write")
@idempotent
@bp.response(202, ImportDetailOut)
def apply(import_id: int) -> dict[str, Any]:
    """Begin to bring a previewed import in, where one person is enough (`why_two`)."""
    at = clock.now()
    applying.begin(import_id, by=actor(), at=at)
    background_steps.apply(import_id, current_app.app_context, by=actor(), at=at)
    return shown_import(import_id)


@bp.post("/imports/<int:import_id>/ask")
@guarded("write")
@idempotent
@bp.response(200, ImportDetailOut)
def ask(import_id: int) -> dict[str, Any]:
    """Ask a second person to look at one's preview and to bring it in."""
    approval.ask(import_id, by=actor(), at=clock.now())
    return shown_import(import_id)


@bp.post("/imports/<int:import_id>/withdraw")
@guarded("write")
@idempotent
@bp.response(200, ImportDetailOut)
def withdraw(import_id: int) -> dict[str, Any]:
    """Take back the request for approval; the import is a preview again."""
    approval.withdraw(import_id, by=actor(), at=clock.now())
    return shown_import(import_id)


@bp.post("/imports/<int:import_id>/approve")
@guarded("write")
@idempotent
@bp.response(202, ImportDetailOut)
def approve(import_id: int) -> dict[str, Any]:
    """Begin, as the second person, to apply what another asked for."""
    at = clock.now()
    applying.approve(import_id, by=actor(), at=at)
    background_steps.apply(import_id, current_app.app_context, by=actor(), at=at)
    return shown_import(import_id)


@bp.post("/imports/<int:import_id>/refuse")
@guarded("write")
@idempotent
@bp.arguments(AnswerIn)
@bp.response(200, ImportDetailOut)
def refuse(body: dict[str, Any], import_id: int) -> dict[str, Any]:
    """Refuse, as the second person, what another asked for, and say why."""
    approval.refuse(import_id, **body, by=actor(), at=clock.now())
    return shown_import(import_id)


@bp.delete("/imports/<int:import_id>")
@guarded("write")
@bp.response(204)
def discard(import_id: int) -> None:
    """Drop a hand-in that was not applied, with its files."""
    undoing.discard(import_id, by=actor(), at=clock.now())


def shown_import(import_id: int) -> dict[str, Any]:
    """Return one import as every call answers it."""
    return shown_whole(import_overviews.detail(import_id, by=actor(), at=clock.now()))
