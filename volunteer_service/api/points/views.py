"""Points over the API: standing, statement, corrections."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.points.shapes import (
    AdjustIn,
    AdjustmentDecisionIn,
    AdjustmentOut,
    OutstandingOut,
    PointsStandingOut,
    ReversalIn,
    ReversalOut,
    StatementLineOut,
    StatementPageQuery,
)
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.api.shared.shapes import page_of
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.scoring.points import adjustments, balances, reversals
from volunteer_service.scoring.rewards import catalogue

bp = Blueprint("api_points", __name__, url_prefix="", description="Points")


@bp.get("/points/<int:volunteer_id>")
@guarded("read")
@bp.response(200, PointsStandingOut)
def standing(volunteer_id: int) -> Any:
    """Return what a volunteer has: available, waiting, held, owed, ending."""
    person = balances.need_sight(volunteer_id, by=actor())
    audit_looks.opened(person, "points", by=actor(), at=clock.now())
    return catalogue.purse(volunteer_id, at=clock.now())


@bp.get("/points/<int:volunteer_id>/statement")
@guarded("read")
@bp.arguments(StatementPageQuery, location="query")
@bp.response(200, page_of(StatementLineOut))
def statement(query: dict[str, Any], volunteer_id: int) -> Any:
    """List the transfers of a volunteer, newest first, each with the balance after it."""
    person = balances.need_sight(volunteer_id, by=actor())
    audit_looks.opened(person, "points", by=actor(), at=clock.now())
    return balances.statement(volunteer_id, **query)


@bp.post("/points/<int:volunteer_id>/adjustments")
@guarded("write")
@idempotent
@bp.arguments(AdjustIn)
@bp.response(201, AdjustmentOut)
def adjust(body: dict[str, Any], volunteer_id: int) -> Any:
    """Correct points by hand; above the policy's limits (sums too) a second person must agree."""
    amount, reason = body["amount_centi"], body["reason"]
    return adjustments.adjust(volunteer_id, amount, reason, by=actor(), at=clock.now())


@bp.post("/points/adjustments/<int:adjustment_id>/decision")
@guarded("write")
@idempotent
@bp.arguments(AdjustmentDecisionIn)
@bp.response(200, AdjustmentOut)
def decide(body: dict[str, Any], adjustment_id: int) -> Any:
    """Approve or refuse a waiting adjustment."""
    return adjustments.decide_adjustment(
        adjustment_id, approve=body["approve"], by=actor(), at=clock.now()
    )


@bp.get("/points/transfers/<int:transfer_id>/reversal")
@guarded("read")
@bp.response(200, ReversalOut)
def reversal(transfer_id: int) -> Any:
    """Return what taking this back would do now."""
    return reversals.effect_of(transfer_id, by=actor(), at=clock.now())


@bp.post("/points/transfers/<int:transfer_id>/reversal")
@guarded("write")
@idempotent
@bp.arguments(ReversalIn)
@bp.response(201, ReversalOut)
def reverse(body: dict[str, Any], transfer_id: int) -> Any:
    """Take an earning back; what is spent already becomes a debt."""
    return reversals.reverse(transfer_id, body["reason"], by=actor(), at=clock.now())


@bp.get("/points/outstanding")
@guarded("read")
@bp.response(200, OutstandingOut(many=True))
def outstanding() -> Any:
    """Return the unspent points of the caller's places by their last valid day."""
    rows = balances.outstanding(by=actor())
    return [{"last_day": day, "centi": centi, "members": n} for day, centi, n in rows]
