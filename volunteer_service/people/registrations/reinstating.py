"""Takes people back who left, or whose registration was disowned («this was not me»)."""

import secrets
from datetime import datetime

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.bounds import LONGEST_TEXT, text
from volunteer_service.people.authentication import passwords, staff_registrations, taken_by_two
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_to_act_on, others_at_home
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations import consents
from volunteer_service.people.search import people_lists
from volunteer_service.visible_text import said


@said("reason")
def reinstate(volunteer_id: int, *, reason: str, by: Actor, at: datetime) -> Volunteer:
    """Take a person back after a new consent on paper; no change for a person who never left.

    Staff of the home area do this face to face and with a reason, never for themself. Records and
    points are unchanged. After «this was not me» the old password no longer works: the person gets
    a one-time code. An account that two admins disabled stays disabled.
    """
    text(reason, LONGEST_TEXT, "reason")
    volunteer = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, volunteer)
    who = others_at_home(Right.VOLUNTEER_EDIT, [volunteer_id], at=at)
    conflicts.need_other(by, [volunteer_id], at=at, who=who)
    staff_registrations.need_to_change_alone(volunteer_id, by=by, at=at)
    if volunteer.state == "active":
        return volunteer
    was = volunteer.state
    consents.record_consent(volunteer, "register", by=by, at=at)
    if volunteer.departed_as is not None:
        # Their consent still stood, so that a new one alone changes nothing.
        volunteer.state, volunteer.departed_as, volunteer.departed_on = "active", None, None
    account = people_lists.account_of(volunteer_id)
    if account is not None and was == "disowned" and not taken_by_two.was_taken(account, "disable"):
        _open_to_a_code_alone(account)
    messages.tell(volunteer_id, "reinstated", at=at)
    journal.record(
        "people.reinstate",
        volunteer,
        account_id=by.account_id,
        door=by.door,
        at=at,
        was=was,
        reason=reason,
    )
    return volunteer


def _open_to_a_code_alone(account: Account) -> None:
    """Replace the password, which a person who registered somebody else may know."""
    account.disabled_at = None
    unknown = secrets.token_urlsafe()
    account.password_hash = passwords.hashed(unknown, *passwords.known_of_account(account))
