"""Changing an event that people signed up for, and a dry run of each change."""

from collections.abc import Callable
from typing import Any

from volunteer_service import clock
from volunteer_service.api.events.shapes import (
    EventChangedOut,
    EventChangeIn,
    EventChangeUndoIn,
    EventHandOverIn,
    EventOut,
    PartnerIn,
    PutOffIn,
    ServesIn,
    ShiftEditIn,
)
from volunteer_service.api.events.views import bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.events import change_undoing, rescheduling, serving_posts, sharing
from volunteer_service.events.models import Event
from volunteer_service.events.rescheduling import Changed


@bp.put("/shifts/<int:shift_id>")
@guarded("write")
@bp.arguments(ShiftEditIn)
@bp.response(200, EventChangedOut)
def edit_shift(body: dict[str, Any], shift_id: int) -> Changed:
    """Move, shorten or resize a shift; people who came keep their minutes."""
    return _changed(rescheduling.edit_shift, shift_id, body)


@bp.post("/shifts/<int:shift_id>/remove")
@guarded("write")
@idempotent
@bp.arguments(EventChangeIn)
@bp.response(200, EventChangedOut)
def remove_shift(body: dict[str, Any], shift_id: int) -> Changed:
    """Remove a shift while nobody has come to it; its sign-ups end."""
    return _changed(rescheduling.remove_shift, shift_id, body)


@bp.put("/posts/<int:post_id>/serves")
@guarded("write")
@bp.arguments(ServesIn)
@bp.response(200, EventChangedOut)
def change_serves(body: dict[str, Any], post_id: int) -> Changed:
    """Set whether a post serves; people who served keep their hours."""
    return _changed(serving_posts.change_serves, post_id, body)


@bp.post("/events/<int:event_id>/put-off")
@guarded("write")
@idempotent
@bp.arguments(PutOffIn)
@bp.response(200, EventChangedOut)
def put_off(body: dict[str, Any], event_id: int) -> Changed:
    """Move the whole event to another beginning while nobody has come."""
    return _changed(rescheduling.put_off, event_id, body)


@bp.post("/events/<int:event_id>/hand-over")
@guarded("write")
@idempotent
@bp.arguments(EventHandOverIn)
@bp.response(200, EventChangedOut)
def hand_over(body: dict[str, Any], event_id: int) -> Changed:
    """Give the event to another team, as somebody who plans events of both."""
    return _changed(rescheduling.hand_over, event_id, body)


@bp.post("/events/<int:event_id>/undo-change")
@guarded("write")
@idempotent
@bp.arguments(EventChangeUndoIn)
@bp.response(200, EventOut)
def undo_change(body: dict[str, Any], event_id: int) -> Event:
    """Take back the event's last change, on the same day and before what it moved begins."""
    return change_undoing.undo_change(event_id, **body, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/partners")
@guarded("write")
@idempotent
@bp.arguments(PartnerIn)
@bp.response(200, EventOut)
def share_event(body: dict[str, Any], event_id: int) -> Event:
    """Let another team of the street run the event too; its leaders are told."""
    return sharing.share(event_id, **body, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/partners/<int:team_id>/leave")
@guarded("write")
@bp.response(200, EventOut)
def stop_sharing_event(event_id: int, team_id: int) -> Event:
    """End a team's part in running the event, as a leader of that team or of the organising one."""
    return sharing.stop_sharing(event_id, team_id=team_id, by=actor(), at=clock.now())


def _changed(verb: Callable[..., Changed], id_: int, body: dict[str, Any]) -> Changed:
    is_dry = body.pop("dry_run")

    def act() -> Changed:
        return verb(id_, **body, by=actor(), at=clock.now())

    return rescheduling.preview(act) if is_dry else act()
