"""Messages to the caller over the API."""

from typing import Any

from volunteer_service import clock, settings
from volunteer_service.api.messages import shapes
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.shapes import page_of
from volunteer_service.paging import Page
from volunteer_service.people.messages import message_choices, messages, quiet_hours
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.models import Message

bp = Blueprint("api_messages", __name__, url_prefix="", description="What one was told")


@bp.get("/messages")
@guarded("read")
@bp.arguments(shapes.MessageQuery, location="query")
@bp.response(200, page_of(shapes.MessageOut))
def list_messages(query: dict[str, Any]) -> Page[Message]:
    """List one's own messages, newest first."""
    return messages.messages_of(actor(), **query)


@bp.post("/messages/read")
@guarded("write")
@bp.arguments(shapes.ReadIn)
@bp.response(200, shapes.UnreadOut)
def mark_read(body: dict[str, Any]) -> dict[str, int]:
    """Mark one's own messages up to this one as read."""
    messages.mark_read(body["up_to"], by=actor(), at=clock.now())
    return {"unread": messages.unread(actor())}


@bp.get("/messages/settings")
@guarded("read")
@bp.response(200, shapes.ChoicesOut)
def get_choices() -> dict[str, Any]:
    """Return one's own choices: address, topics by channel, quiet hours, language."""
    return _shown(message_choices.choices_of(actor()))


@bp.put("/messages/settings")
@guarded("write")
@bp.arguments(shapes.ChoicesIn)
@bp.response(200, shapes.ChoicesOut)
def choose(body: dict[str, Any]) -> dict[str, Any]:
    """Choose topics by channel, quiet hours and language."""
    for name in ("quiet_from", "quiet_to"):
        body[name] = quiet_hours.minute_of(body[name])
    return _shown(message_choices.choose(**body, by=actor(), at=clock.now()))


@bp.put("/messages/email")
@guarded("write")
@bp.arguments(shapes.EmailIn)
@bp.response(200, shapes.ChoicesOut)
def set_email(body: dict[str, Any]) -> dict[str, Any]:
    """Set an address, which is used once the link sent to it was followed; or remove it."""
    given, present = body["email"] or "", body["present"]
    return _shown(message_choices.set_email(given, present, by=actor(), at=clock.now()))


@bp.post("/messages/leave")
@guarded("write")
@bp.response(200, shapes.ChoicesOut)
def leave() -> dict[str, Any]:
    """Stop all e-mail to oneself."""
    return _shown(message_choices.leave(by=actor(), at=clock.now()))


@bp.post("/messages/come-back")
@guarded("write")
@bp.response(200, shapes.ChoicesOut)
def come_back() -> dict[str, Any]:
    """Resume e-mail to oneself."""
    return _shown(message_choices.come_back(by=actor(), at=clock.now()))


def _shown(row: MessageSettings) -> dict[str, Any]:
    begins, ends = map(quiet_hours.time_of, quiet_hours.of_reader(row))
    found = {name: getattr(row, name) for name in ("email", "email_confirmed_at", "left_at")}
    return found | {
        "language": row.language,
        "on": [name for name in message_choices.choosable() if name not in row.off],
        "quiet_from": begins,
        "quiet_to": ends,
        "doors": [door for door in message_choices.DOORS if door in settings.current().doors.names],
    }
