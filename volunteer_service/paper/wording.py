"""Words dates, half-years and hours on paper, in Chinese and English."""

from datetime import date

_LEVELS = {
    1: ("一星级志愿者", "One-Star Volunteer"),
    2: ("二星级志愿者", "Two-Star Volunteer"),
    3: ("三星级志愿者", "Three-Star Volunteer"),
    4: ("四星级志愿者", "Four-Star Volunteer"),
    5: ("五星级志愿者", "Five-Star Volunteer"),
}
_WEEKDAYS = "一二三四五六日"


def day(on: date) -> str:
    """2026年7月15日"""
    return f"{on.year}年{on.month}月{on.day}日"


def day_english(on: date) -> str:
    """15 July 2026, whatever the locale of the server."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def weekday(on: date) -> str:
    """周六"""
    return f"周{_WEEKDAYS[on.weekday()]}"


def half_year(begins_on: date) -> str:
    """2026年上半年"""
    return f"{begins_on.year}年{'上' if begins_on.month == 1 else '下'}半年"


def half_year_english(begins_on: date) -> str:
    """the first half of 2026"""
    return f"the {'first' if begins_on.month == 1 else 'second'} half of {begins_on.year}"


def hours(minutes: int) -> str:
    """Return whole and tenths of an hour where they are exact, else hours and minutes: 12.5小时."""
    whole, rest = divmod(minutes, 60)
    if rest % 6:
        return f"{whole}小时{rest}分钟"
    return f"{whole}.{rest // 6}小时" if rest else f"{whole}小时"


def hours_english(minutes: int) -> str:
    """12.5 h, or 12 h 35 min where tenths are not exact."""
    whole, rest = divmod(minutes, 60)
    if rest % 6:
        return f"{whole} h {rest} min"
    return f"{whole}.{rest // 6} h" if rest else f"{whole} h"


def level(stars: int) -> tuple[str, str]:
    """Return the name of a star level, one to five, in Chinese and English."""
    return _LEVELS[stars]


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
