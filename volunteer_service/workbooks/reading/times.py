"""Times of day and lengths of time, however a cell states them.

A time is counted in minutes after the midnight that begins the day, so that 24:00 and 晚上12点
are the midnight that ends it. 上午12:00 is noon, as people say it. No float is used in
arithmetic.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from volunteer_service.people.search import chinese_numbers
from volunteer_service.workbooks.reading import cells, traditional

_DAY = 24 * 60
_NOON = 12
#: A number is a day and a time of Excel: 1954 to 2119.
_SERIALS = range(20_000, 80_000)
#: The first day of Excel's calendar, on which a time of 24 hours or more falls.
_FIRST_YEAR = 1900
_NIGHT = "晚上|晚间|夜间|夜里|夜晚|深夜|半夜|午夜|傍晚|晚"
_MORNING = "凌晨|清晨|清早|早晨|早上|早|上午"
_PART = rf"(?P<part>{_NIGHT}|{_MORNING}|中午|正午|下午|午后|am|pm)?"
_CLOCK = re.compile(
    _PART + r"(?P<hour>\d{1,2})(?:[:点时](?P<minute>\d{1,2}|半)?分?整?钟?(?::\d{1,2}(?:\.\d+)?)?)"
    r"(?P<behind>am|pm)?|(?P<part2>am|pm)?(?P<hour2>\d{1,2})(?P<behind2>am|pm)"
)
_DATE_BEFORE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?:\s*日\s*|\s*T|\s+)(?=\S)", re.IGNORECASE
)
_NEXT_DAY = re.compile("次日|翌日|第[2二]天|隔[天日]")
#: Day and time in figures alone, as platforms write them: 20260905 083000.
_COMPACT = re.compile(r"((?:19|20)\d{6})[ T]?([01]\d|2[0-4])([0-5]\d)(?:[0-5]\d)?")
_TO = re.compile("[-–—−~〜～至到]+")
_OVER_24 = re.compile(r"(\d{2})[:点时]\d{0,2}分?(?::\d{2})?")
_FRACTION = re.compile(r"0?\.\d{3,20}")

_AMOUNT = r"([-+]?(?:\d{1,6}(?:\.\d{1,20})?|\.\d{1,20}))"
_HOURS = re.compile(_AMOUNT + r"(?:个?小时|个?钟头?|h|hrs?|hours?|时)?")
_HOURS_MINUTES = re.compile(
    r"([-+]?\d{1,6})(?:个?小时|个?钟头?|h|时|:)(?:零|又)?(\d{1,2})(?:分钟?|m|min|:00)?"
)
#: Hours with minutes after a point; halves and quarters of an hour are usual as such.
_LIKE_CLOCK = re.compile(r"(\d{1,2})\.(?!25$|75$)([0-5]\d)")
_HALF_MORE = re.compile(r"(\d{1,6})(?:个半(?:小时|钟头?)|个?小时半|个?钟头?半)")
_HALF_HOUR = re.compile(r"半个?(?:小时|钟头?)")
_MINUTES = re.compile(r"([-+]?\d{1,8})(?:分钟?|min(?:ute)?s?|m)")
_QUARTERS = re.compile(r"([123])刻钟?")
_HALF_DAYS = re.compile(r"(?:(\d{1,2})个?)?(半天|半日)|(?:全|整|(\d{1,2})(?:个?整)?)(?:天|日)(半)?")


def minute_of_day(raw: Any) -> int | None:
    """7:30, 07:30:00, 7点30分, 下午2点半, 2:30 PM, 晚上12点 (1440), a day's fraction, a time, or
    a day with its time; None for anything else.
    """
    if isinstance(raw, datetime):
        ends_day = raw.year <= _FIRST_YEAR and not (raw.hour or raw.minute)
        return _DAY if ends_day else raw.hour * 60 + raw.minute
    if isinstance(raw, time):
        return raw.hour * 60 + raw.minute
    if (whole := compact(raw)) is not None:
        return whole[1]
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        # NaN, too, is not below the last day.
        return _of_number(Decimal(str(raw))) if 0 <= raw < _SERIALS.stop else None
    words = _words(_without_day(raw))
    if found := _NEXT_DAY.match(words):
        behind = _of_clock(words[found.end() :], "")
        return None if behind is None else behind + _DAY
    if _FRACTION.fullmatch(words):
        return _of_number(Decimal(words))
    return _of_clock(words, "")


def compact(raw: Any) -> tuple[str, int] | None:
    """Return day (eight figures) and minute of 20260905 083000 or 202609050830, else None."""
    found = _COMPACT.fullmatch(cells.text(raw)) if isinstance(raw, str | int) else None
    if found is None or cells.day(found[1]) is None:
        return None
    minute = int(found[2]) * 60 + int(found[3])
    return (found[1], minute) if minute <= _DAY else None


def is_beyond_midnight(raw: Any) -> bool:
    """Tell whether a cell continues beyond midnight: 26:00."""
    if isinstance(raw, timedelta):
        return raw.days >= 1
    found = _OVER_24.fullmatch(_words(raw))
    return found is not None and int(found[1]) >= 24


def clock(raw: Any) -> time | None:
    """Return the same as a time of day, where midnight is 00:00 whichever day it belongs to."""
    found = minute_of_day(raw)
    return None if found is None else time(found // 60 % 24, found % 60)


def span(raw: Any) -> tuple[int, int] | None:
    """Return begin and end from one cell: 7:00-8:30, 上午8点至10点, 下午2点到4点半.

    The end is not before the begin; after midnight it is above 1440.
    """
    if not isinstance(raw, str):
        return None
    words = _words(_without_day(raw))
    begin, *rest = _TO.split(words)
    if len(rest) != 1:
        return None
    begun = _CLOCK.fullmatch(begin)
    part = (begun["part"] or "") if begun else ""
    first, last = _of_clock(begin, ""), minute_of_day(rest[0])
    if first is None or last is None:
        return None
    if last < first:
        # «下午2点到4点» states the part of the day once.
        said_once = _of_clock(rest[0], part)
        last = said_once if said_once is not None and said_once >= first else last + _DAY
    return first, last


def minutes(raw: Any, unit: str = "hours", half_day: int | None = None) -> int | None:
    """Return the time given in whole minutes, exactly: 1.5, '2.4小时', '１．５', '1小时30分',
    '90分钟'.

    Also '1个半小时', '半小时', and begin and end (7:00-8:30). A bare number counts in ``unit``
    ("hours", "minutes" or "days"), «半天» is ``half_day`` minutes where it is given. Fractions are
    rounded to the nearest minute, halves up (0.33 h is 20 min).
    """
    if isinstance(raw, timedelta):
        return raw.days * _DAY + raw.seconds // 60
    if isinstance(raw, datetime):
        return _length_of(raw)
    if isinstance(raw, time):
        # A duration typed as 1:30 is a time of day to Excel.
        return raw.hour * 60 + raw.minute
    words = "" if isinstance(raw, bool | date) else _words(raw)
    if half_day is not None and (days := _HALF_DAYS.fullmatch(words)):
        return _of_days(days, half_day)
    if found := _MINUTES.fullmatch(words):
        return int(found[1])
    if found := _HOURS_MINUTES.fullmatch(words):
        sign = -1 if words.startswith("-") else 1
        return int(found[1]) * 60 + sign * int(found[2])
    if found := _HOURS.fullmatch(words):
        factor = _factor(unit, half_day) if _bare(words) else 60
        return None if factor is None else _whole(Decimal(found[1]) * factor)
    return _in_words(words)


def other_meanings(raw: Any) -> tuple[int, ...]:
    """Return the minutes that a bare number may mean, where it is not of hours: 2.30 (text) as
    2 h 30 min, 0.0625 as a part of a day. 2.5, 2.25 and each tenth of an hour are hours.
    """
    if isinstance(raw, bool | date | time | timedelta):
        return ()
    words = _words(raw)
    found = []
    if clocked := _LIKE_CLOCK.fullmatch(words):
        found.append(int(clocked[1]) * 60 + int(clocked[2]))
    if _FRACTION.fullmatch(words):
        found.append(_whole(Decimal(words) * _DAY))
    return tuple(found)


def _in_words(words: str) -> int | None:
    if found := _HALF_MORE.fullmatch(words):
        return int(found[1]) * 60 + 30
    if _HALF_HOUR.fullmatch(words):
        return 30
    if found := _QUARTERS.fullmatch(words):
        return int(found[1]) * 15
    both = span(words)
    return both[1] - both[0] if both else None


def _of_days(found: re.Match[str], half_day: int) -> int:
    if found[2]:
        return int(found[1] or 1) * half_day
    return (2 * int(found[3] or 1) + bool(found[4])) * half_day


def _length_of(raw: datetime) -> int | None:
    """Return a length of 24 hours or more, which Excel puts on its first days; None for any other
    day.
    """
    if raw.year > _FIRST_YEAR:
        return None
    days = (raw.date() - date(1899, 12, 31)).days
    return max(days, 0) * _DAY + raw.hour * 60 + raw.minute


def _without_day(raw: Any) -> str:
    """Return the text after a leading day."""
    words = cells.text(raw)
    day = _DATE_BEFORE.match(words)
    return words[day.end() :] if day else words


def _words(raw: Any) -> str:
    """Return the text simplified, in small letters, with numbers in figures, without spaces."""
    words = cells.text(raw).replace(" ", "")
    if words.isascii():
        return words.lower()
    return chinese_numbers.in_figures(traditional.simple(words)).lower()


def _of_number(number: Decimal) -> int | None:
    if int(number) in _SERIALS:
        number %= 1
    if not 0 <= number < 1:
        return None
    return _whole(number * _DAY)


def _of_clock(words: str, part: str) -> int | None:
    """Return minutes of one time; ``part`` is the part of the day where the words name none."""
    words = _QUARTERS.sub(lambda found: f"{int(found[1]) * 15}分", words)
    found = _CLOCK.fullmatch(words)
    if not found:
        return None
    named = found["part"] or found["behind"] or found["part2"] or found["behind2"] or part
    hour = int(found["hour"] or found["hour2"])
    if hour > _NOON and re.fullmatch(f"{_MORNING}|am", named):
        # 上午13:00 contradicts itself.
        return None
    hour = _hour(hour, named)
    minute = 30 if found["minute"] == "半" else int(found["minute"] or 0)
    if (hour, minute) == (24, 0):
        return _DAY
    # 晚上12点半 is half an hour after the midnight that ends the evening.
    if hour == 24 and re.fullmatch(_NIGHT, named) and minute < 60:
        return _DAY + minute
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _hour(hour: int, part: str) -> int:
    """Return the hour of the day (24: the midnight that ends it) by the part of the day that is
    named.
    """
    if part in ("下午", "午后", "pm"):
        return hour + 12 if hour < 12 else hour
    if part in ("中午", "正午"):
        return hour + 12 if hour < 4 else hour
    if part in ("凌晨", "am"):
        return 0 if hour == 12 else hour
    if re.fullmatch(_NIGHT, part):
        # 晚上1点 is after midnight.
        return hour + 12 if 4 < hour <= 12 else hour
    return hour


def _factor(unit: str, half_day: int | None) -> int | None:
    """Return the minutes of one unit; None for days if nobody said how long a day is."""
    if unit == "days":
        return None if half_day is None else 2 * half_day
    return 1 if unit == "minutes" else 60


def _bare(words: str) -> bool:
    return words[-1].isdigit()


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_UP))
