"""What one was told, over the API."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.messages import shapes
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.shapes import page_of
from volunteer_service.paging import Page
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Message

bp = Blueprint("api_messages", __name__, url_prefix="", description="What one was told")


@bp.get("/messages")
@guarded("read")
@bp.arguments(shapes.MessageQuery, location="query")
@bp.response(200, page_of(shapes.MessageOut))
def list_messages(query: dict[str, Any]) -> Page[Message]:
    """One's own messages, newest first."""
    return messages.messages_of(actor(), **query)


@bp.post("/messages/read")
@guarded("write")
@bp.arguments(shapes.ReadIn)
@bp.response(200, shapes.UnreadOut)
def mark_read(body: dict[str, Any]) -> dict[str, int]:
    """Mark one's own messages up to this one as read."""
    messages.mark_read(body["up_to"], by=actor(), at=clock.now())
    return {"unread": messages.unread(actor())}
