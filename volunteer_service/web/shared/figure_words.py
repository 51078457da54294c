"""How pages write a figure's value: in the unit that people read, beside the year before."""

from dataclasses import dataclass

from volunteer_service.figures.counting import Count
from volunteer_service.figures.figure import Figure
from volunteer_service.web.shared import frame
from volunteer_service.wording import gettext as _


@dataclass(frozen=True)
class Cell:
    """A number as people read it and as a chart draws it."""

    text: str
    drawn: float
    #: The address of the list with the rows that it counts.
    url: str = ""


def cell(figure: Figure, value: int) -> Cell:
    """Return a value in the unit that people read: hours, points, or the number itself."""
    if figure.unit == "minutes":
        return Cell(frame.FILTERS["hours"](value), value / 60)
    if figure.unit == "centi":
        return Cell(frame.FILTERS["points"](value), value / 100)
    return Cell(frame.FILTERS["number"](value), value)


def text_of(each: Count) -> str:
    """Return a value in the unit that people read."""
    return cell(each.figure, each.value).text


def large(each: Count) -> str:
    """Return the value without parts of an hour, for large type."""
    if each.figure.unit == "minutes":
        return _("%(n)s 小时", n=frame.FILTERS["number"](round(each.value / 60)))
    return text_of(each)


def past_of(each: Count) -> tuple[str, str]:
    """Return the value of the year before and the change since; empty where nothing compares."""
    if each.before is None:
        return "", ""
    was = cell(each.figure, each.before).text
    if not each.before:
        return was, ""
    return was, f"{round(100 * (each.value - each.before) / each.before):+d}%"


#: The names of these functions in templates.
WORDS = {"text_of": text_of, "large": large, "past_of": past_of}
