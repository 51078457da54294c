"""The charts of the figures' page: each is a table of its own, from which the browser draws."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from flask import url_for

from volunteer_service.figures import counting
from volunteer_service.figures.counting import Part, Place
from volunteer_service.figures.figure import Figure
from volunteer_service.figures.periods import Period
from volunteer_service.web.shared import frame
from volunteer_service.web.shared.figure_words import Cell, cell
from volunteer_service.web.shared.record_reasons import GRADES
from volunteer_service.wording import gettext as _

#: A longer period is drawn by months, not by weeks.
_MOST_DAYS_IN_WEEKS = 100
#: Bars of one chart; the smaller ones stand in the workbook.
MOST_BARS = 24


@dataclass(frozen=True)
class Line:
    """A row of the chart's table; ``url`` leads to what is behind it."""

    name: str
    cells: Sequence[Cell]
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A title, the series beside one another, and the rows.

    ``drawn`` of the series become bars; the others, of other units, are in the table alone.
    ``lies``: the bars lie, as long names need it.
    """

    title: str
    heads: Sequence[str]
    lines: Sequence[Line]
    drawn: int
    lies: bool
    #: Rows beyond the largest ones, left out here.
    more: int = 0


def over_time(
    place: Place, period: Period, codes: Sequence[str], *, today: datetime
) -> list[Chart]:
    """Return a chart of each figure by months or weeks, beside the year before."""
    by = "week" if (period.until - period.since).days < _MOST_DAYS_IN_WEEKS else "month"
    link = records_behind(place, period, by)
    now = counting.split(place, period, by, today=today, codes=codes)
    then = counting.split(place, period.year_before(), by, today=today, codes=codes)
    # A year before, the same days may touch one week less.
    pairs = list(zip_longest(now, then[: len(now)]))
    charts = []
    for figure in (counting.BY_CODE[code] for code in codes):
        lines = [
            Line(
                part_name(part, by),
                [
                    cell(figure, part.values[figure.code]),
                    cell(figure, past.values[figure.code] if past else 0),
                ],
                link(part),
            )
            for part, past in pairs
        ]
        charts.append(
            Chart(_titled(figure, by), [_("本期"), _("上年同期")], lines, drawn=2, lies=False)
        )
    return charts


def by_part(
    place: Place,
    period: Period,
    dimension: str,
    codes: Sequence[str],
    *,
    today: datetime,
    title: str,
    link: Callable[[Part], str],
    most: int = MOST_BARS,
) -> Chart | None:
    """Return figures by a dimension, the largest parts; none where no row belongs to a part."""
    parts = counting.split(place, period, dimension, today=today, codes=codes)
    if not any(part.key is not None for part in parts):
        return None
    figures = [counting.BY_CODE[code] for code in codes]
    lines = [
        Line(
            part_name(part, dimension), [cell(f, part.values[f.code]) for f in figures], link(part)
        )
        for part in parts[:most]
    ]
    heads = [_named(figure) for figure in figures]
    return Chart(title, heads, lines, drawn=1, lies=True, more=len(parts[most:]))


def nowhere(_part: Part) -> str:
    """Return no address: there is no page behind such a part."""
    return ""


def records_behind(place: Place, period: Period, dimension: str) -> Callable[[Part], str]:
    """Return where the records are listed that a part counts: filters of the list of records."""
    where: dict[str, Any] = {"state": "confirmed"}
    if place.area:
        where["area_id"] = place.area.id
    if place.team:
        where["team_id"] = place.team.id

    def link(part: Part) -> str:
        days = part.key if isinstance(part.key, Period) else period
        asked = where | {"from_on": str(days.since), "to_on": str(days.until)}
        if days is period:
            if part.key is None:
                return ""
            asked[dimension] = part.key if dimension == "grade" else part.name
        return url_for("lists.show", list_name="records", **asked)

    return link


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


def place_name(place: Place) -> str:
    """Return what a place is called; «全部» for all that somebody sees."""
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
