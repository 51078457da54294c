"""Places offered to the waiting list over the API."""

from volunteer_service import clock
from volunteer_service.api.events.shapes import SignUpOut
from volunteer_service.api.events.views import bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.events import place_offers
from volunteer_service.events.models import SignUp


@bp.post("/sign-ups/<int:sign_up_id>/accept-offer")
@guarded("write")
@bp.response(200, SignUpOut)
def accept_offer(sign_up_id: int) -> SignUp:
    """Accept the place that is kept for oneself."""
    return place_offers.accept(sign_up_id, by=actor(), at=clock.now())


@bp.post("/sign-ups/<int:sign_up_id>/decline-offer")
@guarded("write")
@bp.response(200, SignUpOut)
def decline_offer(sign_up_id: int) -> SignUp:
    """Leave the place that is kept for oneself to the next person waiting."""
    return place_offers.decline(sign_up_id, by=actor(), at=clock.now())


@bp.post("/sign-ups/<int:sign_up_id>/give-place")
@guarded("write")
@bp.response(200, SignUpOut)
def give_place(sign_up_id: int) -> SignUp:
    """Give a free place to somebody of the waiting list, as a leader."""
    return place_offers.give(sign_up_id, by=actor(), at=clock.now())
