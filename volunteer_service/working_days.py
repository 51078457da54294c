"""Working days of China, make-up workdays included, as a coordinator corrected them.

The state announces a year's plan only in the November before; until then the library has only the
statutory days, and later years never fail.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, db

_DAY = timedelta(days=1)


class WorkingDayCorrection(Base):
    """A day on which the library's calendar is wrong or lacks the state's plan."""

    __tablename__ = "working_day_corrections"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


def is_working(day: date) -> bool:
    """Tell whether people work on this local day: as corrected, else according to the library's
    calendar.
    """
    corrected = db.session.get(WorkingDayCorrection, day)
    return _known(day) if corrected is None else corrected.working


def is_plan_known(year: int) -> bool:
    """Tell whether the calendar has the state's plan of a year: its make-up workdays."""
    plan = holidays.country_holidays("CN", years=year)
    return any(day.year == year for day in getattr(plan, "weekend_workdays", ()))


def after_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``; ``day`` itself does not count."""
    while count:
        day += _DAY
        count -= is_working(day)
    return day


def gone_by(day: date, until: date) -> int:
    """Count working days after ``day`` up to and including ``until``, with one query."""
    corrected = _corrected(day + _DAY, until)
    days = (day + _DAY * n for n in range(1, (until - day).days + 1))
    return sum(corrected.get(each, _known(each)) for each in days)


def working_among(days: Sequence[date]) -> set[date]:
    """Return the working days among some days, with one query."""
    corrected = _corrected(min(days), max(days)) if days else {}
    return {day for day in days if corrected.get(day, _known(day))}


def latest_with_more_gone(count: int, until: date) -> date:
    """Return the latest day after which more than ``count`` working days have gone by ``until``."""
    # The longest holidays have 15 days without work; twice that is far enough.
    corrected = _corrected(until - _DAY * (2 * count + 30), until)
    day = until
    while count >= 0:
        count -= corrected.get(day, _known(day))
        day -= _DAY
    return day


def _corrected(since: date, until: date) -> dict[date, bool]:
    query = select(WorkingDayCorrection).where(WorkingDayCorrection.day.between(since, until))
    return {row.day: row.working for row in db.session.scalars(query)}


@lru_cache(maxsize=4096)
def _known(day: date) -> bool:
    return bool(holidays.country_holidays("CN", years=day.year).is_working_day(day))
