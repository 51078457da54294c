"""Records what an auditor opens, with the reason they gave, and tells the person concerned."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import after_commit, db
from volunteer_service.errors import Refused
from volunteer_service.paging import midnight
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import may_on_person
from volunteer_service.people.models import Look, Volunteer
from volunteer_service.people.personal_data import said_reason

#: What is opened of somebody, beside the numbers of ``personal_data.FIELDS``.
OPENED = ("person", "record", "points", "order", "paper", "change")


class PurposeMissing(Refused):
    """An auditor opens somebody's page, record, points, order or paper without saying why."""

    status = 409
    message = "请先写明核查事由，再打开这一页。事由会连同您的姓名一起记录，本人看得到。"


def purpose(text: str) -> str:
    """Return an auditor's reason as stored: at least two letters."""
    return said_reason(text)


def opened(volunteer: Volunteer, what: str, *, by: Actor, at: datetime) -> None:
    """Record that an auditor opens this of a person, once a day for one thing and one reason.

    Staff who may see personal data there, and the person, leave no such record.
    """
    if not is_auditing(volunteer, by=by):
        return
    if not by.purpose or by.account_id is None:
        raise PurposeMissing()
    keep([volunteer.id], what, by.purpose, account_id=by.account_id, at=at)


def keep(
    volunteer_ids: Iterable[int], what: str, why: str, *, account_id: int, at: datetime
) -> None:
    """Record that this account opens this of these people, once a day for one reason.

    Reading a page writes nothing itself: looks have their own transaction, before the answer.
    """
    looks = [
        {"account_id": account_id, "volunteer_id": id_, "field": what, "why": why}
        for id_ in sorted(volunteer_ids)
    ]
    after_commit(lambda: _keep(looks, at))


def is_auditing(volunteer: Volunteer, *, by: Actor) -> bool:
    """Tell whether ``by`` reads about this person as an auditor only."""
    if by.volunteer_id == volunteer.id or not by.has_role("auditor"):
        return False
    return not may_on_person(by, Right.PERSONAL_SEE, volunteer)


def _keep(looks: Sequence[dict[str, Any]], at: datetime) -> None:
    since = Look.at >= midnight(settings.local_day(at))
    for look in looks:
        same = (getattr(Look, name) == value for name, value in look.items())
        if db.session.scalar(select(Look.id).where(since, *same).limit(1)) is None:
            db.session.add(Look(at=at, **look))
