"""A day and its times in one cell: «2025-03-01 09:00-11:00», «3月1日 上午9点到11点».

The day stays text, for :func:`cells.day` to read or to say why it is none.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from volunteer_service.people.search import chinese_numbers
from volunteer_service.workbooks.reading import cells, times, traditional

#: The first years of Excel's calendar are times without a day.
_FIRST_YEAR = 1900
#: A number that is a day of Excel: 1954 to 2119.
_SERIALS = range(20_000, 80_000)
_DAY = r"(?:\d{8}|(?:(?:\d{4}|\d{2})\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2})\s*[日号]?"
#: The day of the week, and other text between a day and a time.
_BETWEEN = r"(?:\s*\(?(?:星期|礼拜|周)[一二三四五六日天1-6]\)?)?[\sT,，、:：]*"
_BEFORE = re.compile(rf"({_DAY}){_BETWEEN}(?=\S)(.+)", re.DOTALL)
_TO = "[-–—−~〜～至到]"
#: From one day to another.
_TWICE = re.compile(
    rf"({_DAY}){_BETWEEN}([^-–—−~〜～至到]+?)\s*{_TO}+\s*({_DAY}){_BETWEEN}(.+)", re.DOTALL
)


@dataclass(frozen=True)
class Dated:
    """The content of one cell: day and begin, and the end if it is in the cell.

    Times are minutes after the midnight that begins the day; ``last_day`` is the end's own.
    """

    day: Any
    first: int
    last: int | None = None
    last_day: Any = None


def read(raw: Any) -> Dated | None:
    """Read a day with one or two times; return None without both."""
    if isinstance(raw, datetime):
        has_both = raw.year > _FIRST_YEAR and raw.time() != time()
        return Dated(raw.date(), raw.hour * 60 + raw.minute) if has_both else None
    if isinstance(raw, float) and _SERIALS.start <= raw < _SERIALS.stop and not raw.is_integer():
        return Dated(raw, times.minute_of_day(raw) or 0)
    whole = times.compact(raw)
    if whole is not None or not isinstance(raw, str):
        return Dated(*whole) if whole is not None else None
    words = chinese_numbers.in_figures(cells.year_in_figures(traditional.simple(cells.text(raw))))
    if (twice := _TWICE.fullmatch(words)) is not None:
        first, last = times.minute_of_day(twice[2]), times.minute_of_day(twice[4])
        if first is not None and last is not None:
            return Dated(twice[1].strip(), first, last, twice[3].strip())
    found = _BEFORE.fullmatch(words)
    if found is None:
        return None
    if (both := times.span(found[2])) is not None:
        return Dated(found[1].strip(), *both)
    first = times.minute_of_day(found[2])
    return Dated(found[1].strip(), first) if first is not None else None


def day_of(raw: Any) -> Any:
    """Return the part of a cell with its day: the text before a time, else the whole cell."""
    found = None if isinstance(raw, datetime) else read(raw)
    return raw if found is None else found.day


def own_day(raw: Any, epoch: datetime) -> date | None:
    """Return the day written beside the time in a cell."""
    found = read(raw)
    return None if found is None else cells.day(found.day, epoch)
