"""The wording of figures, instants and names on a page, without request, clock or database.

`lang` is "zh" (simplified Chinese) or "en".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from volunteer_service.identifiers.masks import mask_name as mask_name
from volunteer_service.identifiers.masks import mask_phone as mask_phone

SHANGHAI = ZoneInfo("Asia/Shanghai")

_ZH_DAYS = "一二三四五六日"
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
#: A number, its unit, and one blank between them.
_WITH_UNIT = re.compile(r"(-?[0-9][0-9,.]* [^\s0-9]+)")
_ZH_DIGITS = "零一二三四五"


def local_day(at: date | datetime, zone: tzinfo = SHANGHAI) -> date:
    """Return the local calendar day of an aware instant; a plain date is already one."""
    return at.astimezone(zone).date() if isinstance(at, datetime) else at


def day(
    at: date | datetime, lang: str = "zh", this_year: int | None = None, zone: tzinfo = SHANGHAI
) -> str:
    """11月22日 周日 · Sun 22 Nov; the year is added unless it is `this_year`."""
    on = local_day(at, zone)
    shows_year = on.year != this_year
    if lang == "en":
        year = f" {on.year}" if shows_year else ""
        return f"{_EN_DAYS[on.weekday()]} {on.day} {_EN_MONTHS[on.month - 1]}{year}"
    year = f"{on.year}年" if shows_year else ""
    return f"{year}{on.month}月{on.day}日 周{_ZH_DAYS[on.weekday()]}"


def month(on: date, lang: str = "zh") -> str:
    """2026年11月 · Nov 2026."""
    return f"{_EN_MONTHS[on.month - 1]} {on.year}" if lang == "en" else f"{on.year}年{on.month}月"


def lasted(time: timedelta, lang: str = "zh") -> str:
    """Return how long somebody waits, roughly: 20 分钟, 5 小时, 3 天 · 20 min, 5 h, 3 days."""
    minutes = max(0, int(time.total_seconds())) // 60
    for size, zh, en in ((2880, "天", "days"), (60, "小时", "h")):
        if minutes >= size:
            return f"{minutes // (1440 if size > 60 else 60)} {en if lang == 'en' else zh}"
    return f"{minutes} {'min' if lang == 'en' else '分钟'}"


def clock(at: datetime, zone: tzinfo = SHANGHAI) -> str:
    """14:30, local, 24 hours."""
    return at.astimezone(zone).strftime("%H:%M")


def when(
    at: datetime, lang: str = "zh", this_year: int | None = None, zone: tzinfo = SHANGHAI
) -> str:
    """11月22日 周日 14:30 · Sun 22 Nov, 14:30."""
    comma = "," if lang == "en" else ""
    return f"{day(at, lang, this_year, zone)}{comma} {clock(at, zone)}"


def span(
    start: datetime,
    end: datetime,
    lang: str = "zh",
    this_year: int | None = None,
    zone: tzinfo = SHANGHAI,
) -> str:
    """11月22日 周日 14:30–16:30; both days are named when they differ."""
    if local_day(start, zone) == local_day(end, zone):
        return f"{when(start, lang, this_year, zone)}–{clock(end, zone)}"
    until = "to" if lang == "en" else "至"
    return f"{when(start, lang, this_year, zone)} {until} {when(end, lang, this_year, zone)}"


def hours(minutes: int, lang: str = "zh") -> str:
    """3.5 小时 · 3.5 h. Minutes without a finite decimal become hours and minutes."""
    hour, minute = ("h", "min") if lang == "en" else ("小时", "分钟")
    if minutes % 3 == 0:  # a multiple of 0.05 h has at most two decimals
        return f"{(Decimal(minutes) / 60).normalize():,f} {hour}"
    sign, (whole, rest) = "-" if minutes < 0 else "", divmod(abs(minutes), 60)
    return f"{sign}{whole:,} {hour} {rest} {minute}" if whole else f"{sign}{rest} {minute}"


def together(figure: object) -> Markup:
    """Join each number with its unit, so that a line breaks only between «35 小时» and «50
    分钟».
    """
    if isinstance(figure, Markup):
        return figure
    return Markup(_WITH_UNIT.sub(r'<span class="together">\1</span>', str(escape(figure))))  # noqa: S704


def points(centi: int, lang: str = "zh") -> str:
    """12.50 分 · 12.50 points, from integer hundredths."""
    unit = "points" if lang == "en" else "分"
    return f"{Decimal(centi).scaleb(-2):,.2f} {unit}"


def number(n: int) -> str:
    """2,987."""
    return f"{n:,}"


def login(name: str) -> str:
    """Return what somebody signs in with: a number as printed, with a capital X, and a name as
    chosen.
    """
    return name.upper() if name[:-1].isdigit() else name


def stars(n: int, lang: str = "zh") -> str:
    """三星级 · 3 stars; no star has words too."""
    if lang == "en":
        return {0: "No star yet", 1: "1 star"}.get(n, f"{n} stars")
    return f"{_ZH_DIGITS[n]}星级" if n else "暂无星级"


def pick_lang(cookie: str | None, accepted: Iterable[str]) -> str:
    """Return the person's own choice, else the first accepted language we speak, else Chinese."""
    if cookie in ("zh", "en"):
        return cookie
    spoken = (tag.lower().replace("_", "-").split("-")[0] for tag in accepted)
    return next((tag for tag in spoken if tag in ("zh", "en")), "zh")
