"""What a place did in a period: figures against the year before, charts, the same as a workbook."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request

from volunteer_service import clock, settings
from volunteer_service.figures import counting
from volunteer_service.figures.counting import Count, Part, Place
from volunteer_service.figures.figure import UNITS, Figure
from volunteer_service.figures.periods import Period
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.web.figures import charts, periods
from volunteer_service.web.figures.behind import count_url
from volunteer_service.web.shared import figure_words, workbooks
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import gettext as _

bp = Blueprint("figures", __name__)

#: The figures in large type above the charts.
_FIRST = ("participations", "people_served_with", "minutes", "people_new")
#: The figures of each part of a breakdown; the first is drawn.
OF_PARTS = ("minutes", "participations", "people_served_with")
#: The breakdowns of the workbook, each on a sheet.
_SHEETS = ("area", "team", "brand", "project", "grade", "month", "stars", "expiry")


@bp.get("/figures")
@staff("coordinator", "auditor", "leader")
def index() -> str:
    """Show the figures of an area, a team, or all that the reader sees, against the year before."""
    at = clock.now()
    place, today = place_asked(actor()), settings.local_day(at)
    period, wrong = periods.asked(today)
    return render_template(
        "figures/index.html",
        place=place,
        period=period,
        wrong=wrong,
        choices=periods.choices(today),
        found=counting.count(place, period, today=at),
        first=_FIRST,
        charts=_charts(place, period, at),
        **words(),
    )


@bp.get("/figures.xlsx")
@staff("coordinator", "auditor", "leader")
def workbook() -> Response:
    """Show the same figures and breakdowns, with their definitions."""
    at = clock.now()
    place = place_asked(actor())
    period, _wrong = periods.asked(settings.local_day(at))
    name = _("指标 %(since)s 至 %(until)s", since=period.since, until=period.until)
    out = workbooks.written_sheets(_sheets(place, period, at))
    return workbooks.sent(f"{name}.xlsx", out)


def place_asked(by: Actor) -> Place:
    """Return the place of this request's address; refuse one whose records ``by`` does not see."""
    args = request.args
    area_id, team_id = (args.get(name, type=int) for name in ("area_id", "team_id"))
    return counting.place_of(by, area_id=area_id, team_id=team_id)


def _charts(place: Place, period: Period, at: datetime) -> list[charts.Chart]:
    over_time = charts.over_time(place, period, ("minutes", "participations"), today=at)
    links = {
        "area": charts.page_of_area(period),
        "team": charts.page_of_team,
    }
    shown = _shown(place)
    pairs: dict[str, list[tuple[Part, Part]]] = {}
    for codes in dict.fromkeys(codes for codes, _title in shown.values()):
        dimensions = [by for by, (wanted, _title) in shown.items() if wanted == codes]
        pairs |= charts.pairs_of(place, period, dimensions, codes, today=at)
    parts = [
        charts.by_part(
            place, period, by, pairs[by], title=title, link=links.get(by, charts.nowhere)
        )
        for by, (_codes, title) in shown.items()
    ]
    parts.append(charts.forecast(place, today=at))
    return [*over_time, *(part for part in parts if part is not None)]


def _shown(place: Place) -> dict[str, tuple[Sequence[str], str]]:
    """Return the dimensions that the page breaks down: their figures and their title."""
    return {
        by: (codes, title)
        for by, codes, title in (
            ("area", OF_PARTS, _("各下级区域")),
            ("team", OF_PARTS, _("各队伍")),
            ("brand", OF_PARTS, _("各品牌")),
            ("project", OF_PARTS, _("各项目")),
            ("grade", OF_PARTS, _("按证据等级")),
            ("stars", ("people_rated",), _("星级分布")),
            ("expiry", ("points_unspent",), _("未用的积分，按到期月份")),
        )
        # Somebody who sees only teams has no page of the area around them.
        if place.paths or by not in ("area", "stars", "expiry")
    }


def words() -> dict[str, Any]:
    """Return how the pages write a value, large and small, that of the year before, and where."""
    return {**figure_words.WORDS, "place_name": charts.place_name, "count_url": count_url}


def _sheets(
    place: Place, period: Period, at: datetime
) -> Iterator[tuple[str, list[str], Iterator[list[Any]]]]:
    found = counting.count(place, period, today=at)
    heads = [_("指标"), _("本期"), _("上年同期"), _("单位"), _("定义")]
    yield _("指标"), heads, (line_of(each) for each in found)
    for dimension, pairs in charts.pairs_of(place, period, _SHEETS, None, today=at).items():
        if pairs:
            yield parts_sheet(dimension, pairs)


def parts_sheet(
    dimension: str, pairs: Sequence[tuple[Part, Part]]
) -> tuple[str, list[str], Iterator[list[Any]]]:
    """Return a breakdown as a sheet: its title, its heads, a row each part."""
    figures = [counting.BY_CODE[code] for code in pairs[0][0].values]
    name = charts.dimension_name(dimension)
    rows = (
        [charts.part_name(part, dimension), *_sheet_cells(figures, part, past)]
        for part, past in pairs
    )
    return name, [name, *_sheet_heads(figures)], rows


def _sheet_heads(figures: list[Figure]) -> list[str]:
    found = []
    for figure in figures:
        name = figure.name.worded(_)
        found.append(name)
        if figure.source.counted != "now":
            found.append(_("%(figure)s，上年同期", figure=name))
    return found


def _sheet_cells(figures: list[Figure], part: Part, past: Part) -> list[float | int]:
    found = []
    for figure in figures:
        found.append(_typed(figure, part.values[figure.code]))
        if figure.source.counted != "now":
            found.append(_typed(figure, past.values[figure.code]))
    return found


def line_of(each: Count) -> list[Any]:
    """Return a figure as a row: name, value, the year before, unit, definition."""
    figure = each.figure
    before = None if each.before is None else _typed(figure, each.before)
    unit, meaning = UNITS[figure.unit].worded(_), figure.meaning.worded(_)
    return [figure.name.worded(_), _typed(figure, each.value), before, unit, meaning]


def _typed(figure: Figure, value: int) -> float | int:
    """Return a number that Excel sums: hours and points as decimals."""
    drawn = figure_words.cell(figure, value).drawn
    return round(drawn, 2) if figure.unit in ("minutes", "centi") else value
