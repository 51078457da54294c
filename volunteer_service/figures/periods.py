"""Periods of figures: local days from one to another, the year before, months and weeks within."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from volunteer_service.errors import Invalid
from volunteer_service.scoring.rules.half_years import HalfYear

#: Three leap years: a longer period says nothing and costs the database.
MOST_DAYS = 1097
_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """Local days from ``since`` to ``until``, both included.

    Raises:
        Invalid: it ends before it begins, or is longer than :data:`MOST_DAYS`.
    """

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise Invalid(field="to", why="结束日期不能早于开始日期")
        if (self.until - self.since).days >= MOST_DAYS:
            raise Invalid(field="to", why="一次最多统计三年，请缩短起止日期")
        if self.since.year < 1901 or self.until.year > 2999:
            raise Invalid(field="from", why="年份不对。请核对，写成 2026 这样的四位数")

    @classmethod
    def of_half_year(cls, half: HalfYear) -> Self:
        """Return the days of a half-year."""
        return cls(half.starts_on, half.ends_on)

    @classmethod
    def of_year(cls, year: int) -> Self:
        """Return the days of a calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def of_month(cls, day: date) -> Self:
        """Return the days of the month that holds ``day``."""
        return cls(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))

    @property
    def is_whole_months(self) -> bool:
        """Tell whether it begins with a month and ends with one."""
        return self.since.day == 1 and (self.until + _DAY).day == 1

    def year_before(self) -> "Period":
        """Return the same days a year earlier; whole months stay whole, 29 February becomes 28."""
        until = _year_before(self.until)
        if self.is_whole_months:
            until = Period.of_month(until).until
        return Period(_year_before(self.since), until)

    def weeks_before(self, weeks: int) -> "Period":
        """Return the days so many weeks earlier: each falls on the same day of the week."""
        return Period(self.since - _DAY * 7 * weeks, self.until - _DAY * 7 * weeks)

    def months(self) -> Iterator["Period"]:
        """Yield its months in order, the first and the last cut to the period."""
        since = self.since
        while since <= self.until:
            until = min(Period.of_month(since).until, self.until)
            yield Period(since, until)
            since = until + _DAY

    def weeks(self) -> Iterator["Period"]:
        """Yield its weeks from Monday to Sunday in order, the first and the last cut to it."""
        since = self.since
        while since <= self.until:
            until = min(since + _DAY * (6 - since.weekday()), self.until)
            yield Period(since, until)
            since = until + _DAY


def _year_before(day: date) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))
