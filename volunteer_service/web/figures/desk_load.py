"""The desk in figures: orders by hour and by day, and what runs out."""

from datetime import datetime, timedelta

from flask import Response, render_template

from volunteer_service import clock
from volunteer_service.figures.counting import BY_CODE, Part, Place
from volunteer_service.figures.periods import Period
from volunteer_service.lists.spreadsheets import Sheet
from volunteer_service.scoring.rewards import desk_load
from volunteer_service.scoring.rewards.desk_load import Load
from volunteer_service.web.figures.behind import rows_url
from volunteer_service.web.figures.charts import Chart, Line
from volunteer_service.web.figures.views import bp
from volunteer_service.web.shared import workbooks
from volunteer_service.web.shared.figure_words import Cell, cell
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import gettext as _

#: Days that are drawn, up to today.
_DAYS_DRAWN = 14


@bp.get("/desk/figures")
@staff("desk", "coordinator", "auditor")
def desk() -> str:
    """Show when people fetch their gifts, and which gifts run out first."""
    at: datetime = clock.now()
    found = desk_load.load(by=actor(), at=at)
    return render_template(
        "figures/desk.html",
        load=found,
        charts=[_by_hour(found), _by_day(found)],
        pace_days=desk_load.PACE_DAYS,
        by_desk=actor().has_role("desk"),
    )


@bp.get("/desk/figures.xlsx")
@staff("desk", "coordinator", "auditor")
def desk_workbook() -> Response:
    """Show the same numbers to take along: orders by hour, by day, and what runs out."""
    found = desk_load.load(by=actor(), at=clock.now())
    days = [(day.isoformat(), count) for day, count in sorted(found.by_day.items())]
    gifts = [(each.gift.name, each.left, each.given, each.lasts) for each in found.gifts]
    titles = [_("礼品"), _("剩余"), _("近 28 天发放"), _("还够几天")]
    sheets: list[Sheet] = [
        (_("按钟点"), [_("钟点"), _("领取的订单")], sorted(found.by_hour.items())),
        (_("按日"), [_("日期"), _("领取的订单")], days),
        (_("快发完的礼品"), titles, gifts),
    ]
    return workbooks.sent("desk-figures.xlsx", workbooks.written_sheets(sheets))


def _by_hour(found: Load) -> Chart:
    figure = BY_CODE["orders_handed_over"]
    first = min([9, *found.by_hour])
    last = max([17, *found.by_hour])
    lines = [
        Line(_("%(n)s 点", n=hour), [cell(figure, found.by_hour.get(hour, 0))])
        for hour in range(first, last + 1)
    ]
    title = _("领取的订单，按钟点")
    return Chart(title, [figure.name.worded(_)], lines, drawn=1, lies=False, meanings=[figure])


def _by_day(found: Load) -> Chart:
    figure = BY_CODE["orders_handed_over"]
    days = [found.until - timedelta(days=n) for n in range(_DAYS_DRAWN - 1, -1, -1)]

    def written(day_cell: Cell, period: Period) -> Cell:
        part = Part(period, None, {})
        url = rows_url(Place(), period, figure, part=part) if day_cell.drawn else ""
        return Cell(day_cell.text, day_cell.drawn, url)

    lines = [
        Line(
            f"{day.month}/{day.day}",
            [written(cell(figure, found.by_day.get(day, 0)), Period(day, day))],
        )
        for day in days
    ]
    title = _("领取的订单，近 14 天")
    return Chart(title, [figure.name.worded(_)], lines, drawn=1, lies=False, meanings=[figure])
