"""Complaints about volunteers over the API: written down, told, answered, decided."""

from collections.abc import Sequence
from typing import Any

from volunteer_service import clock
from volunteer_service.api.complaints import shapes
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.attendance import complaints
from volunteer_service.attendance.models import Complaint

bp = Blueprint("api_complaints", __name__, url_prefix="", description="Complaints and replies")


@bp.get("/complaints")
@guarded("read")
@bp.arguments(shapes.ComplaintQuery, location="query")
@bp.response(200, shapes.ComplaintsOut)
def list_complaints(query: dict[str, Any]) -> dict[str, Sequence[Complaint]]:
    """List the complaints about oneself or, for staff of the home, about somebody else."""
    of = query.get("volunteer_id", actor().volunteer_id)
    return {"items": complaints.complaints_of(of or 0, by=actor())}


@bp.post("/complaints")
@guarded("write")
@idempotent
@bp.arguments(shapes.ComplaintIn)
@bp.response(201, shapes.ComplaintOut)
def complain(body: dict[str, Any]) -> Complaint:
    """Write down a complaint about a volunteer, who is told at once."""
    return complaints.complain(**body, by=actor(), at=clock.now())


@bp.post("/complaints/<int:complaint_id>/reply")
@guarded("write")
@idempotent
@bp.arguments(shapes.ReplyIn)
@bp.response(200, shapes.ComplaintOut)
def reply(body: dict[str, Any], complaint_id: int) -> Complaint:
    """Answer a complaint about oneself."""
    return complaints.reply(complaint_id, **body, by=actor(), at=clock.now())


@bp.post("/complaints/<int:complaint_id>/told")
@guarded("write")
@idempotent
@bp.response(200, shapes.ComplaintOut)
def told(complaint_id: int) -> Complaint:
    """Record that somebody without an account was told in person; their days to answer begin
    now.
    """
    return complaints.told_in_person(complaint_id, by=actor(), at=clock.now())


@bp.post("/complaints/<int:complaint_id>/noted-reply")
@guarded("write")
@idempotent
@bp.arguments(shapes.ReplyIn)
@bp.response(200, shapes.ComplaintOut)
def note_reply(body: dict[str, Any], complaint_id: int) -> Complaint:
    """Write down what the volunteer said in person; the deadline stays."""
    return complaints.note_reply(complaint_id, **body, by=actor(), at=clock.now())


@bp.post("/complaints/<int:complaint_id>/decide")
@guarded("write")
@idempotent
@bp.arguments(shapes.ComplaintDecisionIn)
@bp.response(200, shapes.ComplaintOut)
def decide_complaint(body: dict[str, Any], complaint_id: int) -> Complaint:
    """Uphold or dismiss a complaint, after its volunteer was heard, as a third person."""
    return complaints.decide_complaint(complaint_id, **body, by=actor(), at=clock.now())
