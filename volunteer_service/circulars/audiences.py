"""Who gets a circular, by which channel, and who will not read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from volunteer_service.circulars.models import Circular, CircularReceiver
from volunteer_service.db import db, in_lists
from volunteer_service.events.models import Attendance, SignUp
from volunteer_service.people.messages import message_doors
from volunteer_service.people.models import Account, Message, Volunteer
from volunteer_service.teams.models import Membership

KIND = "circular"
#: How many people a preview names.
NAMED = 50


@dataclass(frozen=True)
class Reach:
    """Whom a circular would reach: how many people, how many also by e-mail or SMS, who will not
    read it.
    """

    count: int
    by_email: int
    by_sms: int
    #: People without an account, e-mail and SMS: the message waits on a page that nobody opens.
    unread_count: int
    unread: Sequence[Volunteer]
    #: People in the team or signed up who are no longer registered.
    left_count: int


def receivers(circular: Circular) -> list[int]:
    """Return the people who get it, each once: those who are registered now."""
    found = _everybody(circular).where(Volunteer.state == "active")
    return list(db.session.scalars(found.order_by(Volunteer.id)))


def reach_of(circular: Circular) -> Reach:
    """Return whom it reached, once it is sent, or else whom it would reach now."""
    if circular.sent_at is not None:
        got = select(Message.volunteer_id).join(
            CircularReceiver, CircularReceiver.message_id == Message.id
        )
        ids = [
            id_
            for id_ in db.session.scalars(got.where(CircularReceiver.circular_id == circular.id))
            if id_ is not None
        ]
        return _reach(ids, left_count=0)
    gone = _everybody(circular).where(Volunteer.state != "active")
    return _reach(receivers(circular), left_count=len(db.session.scalars(gone).all()))


def _reach(ids: Sequence[int], *, left_count: int) -> Reach:
    doors = message_doors.doors_for(KIND, [{"volunteer_id": id_} for id_ in ids])
    signing_in = {
        id_
        for some in in_lists(ids)
        for id_ in db.session.scalars(
            select(Account.volunteer_id).where(
                Account.volunteer_id.in_(some), Account.disabled_at.is_(None)
            )
        )
    }
    unread = [
        id_ for id_, found in zip(ids, doors, strict=True) if not found and id_ not in signing_in
    ]
    named = select(Volunteer).where(Volunteer.id.in_(unread[:NAMED]))
    return Reach(
        count=len(ids),
        by_email=sum("email" in found for found in doors),
        by_sms=sum("sms" in found for found in doors),
        unread_count=len(unread),
        unread=db.session.scalars(named.order_by(Volunteer.name_order, Volunteer.id)).all(),
        left_count=left_count,
    )


def _everybody(circular: Circular) -> Select[int]:
    """Return the people of the audience, each once, whether they are registered or not."""
    if circular.audience == "members":
        inside = select(Membership.volunteer_id).where(
            Membership.team_id == circular.team_id, Membership.state.in_(("active", "coming"))
        )
    elif circular.audience == "came":
        inside = select(Attendance.volunteer_id).where(Attendance.event_id == circular.event_id)
    else:
        state = "waiting" if circular.audience == "waiting" else "confirmed"
        inside = select(SignUp.volunteer_id).where(
            SignUp.event_id == circular.event_id, SignUp.state == state
        )
    return select(Volunteer.id).where(Volunteer.id.in_(inside))
