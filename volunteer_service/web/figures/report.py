"""The report for the leadership: a half-year or a year of a place, as page, workbook and PDF."""

from datetime import datetime

from flask import Response, render_template, request

from volunteer_service import clock, settings
from volunteer_service.errors import Invalid
from volunteer_service.figures import counting
from volunteer_service.figures.counting import Count, Place
from volunteer_service.figures.periods import Period
from volunteer_service.paper import figures_report, pdf
from volunteer_service.paper.figures_report import Bar, Bars, Line, Report
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.web.figures import charts
from volunteer_service.web.figures.views import (
    OF_PARTS,
    bp,
    line_of,
    parts_sheet,
    place_asked,
    words,
)
from volunteer_service.web.ratings.blueprint import half_year
from volunteer_service.web.shared import workbooks
from volunteer_service.web.shared.figure_words import past_of, text_of
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import gettext as _

#: The notes of the report, in this order.
_LINES = (
    "people",
    "people_new",
    "participations",
    "people_served_with",
    "minutes",
    "teams",
    "teams_serving",
    "teams_idle",
    "people_rated",
    "people_with_star",
    "points_earned",
    "points_spent",
    "orders_handed_over",
)
#: Bars of one breakdown that a page has room for.
_MOST = {"area": 14, "team": 10, "brand": 8, "project": 8, "grade": 4}


def _titles() -> dict[str, str]:
    return {
        "area": _("各区域服务时长"),
        "brand": _("各品牌服务时长"),
        "project": _("各项目服务时长"),
        "team": _("服务时长最多的队伍"),
        "grade": _("服务时长按证据等级"),
    }


@bp.get("/figures/report")
@staff("coordinator", "auditor")
def report() -> str:
    """Show the report of a half-year (``2026H1``) or a year (``2026``), to be read and printed."""
    at = clock.now()
    place, (name, period) = place_asked(actor()), _asked()
    return render_template(
        "figures/report.html",
        place=place,
        period_name=name,
        period=period,
        request_of=_key(period),
        choices=_choices(),
        lines=_counts(place, period, at),
        charts=_drawn(place, period, at),
        **words(),
    )


@bp.get("/figures/report.pdf")
@staff("coordinator", "auditor")
def report_pdf() -> Response:
    """Show the same on two pages, for printing and sending."""
    at = clock.now()
    place, (name, period) = place_asked(actor()), _asked()
    sheets = figures_report.report_sheets(_report(place, name, period, at))
    made = pdf.paint(sheets, title=_("志愿服务工作数据 %(name)s", name=name), made_at=at)
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="report-{_key(period)}.pdf"'
    return answer


@bp.get("/figures/report.xlsx")
@staff("coordinator", "auditor")
def report_workbook() -> Response:
    """Show the same as a workbook: the figures, the months and every part, not the largest
    alone.
    """
    at = clock.now()
    place, (name, period) = place_asked(actor()), _asked()
    heads = [_("指标"), _("本期"), _("上年同期"), _("单位"), _("定义")]
    dimensions = ["month", *_MOST]
    pairs = charts.pairs_of(place, period, dimensions, OF_PARTS, today=at)
    sheets = [
        (_("指标"), heads, map(line_of, _counts(place, period, at))),
        *(parts_sheet(by, pairs[by]) for by in dimensions if pairs[by]),
    ]
    title = _("志愿服务工作数据 %(name)s", name=name)
    return workbooks.sent(f"{title}.xlsx", workbooks.written_sheets(iter(sheets)))


def _asked() -> tuple[str, Period]:
    """Return the half-year or year of the address and its name; for an unreadable one the last full
    half-year.
    """
    last = HalfYear.of(settings.local_day(clock.now())).previous
    written = request.args.get("of", "")[:8]
    try:
        if written.isascii() and written.isdigit():
            return _("%(year)s年", year=int(written)), Period.of_year(int(written))
        half = HalfYear.parse(written)
    except (ValueError, Invalid):
        half = last
    return half_year(half), Period.of_half_year(half)


def _choices() -> list[tuple[str, str]]:
    """Return the half-years and years for reports: name and key."""
    half = HalfYear.of(settings.local_day(clock.now()))
    halves = [half, half.previous, half.previous.previous]
    years = [half.year, half.year - 1]
    return [
        *((half_year(each), str(each)) for each in halves),
        *((_("%(year)s年", year=year), str(year)) for year in years),
    ]


def _key(period: Period) -> str:
    is_year = (period.until - period.since).days > 300
    return str(period.since.year) if is_year else str(HalfYear.of(period.since))


def _counts(place: Place, period: Period, at: datetime) -> list[Count]:
    return counting.count(place, period, today=at, codes=_LINES)


def _drawn(place: Place, period: Period, at: datetime) -> list[charts.Chart]:
    found = charts.over_time(place, period, ("minutes", "participations"), today=at)
    pairs = charts.pairs_of(place, period, list(_MOST), OF_PARTS, today=at)
    for by, title in _titles().items():
        part = charts.by_part(
            place, period, by, pairs[by], title=title, link=charts.nowhere, most=_MOST[by]
        )
        if part is not None:
            found.append(part)
    return found


def _report(place: Place, name: str, period: Period, at: datetime) -> Report:
    over_time: list[Bars] = []
    parts: list[Bars] = []
    for chart in _drawn(place, period, at):
        (parts if chart.lies else over_time).append(_bars(chart))
    return Report(
        title=_("志愿服务工作数据 %(name)s", name=name),
        place=charts.place_name(place),
        period=f"{period.since} – {period.until}",
        heads=(_("指标"), _("本期"), _("上年同期"), _("变化")),
        lines=[_line(each) for each in _counts(place, period, at)],
        over_time=over_time,
        parts=parts,
        meanings=_("指标说明"),
        made=_("%(day)s 由志愿服务系统统计", day=settings.local_day(at)),
        of_page=(_("第 1 页，共 2 页"), _("第 2 页，共 2 页")),
    )


def _line(each: Count) -> Line:
    before, change = past_of(each)
    figure = each.figure
    return Line(figure.name.worded(_), text_of(each), before, change, figure.meaning.worded(_))


def _bars(chart: charts.Chart) -> Bars:
    bars = [
        Bar(
            line.name,
            line.cells[0].text,
            line.cells[0].drawn,
            line.cells[1].drawn if chart.drawn > 1 else 0,
        )
        for line in chart.lines
    ]
    left_out = _("另有 %(n)s 项较小的", n=chart.more) if chart.more else ""
    return Bars(chart.title, bars, left_out)
