"""Somebody deceased or moved away: frozen by the staff of the home, and restored if that was wrong.

Nothing new begins for a frozen person, in their own name or through others: no sign-up, check-in or
order, and nobody signs in. What was earned stays, so no figure of a past round changes. Relatives
collect what was ordered before, as every proxy does at the desk.
"""

from datetime import date, datetime

from volunteer_service import db as database
from volunteer_service import journal, settings
from volunteer_service.bounds import LONGEST_TEXT, one_of, text
from volunteer_service.db import db
from volunteer_service.errors import Conflict, Invalid
from volunteer_service.people.authentication import staff_registrations
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_to_act_on, others_at_home
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations import ended_registrations
from volunteer_service.people.registrations.registration import end_sessions_of
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.visible_text import said

DEPARTED = ("deceased", "moved")


class NotDeparted(Conflict):
    """The person is not marked, so there is nothing to take back."""

    message = "此人没有标记为去世或迁走。请刷新页面，看看现在的状态。"


@said("reason")
def mark_departed(
    volunteer_id: int, departed_as: str, on: date, *, reason: str, by: Actor, at: datetime
) -> Volunteer:
    """Freeze a person who died or moved away on a day, as staff of the home who are not tied to
    them.

    Sessions, tokens and future places end at once; a person with a role over an area takes an
    admin (:class:`StaffOfOthers`).
    """
    text(reason, LONGEST_TEXT, "reason")
    one_of(departed_as, DEPARTED, "departed_as")
    volunteer = _of(volunteer_id, by, at)
    need_registered(volunteer.id, volunteer.state)
    if on > settings.local_day(at):
        raise Invalid(field="on", why="请填今天或以前的日期")
    volunteer.state, volunteer.departed_as, volunteer.departed_on = "left", departed_as, on
    end_sessions_of(volunteer_id, at=at)
    ended_registrations.tell_followers(volunteer, by=by, at=at)
    _record("mark_departed", volunteer, by, at, departed_as, reason)
    return volunteer


@said("reason")
def take_back_departure(volunteer_id: int, *, reason: str, by: Actor, at: datetime) -> Volunteer:
    """Take back a wrong mark: the person is registered as before, and told.

    The consent to be registered is still valid. Places that ended were given to others and stay
    ended.
    """
    text(reason, LONGEST_TEXT, "reason")
    volunteer = _of(volunteer_id, by, at)
    if volunteer.departed_as is None:
        raise NotDeparted()
    was = volunteer.departed_as
    volunteer.state, volunteer.departed_as, volunteer.departed_on = "active", None, None
    messages.tell(volunteer_id, "departure_taken_back", at=at)
    _record("take_back_departure", volunteer, by, at, was, reason)
    return volunteer


def _of(volunteer_id: int, by: Actor, at: datetime) -> Volunteer:
    volunteer = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, volunteer)
    who = others_at_home(Right.VOLUNTEER_EDIT, [volunteer_id], at=at)
    conflicts.need_other(by, [volunteer_id], at=at, who=who)
    staff_registrations.need_to_change_alone(volunteer_id, by=by, at=at)
    return volunteer


def _record(
    verb: str, volunteer: Volunteer, by: Actor, at: datetime, departed_as: str, reason: str
) -> None:
    db.session.flush()
    journal.record(
        f"people.{verb}",
        volunteer,
        account_id=by.account_id,
        door=by.door,
        at=at,
        departed_as=departed_as,
        reason=reason,
    )
