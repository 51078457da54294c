"""The rota of a week and swaps of its places over the API."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.events.shapes import SignUpOut
from volunteer_service.api.events.swap_shapes import (
    ArrangeSwapIn,
    RotaOut,
    RotaQuery,
    SwapIn,
    SwapOut,
    SwapsOut,
)
from volunteer_service.api.events.views import bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.events import event_lists, rota, swaps
from volunteer_service.events.models import SignUp
from volunteer_service.events.swap_models import Swap


@bp.get("/events/<int:event_id>/rota")
@guarded("read")
@bp.arguments(RotaQuery, location="query")
@bp.response(200, RotaOut)
def get_rota(query: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Return who serves where in a week of the event and its series, and how often."""
    week = rota.week(event_id, query.get("day"), by=actor())
    return {
        "days": week.days,
        "people": [_line(row, may_edit=week.may_edit) for row in week.people],
        "lacking": [
            {"on": on, "shift": shift, "post": shift.post.name, "free": free}
            for on, rows in week.lacking.items()
            for shift, free in rows
        ],
        "is_cut": week.is_cut,
    }


@bp.get("/events/<int:event_id>/swaps")
@guarded("read")
@bp.response(200, SwapsOut)
def list_swaps(event_id: int) -> dict[str, Any]:
    """List the open requests at an event that are one's own or that one may answer."""
    event_lists.seen_by(event_id, actor())
    return {"items": swaps.mine(event_id, by=actor(), at=clock.now())}


@bp.post("/sign-ups/<int:sign_up_id>/swaps")
@guarded("write")
@idempotent
@bp.arguments(SwapIn)
@bp.response(201, SwapOut)
def ask_swap(body: dict[str, Any], sign_up_id: int) -> Swap:
    """Ask another person to exchange places, or for a stand-in, as the holder of the place."""
    return swaps.ask_swap(sign_up_id, **body, by=actor(), at=clock.now())


@bp.post("/sign-ups/<int:sign_up_id>/arrange-swap")
@guarded("write")
@idempotent
@bp.arguments(ArrangeSwapIn)
@bp.response(200, SignUpOut)
def arrange_swap(body: dict[str, Any], sign_up_id: int) -> SignUp:
    """Exchange the places of two people as a leader who has spoken with both."""
    return swaps.arrange_swap(sign_up_id, **body, by=actor(), at=clock.now())


@bp.post("/swaps/<int:swap_id>/agree")
@guarded("write")
@bp.response(200, SwapOut)
def agree_to_swap(swap_id: int) -> Swap:
    """Agree to exchange places, or to stand in; the first who agrees has the place."""
    return swaps.agree_to_swap(swap_id, by=actor(), at=clock.now())


@bp.post("/swaps/<int:swap_id>/decline")
@guarded("write")
@bp.response(200, SwapOut)
def decline_swap(swap_id: int) -> Swap:
    """Decline to exchange places."""
    return swaps.decline_swap(swap_id, by=actor(), at=clock.now())


@bp.post("/swaps/<int:swap_id>/take-back")
@guarded("write")
@bp.response(200, SwapOut)
def take_swap_back(swap_id: int) -> Swap:
    """Take one's own request back."""
    return swaps.take_swap_back(swap_id, by=actor(), at=clock.now())


def _line(row: rota.RotaLine, *, may_edit: bool) -> dict[str, Any]:
    turns = [
        {"on": on, "sign_up_id": turn.sign_up_id, "shift": turn.shift, "post": turn.shift.post.name}
        for on, rows in sorted(row.by_day.items())
        for turn in rows
    ]
    named = row.volunteer_id if may_edit or row.is_own else None
    return {"volunteer_id": named, "name": row.name, "turns": row.turns, "week": turns}
