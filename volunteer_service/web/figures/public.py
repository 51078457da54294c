"""The programme in figures for everybody: sums of the sub-districts that agreed, nobody named."""

from datetime import date, datetime

from flask import render_template, request
from sqlalchemy import select

from volunteer_service import clock, settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.figures import counting
from volunteer_service.figures.counting import BY_CODE, Count, Place
from volunteer_service.figures.periods import Period
from volunteer_service.web.figures import charts
from volunteer_service.web.figures.charts import Chart, Line
from volunteer_service.web.figures.views import bp
from volunteer_service.web.shared.figure_words import cell, large
from volunteer_service.web.shared.guard import public
from volunteer_service.wording import gettext as _

#: What everybody may know, in this order.
_TOLD = ("people", "people_served_with", "participations", "minutes", "events", "teams_serving")
#: Somebody who knows the street could recognise fewer people than this.
FEWEST = 10


@bp.get("/programme")
@public
def programme() -> str:
    """This year up to today, or last year, of the sub-districts that agreed."""
    at = clock.now()
    streets = _need_agreed()
    place = Place(paths=tuple(street.path for street in streets))
    today = settings.local_day(at)
    period = _period(today)
    return render_template(
        "figures/programme.html",
        streets=streets,
        period=period,
        years=[today.year, today.year - 1],
        found=counting.count(place, period, today=at, codes=_TOLD, with_year_before=False),
        told=told,
        chart_of_year=_chart(place, period, at),
    )


def _chart(place: Place, period: Period, at: datetime) -> Chart:
    """Return the minutes of each month."""
    minutes = BY_CODE["minutes"]
    lines = [
        Line(charts.part_name(part, "month"), [cell(minutes, part.values["minutes"])])
        for part in counting.split(place, period, "month", today=at, codes=["minutes"])
    ]
    heads, title = [minutes.name.worded(_)], _("每月的服务时长")
    return Chart(title, heads, lines, drawn=1, lies=False, meanings=[minutes])


def _need_agreed() -> list[Area]:
    found = agreed()
    if not found:
        raise NotFound()
    return found


def agreed() -> list[Area]:
    """Return the sub-districts that the operator names as agreed, by name."""
    names = settings.current().public_figures
    if not names:
        return []
    query = select(Area).where(Area.parent_id.is_(None), Area.name.in_(names)).order_by(Area.name)
    return list(db.session.scalars(query))


def told(each: Count) -> str:
    """Return a value for the public, without exact counts of few people."""
    if each.figure.unit == "persons" and 0 < each.value < FEWEST:
        return _("不到 %(n)s 人", n=FEWEST)
    return large(each)


def _period(today: date) -> Period:
    """Return the year that the address asks for: last year, or this one up to today."""
    asks_for_last = request.args.get("year", "")[:4] == str(today.year - 1)
    year = today.year - 1 if asks_for_last else today.year
    return Period(date(year, 1, 1), min(date(year, 12, 31), today))
