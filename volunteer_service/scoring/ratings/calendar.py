"""Working days of China, make-up workdays included; a coordinator can correct a day.

The library is kept, but the state announces a year's plan only in the November before: until then
it knows the statutory days alone, and later years never fail.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays
from sqlalchemy import select

from volunteer_service import journal, policies, settings
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed
from volunteer_service.people import rights
from volunteer_service.people.actor import Actor
from volunteer_service.people.rights import Right
from volunteer_service.scoring.ratings.models import Round, WorkingDayCorrection
from volunteer_service.scoring.ratings.refusals import WorkingDayUnchanged

_DAY = timedelta(days=1)


def is_working(day: date) -> bool:
    """Whether people work on this local day: as corrected, else as the kept calendar says."""
    corrected = db.session.get(WorkingDayCorrection, day)
    return _known(day) if corrected is None else corrected.working


def after_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``; ``day`` itself does not count."""
    while count:
        day += _DAY
        count -= is_working(day)
    return day


def correct_day(
    day: date, *, working: bool, reason: str, by: Actor, at: datetime
) -> WorkingDayCorrection:
    """Say that a day is (not) a working day; running notices end accordingly.

    Raises ``WorkingDayUnchanged`` where the calendar says so already.
    """
    if not rights.places(by, Right.RATING_RUN)[0]:
        raise NotAllowed()
    if is_working(day) == working:
        raise WorkingDayUnchanged()
    row = db.session.merge(
        WorkingDayCorrection(
            day=day, working=working, reason=reason, at=at, account_id=by.account_id
        )
    )
    db.session.flush()
    for running in db.session.scalars(select(Round).where(Round.state == "notice")):
        _move_end(running, by, at)
    return row


def corrections(from_day: date) -> list[WorkingDayCorrection]:
    """The corrections of this day and later, in order."""
    query = select(WorkingDayCorrection).where(WorkingDayCorrection.day >= from_day)
    return list(db.session.scalars(query.order_by(WorkingDayCorrection.day)))


def notice_end(published_at: datetime, policy_version: int) -> date:
    """Last local day of a notice: the policy's working days (5) after the day of publishing."""
    day = published_at.astimezone(settings.current().zone).date()
    return after_working_days(day, policies.of(policy_version).notice_working_days)


def _move_end(running: Round, by: Actor, at: datetime) -> None:
    if running.noticed_at is None or running.policy_version is None:
        return
    ends_on = notice_end(running.noticed_at, running.policy_version)
    if ends_on != running.notice_ends_on:
        running.notice_ends_on = ends_on
        journal.record(
            "ratings.move_notice_end",
            running,
            account_id=by.account_id,
            door=by.door,
            at=at,
            ends_on=ends_on.isoformat(),
        )


@lru_cache(maxsize=4096)
def _known(day: date) -> bool:
    return bool(holidays.country_holidays("CN", years=day.year).is_working_day(day))
