"""Two entries of one person over the API: compare, merge, decide, undo."""

from collections.abc import Sequence
from typing import Any

from volunteer_service import clock
from volunteer_service.api.merging import shapes
from volunteer_service.api.shared import undo_shapes
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.merging import preview, steps, undoing
from volunteer_service.people.changes.change_models import Merging

bp = Blueprint("api_merging", __name__, url_prefix="", description="Two entries of one person")


@bp.get("/mergings")
@guarded("read")
@bp.response(200, shapes.MergingsOut)
def list_mergings() -> dict[str, Sequence[Merging]]:
    """List the mergings that wait for a second person in the caller's places."""
    return {"items": preview.waiting(by=actor())}


@bp.get("/mergings/preview")
@guarded("read")
@bp.arguments(shapes.PreviewQuery, location="query")
@bp.response(200, shapes.PreviewOut)
def preview_merging(query: dict[str, Any]) -> preview.Preview:
    """Return both entries, what would move, who must agree and what is in the way."""
    return preview.preview(**query, by=actor(), at=clock.now())


@bp.post("/mergings")
@guarded("write")
@idempotent
@bp.arguments(shapes.MergingIn)
@bp.response(201, shapes.MergingOut)
def merge(body: dict[str, Any]) -> Merging:
    """Merge an entry into another one, at once or after a second person agreed."""
    return steps.merge(**body, by=actor(), at=clock.now())


@bp.get("/mergings/<int:merging_id>")
@guarded("read")
@bp.response(200, shapes.MergingOut)
def show_merging(merging_id: int) -> Merging:
    """Return one merging, for somebody who may change both entries."""
    return preview.merging(merging_id, by=actor())


@bp.post("/mergings/<int:merging_id>/decide")
@guarded("write")
@idempotent
@bp.arguments(shapes.MergingDecisionIn)
@bp.response(200, shapes.MergingOut)
def decide_merging(body: dict[str, Any], merging_id: int) -> Merging:
    """Agree as the second person, or say why not."""
    return steps.decide_merging(merging_id, **body, by=actor(), at=clock.now())


@bp.post("/mergings/<int:merging_id>/undo")
@guarded("write")
@idempotent
@bp.arguments(shapes.MergingUndoIn)
@bp.response(200, shapes.MergingOut)
def undo_merging(body: dict[str, Any], merging_id: int) -> Merging:
    """Take a merging back within the policy's days: alone, or as the second person asked."""
    return undoing.undo_merging(merging_id, **body, by=actor(), at=clock.now())


@bp.get("/mergings/<int:merging_id>/undo")
@guarded("read")
@bp.response(200, undo_shapes.UndoStandingOut)
def undo_standing(merging_id: int) -> dict[str, Any]:
    """Tell whether undoing it takes two people, and what the caller may do about it."""
    row = preview.merging(merging_id, by=actor())
    return undo_shapes.told(undoing.standing(row, by=actor(), at=clock.now()))


@bp.post("/mergings/<int:merging_id>/undo/ask")
@guarded("write")
@idempotent
@bp.arguments(undo_shapes.UndoReasonIn)
@bp.response(200, shapes.MergingOut)
def ask_undo_of_merging(body: dict[str, Any], merging_id: int) -> Merging:
    """Ask a second person to undo a merging that two agreed."""
    return undoing.ask_undo(merging_id, **body, by=actor(), at=clock.now())


@bp.post("/mergings/<int:merging_id>/undo/withdraw")
@guarded("write")
@idempotent
@bp.response(200, shapes.MergingOut)
def withdraw_undo_of_merging(merging_id: int) -> Merging:
    """Take back one's own request; the merging stands."""
    return undoing.withdraw_undo(merging_id, by=actor(), at=clock.now())


@bp.post("/mergings/<int:merging_id>/undo/refuse")
@guarded("write")
@idempotent
@bp.arguments(undo_shapes.UndoAnswerIn)
@bp.response(200, shapes.MergingOut)
def refuse_undo_of_merging(body: dict[str, Any], merging_id: int) -> Merging:
    """Refuse the undo as the second person, and say why."""
    return undoing.refuse_undo(merging_id, **body, by=actor(), at=clock.now())
