"""Undoing an applied import over the API: what it takes from people, and the second person."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.imports.change_shapes import ForecastOut
from volunteer_service.api.imports.shapes import ImportDetailOut
from volunteer_service.api.imports.views import bp, shown_import
from volunteer_service.api.shared import undo_shapes
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.workbooks import import_states
from volunteer_service.workbooks.taking_back import undo_approval, undo_forecasts, undoing


@bp.get("/imports/<int:import_id>/undo")
@guarded("read")
@bp.response(200, ForecastOut)
def foretell(import_id: int) -> dict[str, Any]:
    """Return what undoing an applied import would take from whom, what stands in its way, and
    whether it needs two people.
    """
    at = clock.now()
    found = undo_forecasts.forecast(import_id, by=actor(), at=at)
    row = import_states.allowed(import_id, actor())
    told = undo_shapes.told(undo_approval.standing(row, by=actor(), at=at))
    blockers = undoing.blockers(import_id) if row.state == "applied" else {}
    if blockers:
        told["may"] = [verb for verb in told["may"] if verb not in ("ask", "undo")]
    return vars(found) | told | {"blockers": dict(blockers)}


@bp.post("/imports/<int:import_id>/undo")
@guarded("write")
@idempotent
@bp.response(200, ImportDetailOut)
def undo(import_id: int) -> dict[str, Any]:
    """Take an applied import back whole: alone, or as the second person whom another asked."""
    undoing.undo(import_id, by=actor(), at=clock.now())
    return shown_import(import_id)


@bp.post("/imports/<int:import_id>/undo/ask")
@guarded("write")
@idempotent
@bp.arguments(undo_shapes.UndoReasonIn)
@bp.response(200, ImportDetailOut)
def ask_undo(body: dict[str, Any], import_id: int) -> dict[str, Any]:
    """Ask a second person to undo an applied import, where one is not enough."""
    undo_approval.ask_undo(import_id, **body, by=actor(), at=clock.now())
    return shown_import(import_id)


@bp.post("/imports/<int:import_id>/undo/withdraw")
@guarded("write")
@idempotent
@bp.response(200, ImportDetailOut)
def withdraw_undo(import_id: int) -> dict[str, Any]:
    """Take back one's own request; the import stands."""
    undo_approval.withdraw_undo(import_id, by=actor(), at=clock.now())
    return shown_import(import_id)


@bp.post("/imports/<int:import_id>/undo/refuse")
@guarded("write")
@idempotent
@bp.arguments(undo_shapes.UndoAnswerIn)
@bp.response(200, ImportDetailOut)
def refuse_undo(body: dict[str, Any], import_id: int) -> dict[str, Any]:
    """Refuse the undo as the second person, and say why."""
    undo_approval.refuse_undo(import_id, **body, by=actor(), at=clock.now())
    return shown_import(import_id)
