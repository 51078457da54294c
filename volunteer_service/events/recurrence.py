"""Reads a recurrence rule (RFC 5545 RRULE) and finds its days; pure, no database."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

from volunteer_service.errors import Invalid

#: A series covers at most a year, its leap day included.
LONGEST = timedelta(days=366)
#: Longer than any rule that an event needs.
LONGEST_RULE = 120

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)"
_MONTHDAY = r"-?(?:[1-9]|[12][0-9]|3[01])"
_PARTS = {
    "FREQ": re.compile(r"DAILY|WEEKLY|MONTHLY"),
    "INTERVAL": re.compile(r"[1-9]|[1-4][0-9]|5[0-2]"),
    "BYDAY": re.compile(rf"{_DAY}(?:,{_DAY}){{0,13}}"),
    "BYMONTHDAY": re.compile(rf"{_MONTHDAY}(?:,{_MONTHDAY}){{0,30}}"),
    "WKST": re.compile(r"MO|TU|WE|TH|FR|SA|SU"),
}


def read(rule: str) -> str:
    """Return a rule in its plain form, ``FREQ=WEEKLY;BYDAY=MO,WE``.

    FREQ (daily, weekly, monthly), INTERVAL, BYDAY, BYMONTHDAY and WKST are supported; the end is
    not part of the rule. ``Invalid`` names the field ``rule``.
    """
    parts: dict[str, str] = {}
    for part in rule.strip().upper().removeprefix("RRULE:").split(";"):
        name, _is, value = part.strip().partition("=")
        known = _PARTS.get(name)
        if known is None or name in parts or not known.fullmatch(value):
            raise Invalid(field="rule", why="重复规则写法不对，请写成 FREQ=WEEKLY;BYDAY=MO,WE 这样")
        parts[name] = value
    if "FREQ" not in parts or len(rule) > LONGEST_RULE:
        raise Invalid(field="rule", why="重复规则写法不对，请写成 FREQ=WEEKLY;BYDAY=MO,WE 这样")
    if parts["FREQ"] != "MONTHLY" and re.search(r"\d", parts.get("BYDAY", "")):
        raise Invalid(field="rule", why="“第几个星期几”只能按月重复")
    return ";".join(f"{name}={value}" for name, value in parts.items())


def days_of(rule: str, first: date, until: date) -> Iterator[date]:
    """Yield the days of a rule after ``first`` up to and including ``until``."""
    begins, ends = (datetime.combine(day, time()) for day in (first, until))
    found = rrulestr(f"RRULE:{rule}", dtstart=begins)
    for instant in islice(found.xafter(begins), LONGEST.days):
        if instant > ends:
            return
        yield instant.date()
