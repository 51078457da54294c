"""Consequences of a corrected birth date or identity number that makes somebody a minor.

Consents given as an adult are checked again; other packages check what they allowed, by the
functions that ``app`` registers. The actor of the change is told what it led to.
"""

from collections.abc import Callable
from datetime import datetime

from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations import consents
from volunteer_service.people.registrations.registration import is_minor

#: Ends what a minor may not do, and tells how many things it ended.
Judge = Callable[[Volunteer, Actor, datetime], int]
_JUDGES: dict[str, Judge] = {}


def judged_by(name: str, judge: Judge) -> None:
    """Register a check by a higher package of a person who turns out to be under 18."""
    _JUDGES[name] = judge


def follow(
    row: PersonChange, volunteer: Volunteer, *, was_minor: bool, by: Actor, at: datetime
) -> None:
    """Check a person again whom this change makes a minor; tell the people who asked and agreed."""
    if was_minor or not is_minor(volunteer, at):
        return
    asked_anew = consents.judge_as_minor(volunteer, row.reason, by=by, at=at)
    places = sum(judge(volunteer, by, at) for judge in _JUDGES.values())
    facts = {"number": volunteer.number, "places": places, "consents": asked_anew}
    for account_id in dict.fromkeys((row.asked_by_id, by.account_id)):
        if account_id is not None:
            messages.tell_account(account_id, "made_minor", at=at, person=volunteer.id, **facts)
