"""The verbs of events: ``from volunteer_service.events import service as events``."""

from volunteer_service.events.event_lists import (
    EventFilter,
    board,
    by_code,
    listing,
    roster,
    seen_by,
    sign_ups,
    teams_led,
    teams_listed,
)
from volunteer_service.events.planning import (
    EventPlan,
    add_post,
    add_shift,
    add_shift_at,
    cancel,
    create,
    edit,
    led,
    publish,
)
from volunteer_service.events.sign_ups import lift_block, sign_up, withdraw

__all__ = [
    "EventFilter",
    "EventPlan",
    "add_post",
    "add_shift",
    "add_shift_at",
    "board",
    "by_code",
    "cancel",
    "create",
    "edit",
    "led",
    "lift_block",
    "listing",
    "publish",
    "roster",
    "seen_by",
    "sign_up",
    "sign_ups",
    "teams_led",
    "teams_listed",
    "withdraw",
]
