"""Events, posts, shifts and sign-ups over the API."""

from typing import Any

from flask import Response, jsonify

from volunteer_service import clock
from volunteer_service.api.events.shapes import (
    CancelIn,
    CodeOut,
    EventBoardOut,
    EventEditIn,
    EventIn,
    EventOut,
    EventQuery,
    PostIn,
    PostOut,
    RequirementsIn,
    ShiftIn,
    ShiftOut,
    SignUpIn,
    SignUpOut,
    SignUpQuery,
)
from volunteer_service.api.shared import etags
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.api.shared.shapes import page_of, place_in
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.events import cancelling, event_lists, planning, post_requirements, sign_ups
from volunteer_service.events.models import Event, Post, Shift, SignUp
from volunteer_service.events.planning import EventPlan
from volunteer_service.paging import Page

bp = Blueprint(
    "api_events", __name__, url_prefix="", description="Events, posts, shifts and sign-ups"
)


@bp.get("/events")
@guarded("read")
@bp.arguments(EventQuery, location="query")
@bp.response(200, page_of(EventOut))
def list_events(query: dict[str, Any]) -> Page[Event]:
    """List events by their beginning; drafts only for their leaders."""
    place = place_in(query)
    return event_lists.listing(actor(), event_lists.EventFilter(**query), **place)


@bp.post("/events")
@guarded("write")
@idempotent
@bp.arguments(EventIn)
@bp.response(201, EventOut)
def create_event(body: dict[str, Any]) -> Event:
    """Make a draft of a team's event."""
    team_id = body.pop("team_id")
    return planning.create(EventPlan(**body), team_id=team_id, by=actor(), at=clock.now())


@bp.get("/events/<int:event_id>")
@guarded("read")
@bp.response(200, EventBoardOut)
def get_event(event_id: int) -> Response:
    """Return one event with its posts and free places, and its ETag."""
    found = event_lists.board(event_id, actor())
    return etags.tag(jsonify(EventBoardOut().dump(found)), found.event.version)


@bp.put("/events/<int:event_id>")
@guarded("write")
@bp.arguments(EventEditIn)
@bp.response(200, EventOut)
def edit_event(body: dict[str, Any], event_id: int) -> Response:
    """Change an event; ``If-Match`` says which version was read."""
    version = etags.expected_version()
    event = planning.edit(event_id, EventPlan(**body), version=version, by=actor(), at=clock.now())
    return etags.tag(jsonify(EventOut().dump(event)), event.version)


@bp.post("/events/<int:event_id>/posts")
@guarded("write")
@idempotent
@bp.arguments(PostIn)
@bp.response(201, PostOut)
def add_post(body: dict[str, Any], event_id: int) -> Post:
    """Add a kind of work."""
    return planning.add_post(event_id, **body, by=actor(), at=clock.now())


@bp.put("/posts/<int:post_id>/requirements")
@guarded("write")
@bp.arguments(RequirementsIn)
@bp.response(200, PostOut)
def require_of_post(body: dict[str, Any], post_id: int) -> Post:
    """Set what a post asks of people (ages, star, skills) and how they are insured."""
    wanted = post_requirements.Requirements(**body)
    return post_requirements.require(post_id, wanted, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/shifts")
@guarded("write")
@idempotent
@bp.arguments(ShiftIn)
@bp.response(201, ShiftOut)
def add_shift(body: dict[str, Any], event_id: int) -> Shift:
    """Add a span of time that people sign up for."""
    return planning.add_shift(event_id, **body, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/publish")
@guarded("write")
@bp.response(200, EventOut)
def publish_event(event_id: int) -> Event:
    """Show a draft to everybody and open its sign-up."""
    return planning.publish(event_id, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/cancel")
@guarded("write")
@bp.arguments(CancelIn)
@bp.response(200, EventOut)
def cancel_event(body: dict[str, Any], event_id: int) -> Event:
    """Cancel an event; its sign-ups end with it."""
    return cancelling.cancel(event_id, **body, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/bring-back")
@guarded("write")
@bp.response(200, EventOut)
def bring_back_event(event_id: int) -> Event:
    """Take the cancellation back; the sign-ups return, and their people are told."""
    return cancelling.bring_back(event_id, by=actor(), at=clock.now())


@bp.get("/events/<int:event_id>/code")
@guarded("read")
@bp.response(200, CodeOut)
def get_code(event_id: int) -> dict[str, str]:
    """Return the poster's signed address, for those who may edit the event."""
    event = planning.led(event_id, by=actor())
    return {"url": event_codes.poster_url(event), "short_code": event_codes.short_code(event)}


@bp.get("/events/<int:event_id>/sign-ups")
@guarded("read")
@bp.arguments(SignUpQuery, location="query")
@bp.response(200, page_of(SignUpOut))
def list_sign_ups(query: dict[str, Any], event_id: int) -> Page[SignUp]:
    """List the sign-ups by shift and name; 404 for a caller who may not see the roster."""
    return event_lists.sign_ups(event_id, by=actor(), **query)


@bp.post("/sign-ups")
@guarded("write")
@idempotent
@bp.arguments(SignUpIn)
@bp.response(201, SignUpOut)
def sign_up(body: dict[str, Any]) -> SignUp:
    """Take a place, or wait for one when all are taken."""
    return sign_ups.sign_up(**body, by=actor(), at=clock.now())


@bp.post("/sign-ups/<int:sign_up_id>/withdraw")
@guarded("write")
@bp.response(200, SignUpOut)
def withdraw(sign_up_id: int) -> SignUp:
    """Give a place back; the first person on the waiting list gets it."""
    return sign_ups.withdraw(sign_up_id, by=actor(), at=clock.now())
