"""The state of a series' event before a change is carried over to it, so that it can be
restored.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from volunteer_service.db import db
from volunteer_service.events import event_states, planning, post_requirements
from volunteer_service.events.models import Event, Post
from volunteer_service.people.authorization.actor import Actor

#: How a snapshot is kept: ``words``, ``posts`` by id, ``shifts`` by id, the ``span``, and the
#: result of the change: ``version``, ``change`` (id) and ``added`` (shifts).
FORMAT = 1
WORDS = (
    "title",
    "content",
    "place",
    "contact_name",
    "contact_phone",
    "meeting_point",
    "bring",
    "accepted_codes",
)


def taken(event: Event) -> dict[str, Any]:
    """Return the event as JSON."""
    db.session.flush()
    return {
        "words": {name: getattr(event, name) for name in WORDS},
        "posts": {str(post.id): asked(post) for post in event.posts},
        "span": [event.starts_at.isoformat(), event.ends_at.isoformat()],
        "shifts": {
            str(row.id): {
                "starts_at": row.starts_at.isoformat(),
                "ends_at": row.ends_at.isoformat(),
                "capacity": row.capacity,
                "breaks": row.breaks,
                "is_removed": row.removed_at is not None,
            }
            for row in event_states.shifts_of(event.id)
        },
        "change": _last(event),
    }


def after(event: Event, was: dict[str, Any]) -> dict[str, Any]:
    """Return the snapshot with the result of the change."""
    db.session.flush()
    now = _last(event)
    added = [row.id for row in event.shifts if str(row.id) not in was["shifts"]]
    change = now if now != was["change"] else None
    return was | {"version": event.version, "change": change, "added": added}


def words_back(event: Event, was: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Restore the words of the event and what its posts ask."""
    kept = {name: getattr(event, name) for name in planning.EventPlan.__dataclass_fields__}
    if any(kept[name] != value for name, value in was["words"].items()):
        plan = planning.EventPlan(**kept | was["words"])
        planning.edit(event.id, plan, version=event.version, by=by, at=at)
    for post in event.posts:
        if str(post.id) in was["posts"]:
            wanted = post_requirements.Requirements(**was["posts"][str(post.id)])
            post_requirements.require(post.id, wanted, by=by, at=at)


def draft_back(event: Event, was: dict[str, Any]) -> None:
    """Restore the shifts and the time of a draft, for which nobody signed up."""
    for row in event_states.shifts_of(event.id):
        old = was["shifts"].get(str(row.id))
        if old is None:
            row.removed_at = row.removed_at or event.created_at
            continue
        row.starts_at = datetime.fromisoformat(old["starts_at"])
        row.ends_at = datetime.fromisoformat(old["ends_at"])
        row.capacity, row.breaks = old["capacity"], old["breaks"]
        row.removed_at = row.removed_at if old["is_removed"] else None
    event.version += 1
    db.session.flush()
    db.session.expire(event, ["shifts"])
    span_back(event, was)


def span_back(event: Event, was: dict[str, Any]) -> None:
    """Restore the event's former time, if all its shifts are within it."""
    first, last = (datetime.fromisoformat(each) for each in was["span"])
    if all(first <= row.starts_at and row.ends_at <= last for row in event.shifts):
        event.starts_at, event.ends_at = first, last


def asked(post: Post) -> dict[str, Any]:
    """Return what a post asks, by the names of :class:`post_requirements.Requirements`."""
    names = asdict(post_requirements.Requirements())
    return {name: getattr(post, name) for name in names}


def _last(event: Event) -> int | None:
    rows = event_states.changes_of(event.id)
    return rows[0].id if rows else None
