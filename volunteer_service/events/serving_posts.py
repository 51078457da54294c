"""Changing whether a post serves, while people are signed up for it.

People who served keep their hours: once somebody came, a post stays one that serves. People who
only took part on closed shifts get no hours afterwards; people who are there or will be are told.
"""

from collections.abc import Sequence
from datetime import datetime

from volunteer_service import journal
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid
from volunteer_service.events import (
    change_messages,
    event_states,
    planning,
    refusals,
    rescheduling,
    stays,
)
from volunteer_service.events.event_states import HELD
from volunteer_service.events.models import Event, Post
from volunteer_service.events.rescheduling import Changed
from volunteer_service.events.settled_places import Touched
from volunteer_service.events.stays import Presence
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.visible_text import said


@said("reason")
def change_serves(
    post_id: int,
    *,
    serves: bool,
    reason: str | None = None,
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> Changed:
    """Set that a post serves, or that people on it only take part; the same call changes it back.

    It is refused if it would end the service of somebody who came, or begin it where people took
    part on a closed shift. Everybody who holds a place or waits on an open shift is told; people
    who are inside get the whole time. :func:`rescheduling.preview` shows whom it affects.
    """
    post = fetch(Post, post_id)
    event = planning.editable(post.event_id, by=by)
    db.session.refresh(post)
    if post.serves == serves:
        raise refusals.ServesAlready()
    if event.state == "published" and not reason:
        raise Invalid(field="reason", why="请写明原因，报名的人会看到")
    rescheduling.hold_people(event)
    touched = _touched(event, post, serves=serves, at=at)
    found = Changed(event.id, touched, rescheduling.mark(touched))
    if seen is not None and seen != found.mark:
        raise refusals.ChangedSincePreview()
    post.serves = serves
    event.version += 1
    if event.state == "published":
        change_messages.tell_serving(event, touched, at=at)
    journal.record(
        "events.change_serves",
        event,
        account_id=by.account_id,
        door=by.door,
        at=at,
        post=post.id,
        reason=reason,
        touched=len(touched),
        values=journal.changes({"serves": not serves}, {"serves": serves}),
    )
    db.session.flush()
    return found


def _need_kept(post: Post, here: Sequence[Presence], *, serves: bool) -> None:
    people = {
        row.volunteer_id
        for row in here
        if row.shift.post_id == post.id and not (serves and row.shift.closed_at is None)
    }
    if people:
        refused = refusals.TookPartOnClosedShift if serves else refusals.PeopleServedOnPost
        raise refused(count=len(people))


def _touched(event: Event, post: Post, *, serves: bool, at: datetime) -> tuple[Touched, ...]:
    here = stays.presences_of(event.id, at)
    _need_kept(post, here, serves=serves)
    inside = {row.sign_up_id for row in here}
    return tuple(
        Touched(
            row.id,
            row.volunteer_id,
            row.volunteer.name,
            "serves_inside" if row.id in inside else "serves" if serves else "takes_part",
        )
        for row in event_states.sign_ups_of(event.id)
        if row.shift.post_id == post.id and row.state in HELD and row.shift.closed_at is None
    )
