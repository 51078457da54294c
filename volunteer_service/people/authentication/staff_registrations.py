"""Restricts who changes the registration of staff above a leader: they themselves and an admin.

Ending a registration ends every session, and a phone that somebody else confirms opens the account.
The people whom these staff oversee must be able to do neither.
"""

from datetime import datetime

from volunteer_service.errors import NotAllowed
from volunteer_service.people.authentication import watchers
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.search import people_lists

#: The roles that a coordinator gives and takes herself; people with no other role are in her care.
_IN_CARE = frozenset({"leader"})


class StaffOfOthers(NotAllowed):
    """Only an admin changes the registration and phone of a person with a role over an area."""

    message = "此人有管理角色，登记和手机号只能由本人或系统管理员办理。"


def need_to_change(volunteer_id: int, *, by: Actor) -> None:
    """Refuse everybody but the person and an admin of all their places, unless they only lead
    teams.
    """
    if by.volunteer_id == volunteer_id:
        return
    account = people_lists.account_of(volunteer_id)
    if account is None or {held.role for held in account.grants} <= _IN_CARE:
        return
    if not account_scope.is_over(account, by=by):
        raise StaffOfOthers()


def need_to_change_alone(volunteer_id: int, *, by: Actor, at: datetime) -> None:
    """Refuse as :func:`need_to_change`, for an act that nobody else confirms.

    On another admin or an auditor it takes two admins (:class:`watchers.TwoAdminsNeeded`).
    """
    need_to_change(volunteer_id, by=by)
    account = people_lists.account_of(volunteer_id)
    if account is not None and by.volunteer_id != volunteer_id:
        watchers.need_asked(account, "registration", by=by, at=at)
