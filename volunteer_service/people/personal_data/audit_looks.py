"""Records what an auditor opens, with the reason they gave, and tells the person concerned."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from sqlalchemy import insert, select

from volunteer_service import settings
from volunteer_service.db import after_commit, db, in_lists
from volunteer_service.errors import Refused
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under, may_on_person
from volunteer_service.people.models import Look, Volunteer
from volunteer_service.people.personal_data.personal_data import said_reason

#: What an auditor opens about a person, beside the numbers of ``personal_data.FIELDS``. «gate» and
#: «search» are searches by a field or a list for people whom staff do not see otherwise.
OPENED = (
    "person",
    "record",
    "points",
    "order",
    "paper",
    "change",
    "star",
    "workbook",
    "gate",
    "search",
)

Row = TypeVar("Row")


class PurposeMissing(Refused):
    """An auditor opens a person's page, or downloads a workbook, without giving a reason."""

    status = 409
    message = "请先写明核查事由，再打开这一页。事由会连同您的姓名一起记录，本人看得到。"


def purpose(text: str) -> str:
    """Return an auditor's reason as stored: at least two letters."""
    return said_reason(text)


def opened(volunteer: Volunteer, what: str, *, by: Actor, at: datetime) -> None:
    """Record that an auditor opens this page or file of a person, once a day for one reason.

    Staff who may see personal data there, and the person, leave no such record.
    """
    if is_auditing(volunteer, by=by):
        _need_purpose(by)
        keep([volunteer.id], what, by.purpose, account_id=by.account_id, at=at)


def taken_along(
    rows: Iterable[Row], whose: Callable[[Row], int | None], *, by: Actor, at: datetime
) -> Iterator[Row]:
    """Return the rows of a file; record that an auditor downloads its data about people.

    ``whose`` gives the id of the person whom a row is about. An auditor must give a reason before a
    line is written. Otherwise the rule is that of :func:`opened`: once a day for one person and
    reason, and not for downloads of staff or of the person.
    """
    need_purpose(by)
    if not by.has_role("auditor"):
        return iter(rows)
    return _noted(rows, whose, by, at)


def _noted(
    rows: Iterable[Row], whose: Callable[[Row], int | None], by: Actor, at: datetime
) -> Iterator[Row]:
    seen: set[int] = set()
    for row in rows:
        if (volunteer_id := whose(row)) is not None:
            seen.add(volunteer_id)
        yield row
    seen.discard(by.volunteer_id or 0)
    audited: list[int] = []
    for some in in_lists(sorted(seen)):
        mine = living_under(by, Right.PERSONAL_SEE)
        query = select(Volunteer.id).where(Volunteer.id.in_(some), mine)
        audited += set(some) - set(db.session.scalars(query))
    keep(audited, "workbook", by.purpose, account_id=by.account_id, at=at)


def keep(
    volunteer_ids: Iterable[int], what: str, why: str, *, account_id: int | None, at: datetime
) -> None:
    """Record that this account opens this about these people, once a day for one reason.

    Reading a page writes nothing itself: looks have a transaction of their own, before the answer.
    """
    ids = sorted(volunteer_ids)
    if ids:
        after_commit(lambda: _keep(ids, account_id, what, why, at))


def is_auditing(volunteer: Volunteer, *, by: Actor) -> bool:
    """Tell whether ``by`` reads about this person as an auditor only."""
    if by.volunteer_id == volunteer.id or not by.has_role("auditor"):
        return False
    return not may_on_person(by, Right.PERSONAL_SEE, volunteer)


def need_purpose(by: Actor) -> None:
    """Refuse an auditor who gives no reason, before a file is begun."""
    if by.has_role("auditor"):
        _need_purpose(by)


def _need_purpose(by: Actor) -> None:
    if not by.purpose or by.account_id is None:
        raise PurposeMissing()


def _keep(ids: Iterable[int], account_id: int | None, what: str, why: str, at: datetime) -> None:
    same = {"account_id": account_id, "field": what, "why": why}
    today = [Look.at >= settings.day_begins(settings.local_day(at))]
    today += [getattr(Look, name) == value for name, value in same.items()]
    for some in in_lists(ids):
        query = select(Look.volunteer_id).where(*today, Look.volunteer_id.in_(some))
        kept = set(db.session.scalars(query))
        looks = [same | {"at": at, "volunteer_id": id_} for id_ in some if id_ not in kept]
        if looks:
            db.session.execute(insert(Look), looks)
