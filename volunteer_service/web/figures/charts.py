"""The charts of the figures' page: each is a table of its own, from which the browser draws."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import url_for

from volunteer_service import settings
from volunteer_service.figures import counting
from volunteer_service.figures.counting import Part, Place
from volunteer_service.figures.figure import Figure
from volunteer_service.figures.periods import Period
from volunteer_service.scoring.ratings import forecasts
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.web.figures.behind import people_forecast_url, rows_url
from volunteer_service.web.shared import frame
from volunteer_service.web.shared.figure_words import Cell, cell
from volunteer_service.web.shared.record_reasons import GRADES
from volunteer_service.wording import gettext as _

#: A longer period is drawn by months, not by weeks.
_MOST_DAYS_IN_WEEKS = 100
#: Bars of one chart; the smaller ones are in the workbook.
MOST_BARS = 24


@dataclass(frozen=True)
class Line:
    """A row of the chart's table; ``url`` leads to the page of what it is about."""

    name: str
    cells: Sequence[Cell]
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A title, the series beside one another, and the rows.

    The first ``drawn`` series become bars; the others, of other units, are only in the table.
    ``lies`` makes the bars horizontal, for long names.
    """

    title: str
    heads: Sequence[str]
    lines: Sequence[Line]
    drawn: int
    lies: bool
    #: Rows beyond the largest ones, left out here.
    more: int = 0
    #: The figures that it shows, each with its defining sentence.
    meanings: Sequence[Figure] = ()
    #: Further sentences that define a series: what it is called, what it counts.
    notes: Sequence[tuple[str, str]] = ()


def over_time(
    place: Place, period: Period, codes: Sequence[str], *, today: datetime
) -> list[Chart]:
    """Return a chart of each figure by months or weeks, beside the year before.

    A week is compared with the one 52 weeks earlier, so that both have the same days of the week.
    """
    by = "week" if (period.until - period.since).days < _MOST_DAYS_IN_WEEKS else "month"
    before = period.weeks_before(52) if by == "week" else period.year_before()
    found = counting.splits(place, [period, before], [by], today=today, codes=codes)
    pairs = list(zip(found[period, by], found[before, by], strict=True))
    notes = [(_("上年同期"), _("52 周前的同一周，星期几相同。"))] if by == "week" else []
    charts = []
    for figure in (counting.BY_CODE[code] for code in codes):
        cells = _cells(place, period, figure, by)
        lines = [Line(part_name(part, by), [cells(part), cells(past)]) for part, past in pairs]
        heads, title = [_("本期"), _("上年同期")], _titled(figure, by)
        charts.append(
            Chart(title, heads, lines, drawn=2, lies=False, meanings=[figure], notes=notes)
        )
    return charts


def by_part(
    place: Place,
    period: Period,
    dimension: str,
    pairs: Sequence[tuple[Part, Part]],
    *,
    title: str,
    link: Callable[[Part], str],
    most: int = MOST_BARS,
) -> Chart | None:
    """Return figures by a dimension beside the year before, the largest parts.

    ``pairs`` as of :func:`pairs_of`. The first figure is drawn, for both periods. None is returned
    if no row belongs to a part.
    """
    if not any(part.key is not None for part, _past in pairs):
        return None
    codes = list(pairs[0][0].values)
    figures = [counting.BY_CODE[code] for code in codes]
    is_timed = _is_timed(figures)
    lines = [
        Line(
            part_name(part, dimension),
            [
                written(each)
                for figure in figures
                for written, each in (
                    (_cells(place, period, figure, dimension), part),
                    (_cells(place, period.year_before(), figure, dimension), past),
                )[: 2 if is_timed else 1]
            ],
            link(part),
        )
        for part, past in pairs[:most]
    ]
    heads = [
        head
        for figure in figures
        for head in (_named(figure), _("上年同期"))[: 2 if is_timed else 1]
    ]
    drawn, more = 2 if is_timed else 1, len(pairs[most:])
    return Chart(title, heads, lines, drawn=drawn, lies=True, more=more, meanings=figures)


def pairs_of(
    place: Place,
    period: Period,
    dimensions: Sequence[str],
    codes: Sequence[str] | None,
    *,
    today: datetime,
) -> dict[str, list[tuple[Part, Part]]]:
    """Return the parts of each breakdown beside those of a year before; a month beside its like."""
    before = period.year_before()
    found = counting.splits(place, [period, before], dimensions, today=today, codes=codes)
    return {
        by: list(zip(found[period, by], found[before, by], strict=True))
        if by == "month"
        else counting.beside(found[period, by], found[before, by])
        for by in dict.fromkeys(dimensions)
    }


def forecast(place: Place, *, today: datetime) -> Chart | None:
    """Return the stars of the last half-year beside what the running one would give now.

    Teams have none, because people are rated where they live.
    """
    if not place.paths:
        return None
    figure = counting.BY_CODE["people_rated"]
    last = Period.of_half_year(HalfYear.of(settings.local_day(today)).previous)
    parts = counting.split(place, last, "stars", today=today, codes=[figure.code])
    by_stars = {part.key: part for part in parts}
    written = _cells(place, last, figure, "stars")
    lines = []
    for stars, people in enumerate(forecasts.star_counts(place.paths, at=today)):
        part = by_stars.get(stars, Part(stars, None, {figure.code: 0}))
        url = people_forecast_url(place.paths, stars) if people else ""
        cells = [written(part), replace(cell(figure, people), url=url)]
        lines.append(Line(part_name(part, "stars"), cells))
    heads = [_("上个半年已公布"), _("本半年预计")]
    notes = [(_("本半年预计"), forecasts.MEANING.worded(_))]
    return Chart(
        _("星级分布和预计"), heads, lines, drawn=2, lies=False, meanings=[figure], notes=notes
    )


def nowhere(_part: Part) -> str:
    """Return no address, because there is no page for such a part."""
    return ""


def page_of_area(period: Period) -> Callable[[Part], str]:
    """Return where an area's own figures of the same days are."""

    def link(part: Part) -> str:
        if part.key is None:
            return ""
        since, until = str(period.since), str(period.until)
        return url_for("figures.index", area_id=part.key, from_on=since, to_on=until)

    return link


def page_of_team(part: Part) -> str:
    """Return the team's page."""
    return "" if part.key is None else url_for("teams.show", team_id=part.key)


def _is_timed(figures: Sequence[Figure]) -> bool:
    return all(figure.source.counted != "now" for figure in figures)


def _cells(place: Place, period: Period, figure: Figure, dimension: str) -> Callable[[Part], Cell]:
    """Return how a part's number is written; it leads to the rows that it counts."""

    def written(part: Part) -> Cell:
        value = part.values[figure.code]
        url = rows_url(place, period, figure, dimension=dimension, part=part) if value else ""
        return replace(cell(figure, value), url=url)

    return written


def place_name(place: Place) -> str:
    """Return the name of a place; «全部» for everything that somebody sees."""
    named = place.area or place.team
    return named.name if named else _("全部")


def dimension_name(dimension: str) -> str:
    """Return what a breakdown is by, in the reader's language."""
    return {
        "area": _("区域"),
        "brand": _("品牌"),
        "project": _("项目"),
        "team": _("队伍"),
        "grade": _("证据等级"),
        "stars": _("星级"),
        "month": _("月份"),
        "week": _("周"),
        "expiry": _("到期月份"),
    }[dimension]


def part_name(part: Part, dimension: str) -> str:
    """Return what a part is called, in the reader's language."""
    if isinstance(part.key, Period):
        return _step_name(part.key, dimension)
    if dimension == "grade":
        return str(GRADES[part.key])
    if dimension == "stars":
        return str(frame.FILTERS["stars"](part.key or 0))
    if part.key is None:
        return _("其他")
    if dimension == "expiry":
        return str(frame.FILTERS["month"](date(part.key // 100, part.key % 100, 1)))
    return part.name or str(part.key)


def _named(figure: Figure) -> str:
    return figure.name.worded(_)


def _titled(figure: Figure, by: str) -> str:
    name = _named(figure)
    return (
        _("%(figure)s，按周", figure=name) if by == "week" else _("%(figure)s，按月", figure=name)
    )


def _step_name(step: Period, by: str) -> str:
    if by == "month":
        return str(frame.FILTERS["month"](step.since))
    return f"{step.since.month}/{step.since.day}"
