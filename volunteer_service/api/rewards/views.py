"""Gifts, orders, stock and the desk's day over the API."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.rewards.shapes import (
    DayCloseIn,
    DayLineOut,
    DaySheetOut,
    DaySheetQuery,
    GiftEdit,
    GiftIn,
    GiftOut,
    GiftQuery,
    HandOverIn,
    OrderedOut,
    RedemptionIn,
    RedemptionOut,
    RedemptionQuery,
    ReturnIn,
    RunningDayQuery,
    StockMoveIn,
)
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.etags import expected_version
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.api.shared.shapes import page_of
from volunteer_service.paging import Page
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.rate_limits import pick_up_codes
from volunteer_service.scoring.ratings import results
from volunteer_service.scoring.rewards import catalogue, day_sheets, desk_days, desk_search, orders
from volunteer_service.scoring.rewards import gifts as rewards_gifts
from volunteer_service.scoring.rewards.models import Gift, Redemption

bp = Blueprint("api_rewards", __name__, url_prefix="", description="Gifts and orders")


@bp.get("/gifts")
@guarded("read")
@bp.arguments(GiftQuery, location="query")
@bp.response(200, page_of(GiftOut))
def gifts(query: dict[str, Any]) -> Page[Gift]:
    """List the gifts that the caller keeps, or else may order; cheapest first for a volunteer."""
    return catalogue.gifts(actor(), **query)


@bp.post("/gifts")
@guarded("desk")
@idempotent
@bp.arguments(GiftIn)
@bp.response(201, GiftOut)
def add_gift(body: dict[str, Any]) -> Any:
    """Offer a new gift, without stock."""
    return rewards_gifts.add_gift(body.pop("area_id"), **body, by=actor(), at=clock.now())


@bp.get("/gifts/<int:gift_id>")
@guarded("read")
@bp.response(200, GiftOut)
def gift(gift_id: int) -> Any:
    """Return one gift; its ETag is the version that an edit must send."""
    row = catalogue.gift_for(gift_id, by=actor())
    return row, 200, {"ETag": f'"{row.version}"'}


@bp.put("/gifts/<int:gift_id>")
@guarded("desk")
@bp.arguments(GiftEdit)
@bp.response(200, GiftOut)
def edit_gift(body: dict[str, Any], gift_id: int) -> Any:
    """Change what is offered; If-Match takes the version."""
    row = rewards_gifts.edit_gift(gift_id, expected_version(), **body, by=actor(), at=clock.now())
    return row, 200, {"ETag": f'"{row.version}"'}


@bp.post("/gifts/<int:gift_id>/stock-moves")
@guarded("desk")
@idempotent
@bp.arguments(StockMoveIn)
@bp.response(201, GiftOut)
def move_stock(body: dict[str, Any], gift_id: int) -> Any:
    """Receive, write off, or set to a count."""
    return rewards_gifts.move_stock(gift_id, **body, by=actor(), at=clock.now())


@bp.post("/redemptions")
@guarded("write")
@idempotent
@bp.arguments(RedemptionIn)
@bp.response(201, OrderedOut)
def order(body: dict[str, Any]) -> Any:
    """Order a gift: points and stock are reserved for 14 days."""
    who = body.pop("volunteer_id") or actor().volunteer_id or 0
    stars = results.latest_stars(who)
    row, code = orders.order(**body, volunteer_id=who, stars=stars, by=actor(), at=clock.now())
    return {"row": row, "code": code}


@bp.get("/redemptions")
@guarded("read")
@bp.arguments(RedemptionQuery, location="query")
@bp.response(200, page_of(RedemptionOut))
def redemptions(query: dict[str, Any]) -> Page[Redemption]:
    """List the caller's own orders, newest first; with ``code``, the order of that code at their
    desk.
    """
    if "code" in query:
        return Page([_by_code(query["code"])], None)
    return catalogue.orders(actor().volunteer_id or 0, **query)


@pick_up_codes(lambda: f"account:{actor().account_id}")
def _by_code(code: str) -> Redemption:
    return desk_search.find_by_code(code, by=actor())


@bp.get("/redemptions/<int:redemption_id>")
@guarded("read")
@bp.response(200, RedemptionOut)
def redemption(redemption_id: int) -> Any:
    """Return one order; an auditor's look is logged."""
    row = orders.seen(redemption_id, by=actor())
    audit_looks.opened(row.volunteer, "order", by=actor(), at=clock.now())
    return row


@bp.post("/redemptions/<int:redemption_id>/cancellation")
@guarded("write")
@idempotent
@bp.response(200, RedemptionOut)
def cancel(redemption_id: int) -> Any:
    """Cancel an order; points and stock are given back."""
    return orders.cancel(redemption_id, by=actor(), at=clock.now())


@bp.post("/redemptions/<int:redemption_id>/hand-over")
@guarded("desk")
@idempotent
@bp.arguments(HandOverIn)
@bp.response(200, RedemptionOut)
def hand_over(body: dict[str, Any], redemption_id: int) -> Any:
    """Hand the gift over, exactly once."""
    return orders.hand_over(redemption_id, **body, by=actor(), at=clock.now())


@bp.post("/redemptions/<int:redemption_id>/return")
@guarded("desk")
@idempotent
@bp.arguments(ReturnIn)
@bp.response(200, RedemptionOut)
def give_back(body: dict[str, Any], redemption_id: int) -> Any:
    """Undo a hand-over of today, as a second person."""
    return orders.return_same_day(redemption_id, body["reason"], by=actor(), at=clock.now())


@bp.get("/day-sheets/running")
@guarded("desk")
@bp.arguments(RunningDayQuery, location="query")
@bp.response(200, DayLineOut(many=True))
def running(query: dict[str, Any]) -> Any:
    """Return the running day of a desk."""
    return desk_days.day_of(query["area_id"], by=actor(), at=clock.now())


@bp.get("/day-sheets")
@guarded("read")
@bp.arguments(DaySheetQuery, location="query")
@bp.response(200, page_of(DaySheetOut))
def list_day_sheets(query: dict[str, Any]) -> Any:
    """List the closed days of the desks that the caller keeps or audits, newest first."""
    return day_sheets.listed(by=actor(), **query)


@bp.post("/day-sheets")
@guarded("desk")
@idempotent
@bp.arguments(DayCloseIn)
@bp.response(201, DaySheetOut)
def close_day(body: dict[str, Any]) -> Any:
    """Close the day with a count of every gift."""
    counts = {count["gift_id"]: count["counted"] for count in body["counts"]}
    return desk_days.close_day(body["area_id"], counts, by=actor(), at=clock.now())


@bp.get("/day-sheets/<int:sheet_id>")
@guarded("desk")
@bp.response(200, DaySheetOut)
def sheet(sheet_id: int) -> Any:
    """Return a closed day."""
    return desk_days.sheet(sheet_id, by=actor())
