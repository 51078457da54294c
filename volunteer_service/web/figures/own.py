"""A volunteer's own year: hours by month, the calendar of days served, the way to the next star."""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request

from volunteer_service import clock, settings
from volunteer_service.attendance.records import hours_summary, served_days
from volunteer_service.errors import Invalid
from volunteer_service.figures.counting import BY_CODE
from volunteer_service.figures.periods import Period
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.web.figures.charts import Chart, Line
from volunteer_service.web.figures.views import bp
from volunteer_service.web.shared import frame
from volunteer_service.web.shared.figure_words import cell
from volunteer_service.web.shared.guard import actor, signed_in
from volunteer_service.wording import gettext as _


@dataclass(frozen=True)
class Month:
    """A month as a sheet of weeks from Monday: each day with its minutes; 0 for no day."""

    first: date
    weeks: Sequence[Sequence[tuple[int, int]]]
    minutes: int
    days: int


@bp.get("/my/days")
@signed_in
def own() -> str:
    """Show one's half-year by day, one's year by month beside the one before, and the next star."""
    who = actor().volunteer_id
    if who is None:
        return render_template("records/nobody.html")
    today = settings.local_day(clock.now())
    half = _asked(today)
    return render_template(
        "figures/own.html",
        half=half,
        before=half.previous,
        after=half.next if half.ends_on < HalfYear.of(today).starts_on else None,
        hours=hours_summary.hours_of(who, today),
        **_days(who, half, today),
    )


def _days(who: int, half: HalfYear, today: date) -> dict[str, Any]:
    """Return the calendar of a half-year, and the year that ends with it as a chart."""
    year = Period(half.previous.starts_on, min(half.ends_on, today))
    since = year.year_before().since
    found = served_days.minutes_by_day(who, since=since, until=year.until)
    months = [_month(each.since, found) for each in _months(half, today)]
    return {"months": months, "year": _chart(year, found)}


def _asked(today: date) -> HalfYear:
    """Return the half-year of the address; for an unreadable or future one return the running
    one.
    """
    running = HalfYear.of(today)
    try:
        return min(HalfYear.parse(request.args.get("of", "")[:8]), running)
    except (ValueError, Invalid):
        return running


def _months(half: HalfYear, today: date) -> list[Period]:
    """Return the months of a half-year up to today's, the newest first."""
    return list(Period(half.starts_on, min(half.ends_on, today)).months())[::-1]


def _month(first: date, found: Mapping[date, int]) -> Month:
    weeks = [
        [(n, found.get(first.replace(day=n), 0) if n else 0) for n in week]
        for week in Calendar().monthdayscalendar(first.year, first.month)
    ]
    minutes = [worth for week in weeks for _n, worth in week if worth]
    return Month(first, weeks, sum(minutes), len(minutes))


def _chart(year: Period, found: Mapping[date, int]) -> Chart:
    figure = BY_CODE["minutes"]
    lines = [
        Line(
            str(frame.FILTERS["month"](month.since)),
            [cell(figure, _sum(found, days)) for days in (month, month.year_before())],
        )
        for month in year.months()
    ]
    heads = [_("本期"), _("上年同期")]
    return Chart(_("每月的服务时长"), heads, lines, drawn=2, lies=False, meanings=[figure])


def _sum(found: Mapping[date, int], days: Period) -> int:
    return sum(worth for day, worth in found.items() if days.since <= day <= days.until)
