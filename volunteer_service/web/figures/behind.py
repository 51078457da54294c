"""The list with the rows that a figure counts, filtered to the same count."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from volunteer_service.figures.counting import Count, Part, Place
from volunteer_service.figures.figure import Figure
from volunteer_service.figures.periods import Period
from volunteer_service.lists.registry import LISTS, is_open_to
from volunteer_service.web.shared.guard import actor


def rows_url(
    place: Place, period: Period, figure: Figure, *, dimension: str = "", part: Part | None = None
) -> str:
    """Return the address of the list; empty where no list has these rows, or not for the reader."""
    if figure.behind is None or not is_open_to(LISTS[figure.behind[0]], by=actor()):
        return ""
    asked: dict[str, Any] = {}
    if part is not None and isinstance(part.key, Period):
        period = part.key
    elif part is not None:
        asked = {"figure_by": dimension, "figure_part": part.written_key or ""}
    if place.area:
        asked["figure_area"] = place.area.id
    if place.team:
        asked["figure_team"] = place.team.id
    if figure.behind[0] == "teams":
        # By default the list shows only active ones.
        asked["state"] = ""
    return url_for(
        "lists.show",
        list_name=figure.behind[0],
        figure=figure.code,
        figure_from=period.since,
        figure_to=period.until,
        **asked,
    )


def count_url(place: Place, period: Period, each: Count) -> str:
    """Return the same for a figure of the whole place."""
    return rows_url(place, period, each.figure)


def people_forecast_url(paths: Sequence[str], stars: int) -> str:
    """Return the address of the list of people who would have so many stars."""
    if not is_open_to(LISTS["people"], by=actor()):
        return ""
    ids = [] if "/" in paths else [path.rstrip("/").rpartition("/")[2] for path in paths]
    areas = "-".join(sorted(set(ids)))
    return url_for("lists.show", list_name="people", forecast=stars, forecast_area=areas)
