"""Opening balances over the API: what was taken over for a person from an earlier system."""

from volunteer_service import clock
from volunteer_service.api.openings.shapes import TakenOverOut
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.openings import taken_over
from volunteer_service.people.personal_data import audit_looks

bp = Blueprint("api_openings", __name__, url_prefix="", description="Opening balances")


@bp.get("/volunteers/<int:volunteer_id>/openings")
@guarded("read")
@bp.response(200, TakenOverOut)
def of_person(volunteer_id: int) -> taken_over.TakenOver:
    """Return what was taken over for a volunteer, as it came in; an auditor's look is logged."""
    person = taken_over.need_sight(volunteer_id, by=actor())
    audit_looks.opened(person, "points", by=actor(), at=clock.now())
    return taken_over.of_person(volunteer_id)
