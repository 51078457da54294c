"""Corrections of the calendar of working days; running notices end accordingly."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from volunteer_service import journal, policies, settings
from volunteer_service.db import db
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.ratings.refusals import (
    WorkingDaysInvalid,
    WorkingDayUnchanged,
)
from volunteer_service.visible_text import said
from volunteer_service.working_days import (
    WorkingDayCorrection,
    after_working_days,
    is_working,
)

#: From the first to the last day of one correction.
LONGEST = timedelta(days=30)


@said("reason")
def correct_day(
    day: date,
    *,
    to_day: date | None = None,
    working: bool,
    reason: str,
    by: Actor,
    at: datetime,
) -> WorkingDayCorrection:
    """Record that a day, or each day to ``to_day``, is (not) a working day; running notices end
    accordingly. Return the first one that was corrected.

    It applies to every street, so only an admin of all streets records it. Raises
    ``WorkingDayUnchanged`` if the calendar already has this value on each of the days.
    """
    account_scope.need_whole_service(by, Right.SERVICE_EDIT)
    last = to_day or day
    if not day <= last <= day + LONGEST:
        raise WorkingDaysInvalid(field="to_day", most=LONGEST.days + 1)
    days = (day + timedelta(days=n) for n in range((last - day).days + 1))
    wrong = [each for each in days if is_working(each) != working]
    if not wrong:
        raise WorkingDayUnchanged()
    row, *_others = [
        db.session.merge(
            WorkingDayCorrection(
                day=each, working=working, reason=reason, at=at, account_id=by.account_id
            )
        )
        for each in wrong
    ]
    db.session.flush()
    for running in db.session.scalars(select(Round).where(Round.state == "notice")):
        _move_end(running, by, at)
    return row


def corrections(from_day: date) -> list[WorkingDayCorrection]:
    """Return the corrections of this day and later, in order."""
    query = select(WorkingDayCorrection).where(WorkingDayCorrection.day >= from_day)
    return list(db.session.scalars(query.order_by(WorkingDayCorrection.day)))


def notice_end(published_at: datetime, policy_version: int) -> date:
    """Return the last local day of a notice: the policy's working days (5) after the day of
    publishing.
    """
    day = settings.local_day(published_at)
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
