"""Answers about the sheets of an import over the API, and those that a street gave before."""

from typing import Any

from flask import current_app

from volunteer_service import clock
from volunteer_service.api.imports.shapes import ImportDetailOut
from volunteer_service.api.imports.sheet_shapes import (
    ImportPlacesIn,
    ImportRowsIn,
    ImportSheetIn,
    MeaningOut,
    MeaningsQuery,
    ProfileNameIn,
)
from volunteer_service.api.imports.views import bp, shown_import
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.api.shared.shapes import page_of
from volunteer_service.paging import Page
from volunteer_service.workbooks import background_steps
from volunteer_service.workbooks.asked_sheets import (
    asked_areas,
    asked_rows,
    sheet_answers,
    sheet_memory,
)
from volunteer_service.workbooks.models import SheetMeaning


@bp.post("/imports/<int:import_id>/sheets/<int:sheet_number>")
@guarded("write")
@idempotent
@bp.arguments(ImportSheetIn)
@bp.response(202, ImportDetailOut)
def answer_sheet(body: dict[str, Any], import_id: int, sheet_number: int) -> dict[str, Any]:
    """Set what a sheet of a preview is; the import is judged anew, and the answer is remembered."""
    at = clock.now()
    sheet_answers.answer(import_id, sheet_number, **body, by=actor(), at=at)
    background_steps.read(import_id, current_app.app_context, by=actor(), at=at)
    return shown_import(import_id)


@bp.post("/imports/<int:import_id>/rows")
@guarded("write")
@idempotent
@bp.arguments(ImportRowsIn)
@bp.response(202, ImportDetailOut)
def choose_rows(body: dict[str, Any], import_id: int) -> dict[str, Any]:
    """Set whether hidden or struck-through rows are taken; the import is judged anew."""
    at = clock.now()
    asked_rows.choose(import_id, **body, by=actor(), at=at)
    background_steps.read(import_id, current_app.app_context, by=actor(), at=at)
    return shown_import(import_id)


@bp.post("/imports/<int:import_id>/places")
@guarded("write")
@idempotent
@bp.arguments(ImportPlacesIn)
@bp.response(202, ImportDetailOut)
def choose_places(body: dict[str, Any], import_id: int) -> dict[str, Any]:
    """Set whether names of areas that look alike are one place; the import is judged anew."""
    at = clock.now()
    asked_areas.choose_places(import_id, **body, by=actor(), at=at)
    background_steps.read(import_id, current_app.app_context, by=actor(), at=at)
    return shown_import(import_id)


@bp.get("/imports/meanings")
@guarded("read")
@bp.arguments(MeaningsQuery, location="query")
@bp.response(200, page_of(MeaningOut))
def list_meanings(query: dict[str, Any]) -> Page[SheetMeaning]:
    """List what the caller's streets said about their sheets and columns, the newest first."""
    return sheet_memory.meanings(actor(), **query)


@bp.post("/imports/meanings/<int:meaning_id>/rename")
@guarded("write")
@idempotent
@bp.arguments(ProfileNameIn)
@bp.response(200, MeaningOut)
def rename_profile(body: dict[str, Any], meaning_id: int) -> SheetMeaning:
    """Give a profile another name."""
    return sheet_memory.rename_profile(meaning_id, **body, by=actor(), at=clock.now())


@bp.delete("/imports/meanings/<int:meaning_id>")
@guarded("write")
@bp.response(204)
def forget_meaning(meaning_id: int) -> None:
    """Forget one answer; the next file asks for it again."""
    sheet_memory.forget(meaning_id, by=actor(), at=clock.now())
