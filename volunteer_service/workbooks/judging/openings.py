"""Judges opening balances: points, hours by year, past stars and certificates of an earlier system.

Order of checks: missing value (earlier system) · the person (unknown, ambiguous, left, at home in
another sub-district) · the row's own values · the same row before it · what was taken over already.
Each thing of one person (points of a day, hours of a year, a half-year's star, a number) is taken
over once, whichever file or system names it.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar

from volunteer_service.bounds import MOST_CENTI
from volunteer_service.openings import taken_over
from volunteer_service.openings.models import LONGEST_NUMBER, MOST_MINUTES, MOST_STARS
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks.judging import named_people
from volunteer_service.workbooks.judging.taken_or_refused import (
    FILL_CELL,
    NAME,
    OpeningRow,
    Reason,
    Taken,
    date_cure,
    taken,
)
from volunteer_service.workbooks.judging.taken_so_far import Sofar
from volunteer_service.workbooks.reading import cells, times
from volunteer_service.workbooks.reading.line import Line

_FIRST_YEAR = 1980
_YEAR = re.compile(r"(\d{4})(?:\.0+)?年?度?")
_HALF = re.compile(
    r"(\d{4})年?(?:度)?(?:H([12])|([上下])(?:半年?)?|第?([12一二])半年|-([12]))", re.I
)
_FIRST_HALF = {"1", "上", "一"}
_CHINESE_STARS = str.maketrans("一二三四五", "12345")


class _Openings:
    """What the four lists share: the person, the earlier system, and that each thing is taken over
    once.
    """

    #: The field that distinguishes namesakes.
    needed: ClassVar[Collection[str]] = frozenset(("id_number",))
    longest: ClassVar[Mapping[str, int]] = {"name": NAME, "source": NAME}

    def __init__(self, sofar: Sofar, today: date, policy: Policy) -> None:
        self._sofar = sofar
        self._today = today

    def _begun(self, line: Line) -> tuple[str, str]:
        """Return the person and the earlier system."""
        source = line.name("source")
        if not source:
            raise Reason("missing_value", "source", FILL_CELL)
        person = named_people.by_card_or_phone(self._sofar, line, self._today)
        if self._sofar.known.lives_elsewhere(person):
            raise Reason("lives_elsewhere", "name", "请由此人居住的街道带入，或先更改居住社区。")
        return person, source

    def _need_once(self, kind: str, person: str, what: str, field: str) -> None:
        """Refuse what an earlier row or an earlier import took over."""
        key = f"{kind}|{what}" if kind == "open_papers" else f"{kind}|{person}|{what}"
        if not self._sofar.take_once(key):
            raise Reason("duplicate_row", field, "同一个人的同一项只写一行，请合并成一行。")
        if there := self._sofar.known.taken_over(kind, person, what):
            raise Reason("already_taken_over", field, f"已有：{there}。删除这一行即可。")


class PointsJudge(_Openings):
    """Takes points with the last day on which they are valid."""

    def judge(self, line: Line) -> Taken:
        """Take the points of one day; raises :class:`Reason`."""
        person, source = self._begun(line)
        amount = cells.centi(line.raw("points"))
        if not amount or amount > MOST_CENTI:
            raise Reason("bad_number", "points", "积分要大于 0，最多两位小数。")
        day = _day(line, "expires_on")
        if day < self._today:
            raise Reason("points_expired", "expires_on", "到期的积分不带入，删除这一行即可。")
        self._need_once("open_points", person, day.isoformat(), "expires_on")
        return taken(line, OpeningRow(person, source, amount=amount, on=day), is_new=True)


class HoursJudge(_Openings):
    """Takes the hours of a year."""

    def judge(self, line: Line) -> Taken:
        """Take the hours of one year; raises :class:`Reason`."""
        person, source = self._begun(line)
        found = _YEAR.fullmatch(line.text("year"))
        year = int(found[1]) if found else 0
        if not _FIRST_YEAR <= year <= self._today.year:
            raise Reason("bad_year", "year", f"请写成 {self._today.year - 1} 这样的年份。")
        unit = line.header.units.get("minutes", "hours")
        minutes = times.minutes(line.raw("minutes"), unit)
        if minutes is None:
            raise Reason("unreadable_hours", "minutes", "请写成 1.5 或 1小时30分。")
        if minutes <= 0:
            raise Reason("hours_not_positive", "minutes", "请核对服务时长。")
        if minutes > MOST_MINUTES:
            raise Reason("hours_exceed_year", "minutes", "一年没有这么多小时，请核对单位。")
        self._need_once("open_hours", person, str(year), "year")
        return taken(line, OpeningRow(person, source, minutes=minutes, year=year), is_new=True)


class StarsJudge(_Openings):
    """Takes the star of a past half-year."""

    def judge(self, line: Line) -> Taken:
        """Take one star; raises :class:`Reason`."""
        person, source = self._begun(line)
        half = _half_year(line.text("half_year").replace(" ", ""))
        if half is None or half >= HalfYear.of(self._today):
            cure = f"请写成 {HalfYear.of(self._today).previous} 这样的、已经结束的半年。"
            raise Reason("bad_half_year", "half_year", cure)
        words = line.text("stars").removesuffix("星级").removesuffix("星")
        stars = cells.count(words.translate(_CHINESE_STARS))
        if not stars or stars > MOST_STARS:
            raise Reason("bad_star", "stars", "请写 1 到 5；没有评上星级的不写。")
        self._need_once("open_stars", person, str(half), "half_year")
        return taken(line, OpeningRow(person, source, stars=stars, half=str(half)), is_new=True)


class PapersJudge(_Openings):
    """Takes the number of a certificate that somebody else issued."""

    longest: ClassVar[Mapping[str, int]] = {**_Openings.longest, "title": NAME}

    def judge(self, line: Line) -> Taken:
        """Take one number; raises :class:`Reason`."""
        person, source = self._begun(line)
        number = line.text("number")
        compared = taken_over.compared(number)
        if not compared:
            raise Reason("missing_value", "number", FILL_CELL)
        if len(number) > LONGEST_NUMBER or isinstance(line.raw("number"), float):
            cure = "最多 40 个字。编号很长时，请把这一列设为“文本”格式再输入。"
            raise Reason("too_long", "number", cure)
        day = _day(line, "issued_on")
        if day > self._today:
            cure = f"今天是 {self._today}，请核对年份。"
            raise Reason("date_in_the_future", "issued_on", cure)
        self._need_once("open_papers", person, compared, "number")
        title = line.name("title")
        row = OpeningRow(person, source, number=number, title=title, on=day)
        return taken(line, row, is_new=True)


def _day(line: Line, field: str) -> date:
    if not line.text(field):
        raise Reason("missing_value", field, FILL_CELL)
    found = cells.day(line.raw(field), line.epoch)
    if found is None:
        raise Reason("impossible_date", field, date_cure(line.raw(field)))
    return found


def _half_year(words: str) -> HalfYear | None:
    """Return a half-year: Return a half-year from 2025H1, 2025上半年, 2025年下半年, 2025下,
    2025年第一半年 or 2025-2.
    """
    found = _HALF.fullmatch(words)
    if found is None:
        return None
    year, which = int(found[1]), next(filter(None, found.groups()[1:]))
    in_time = year >= _FIRST_YEAR
    return HalfYear(year, 1 if which in _FIRST_HALF else 2) if in_time else None
