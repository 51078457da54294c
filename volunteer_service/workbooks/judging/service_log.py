"""Judges the log of services: one row is one person at one event.

Order of checks, the first that fails is the reason: missing value (event, team) · impossible date
· impossible time · unreadable hours · unknown team · unknown or ambiguous volunteer · not volunteer
service · date in the future (after ``today``) · hours not positive · hours exceed the event ·
duplicate row · overlap. A refused row never affects a later one: only taken rows make a duplicate
or an overlap, so of two overlapping records the second is refused.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import ClassVar

from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks.judging import named_people
from volunteer_service.workbooks.judging.taken_or_refused import (
    DELETE_ROW,
    FILL_CELL,
    N_,
    NAME,
    TEXT,
    TITLE,
    Reason,
    ServiceRow,
    Taken,
    date_cure,
    did_you_mean,
    taken,
    team_cure,
)
from volunteer_service.workbooks.judging.taken_so_far import Sofar
from volunteer_service.workbooks.reading import cells, dated_times, times
from volunteer_service.workbooks.reading.line import Line

#: The longest service over midnight; a longer one is probably a typing error.
_LONGEST_NIGHT = timedelta(hours=12)
#: No street has records of service from before: an earlier year is a typing error.
_FIRST_YEAR = 2000
#: Overlaps are searched within a day.
_LONGEST_EVENT = timedelta(days=1)
_TOO_LONG = N_("一条记录要短于 24 小时。请核对日期，或每天写一行。")
_CHECK_TIME = N_("请写成 08:30 这样的时间。")
_NEXT_DAY = N_("过了半夜的时间请写成“次日 02:00”。")
_AS_MEANT = N_("看不出是几小时还是几小时几分。请写成 2.5 或 2小时30分。")
_BEFORE = N_("志愿服务记录不会早于 2000 年，请核对年份。")
_OTHER_DAY = N_("这一行有两个不同的日期，请核对后只留一个。")
#: The words for evidence in a workbook; any other word is ``imported``. The best grade named
#: counts.
_GRADES = (
    ("scanned", ("扫码", "二维码", "刷卡", "刷脸", "扫描", "电子签到")),
    ("backfilled", ("补录", "补登", "补记", "补签", "事后")),
    ("leader", ("队长", "负责人", "领队", "点名")),
)
#: Order 67 art. 19: paid duties and staff meetings are no volunteer service.
_NOT_SERVICE = re.compile(
    r"例会|会议(?!.{0,4}(?:服务|保障|引导|志愿|接待))|在岗|值班费|有偿|带薪|坐班|加班|述职|本职工作"
)


class Judge:
    """Takes records of known volunteers and teams."""

    needed: ClassVar[Collection[str]] = frozenset(("span",))
    #: The longest cell of each field; every other is a number, a date or a known name.
    longest: ClassVar[Mapping[str, int]] = {
        "event": TITLE,
        "place": TITLE,
        "content": TEXT,
        "team": NAME,
        "leader": NAME,
        "name": NAME,
    }

    def __init__(self, sofar: Sofar, today: date, policy: Policy) -> None:
        self._sofar = sofar
        self._today = today
        self._half_day = policy.half_day_minutes

    def judge(self, line: Line) -> Taken:
        """Take one record; raises :class:`Reason`."""
        event, team = _filled(line, "event"), _filled(line, "team")
        start, end = _times(line, self._half_day)
        minutes = _minutes(line, self._half_day)
        _check_doubtful(line, minutes, (end - start).seconds // 60)
        if not self._sofar.has_team(team):
            cure = did_you_mean(team, self._sofar.team_names(), team_cure(line))
            raise Reason("unknown_team", "team", cure)
        person = named_people.by_phone(self._sofar, line)
        self._check_service(line, event, start, minutes, (end - start).seconds // 60)
        key = record_key(person, event, start, end)
        is_new = self._check_alone(key, person, start, end, minutes)
        self._sofar.remember_record(key, person, start, end)
        row = ServiceRow(
            key=key,
            person=person,
            event=event,
            start=start,
            end=end,
            place=line.text("place"),
            content=line.text("content"),
            minutes=minutes,
            team=team,
            leader=line.name("leader"),
            grade=grade_of(line.text("method")),
        )
        return taken(line, row, is_new)

    def _check_service(
        self, line: Line, event: str, start: datetime, minutes: int, length: int
    ) -> None:
        if _NOT_SERVICE.search(line.text("content")) or _NOT_SERVICE.search(event):
            raise Reason(
                "not_volunteer_service", "content", "在岗工作和会议不计入志愿服务，删除这一行即可。"
            )
        if start.date() > self._today:
            raise Reason("date_in_the_future", "on", f"今天是 {self._today}，请核对年份。")
        if start.year < _FIRST_YEAR:
            raise Reason("impossible_date", "on", _BEFORE)
        if minutes <= 0:
            raise Reason("hours_not_positive", "minutes", "请核对服务时长。")
        if minutes > length:
            raise Reason(
                "hours_exceed_event", "minutes", f"活动只有 {length} 分钟，请核对时长和起止时间。"
            )

    def _check_alone(
        self, key: str, person: str, start: datetime, end: datetime, minutes: int
    ) -> bool:
        """Tell whether the record is new; refuse it if the person has another record at that time,
        or the same record with other minutes.
        """
        taken = self._sofar.taken_between(person, start, end)
        if key in taken:
            raise Reason("duplicate_row", "event", DELETE_ROW)
        before = set(self._sofar.known.records_between(person, start, end))
        if taken or before - {key}:
            raise Reason("overlaps_another_record", "start", "同一时间只能记一次，请核对时间。")
        recorded = self._sofar.known.minutes_of(person, key)
        if recorded is not None and recorded != minutes:
            cure = f"已有这条记录，时长是 {recorded} 分钟。要改请在这条记录的页面上更正。"
            raise Reason("recorded_otherwise", "minutes", cure)
        return key not in before


def record_key(person: str, event: str, start: datetime, end: datetime) -> str:
    """Return the natural key of a record, 32 hex digits, which is equal in every file with the
    record.
    """
    whole = "|".join((person, cells.match_key(event), f"{start:%Y%m%d%H%M}", f"{end:%Y%m%d%H%M}"))
    return sha256(whole.encode()).hexdigest()[:32]


def grade_of(method: str) -> str:
    """Return the evidence grade behind 记录方式: scanned, leader, backfilled, else imported."""
    for grade, words in _GRADES:
        if any(word in method for word in words):
            return grade
    return "imported"


def _filled(line: Line, field: str) -> str:
    found = line.name(field)
    if not found:
        raise Reason("missing_value", field, FILL_CELL)
    return found


def _times(line: Line, half_day: int) -> tuple[datetime, datetime]:
    """Return start and end; an end before the start is the next morning, if that makes at most 12
    h.
    """
    raw = dated_times.day_of(line.raw("on"))
    on = cells.day(raw, line.epoch)
    if on is None:
        raise Reason("impossible_date", "on", date_cure(raw))
    midnight = datetime.combine(on, time())
    first, last = _minutes_of_day(line, half_day)
    start, end = (midnight + timedelta(minutes=found) for found in (first, last))
    last_day = _last_day(line, on)
    if last_day is not None and last_day > on:
        end = datetime.combine(last_day, time()) + timedelta(minutes=last)
    if end - start >= _LONGEST_EVENT:
        raise Reason("impossible_time", "end", _TOO_LONG)
    if end < start:
        end += timedelta(days=1)
        if end - start > _LONGEST_NIGHT:
            raise Reason("impossible_time", "end", "结束时间早于开始时间，请核对。")
    return start, end


def _last_day(line: Line, on: date) -> date | None:
    """Return the day of the end, where its cell names one; a time of another day is refused."""
    whole = dated_times.read(line.raw("span")) or dated_times.read(line.raw("start"))
    begun = cells.day(whole.day, line.epoch) if whole is not None else None
    ended = cells.day(whole.last_day, line.epoch) if whole is not None else None
    if ended is None:
        ended = dated_times.own_day(line.raw("end"), line.epoch)
    if (begun is not None and begun != on) or (ended is not None and ended < on):
        raise Reason("impossible_date", "on", _OTHER_DAY)
    return ended


def _minutes_of_day(line: Line, half_day: int) -> tuple[int, int]:
    """Return begin and end from two cells, or both from one, of their own column or of the begin's.

    Without a column for the end it follows from the begin and the length.
    """
    whole = "span" if line.text("span") else "start"
    # One cell merged over begin and end contains both.
    if not line.text("end") or line.text("end") == line.text("start"):
        dated = dated_times.read(line.raw(whole))
        if dated is not None and dated.last is not None:
            return dated.first, dated.last
        if both := times.span(line.raw(whole)):
            return both
        begun = dated.first if dated is not None else times.minute_of_day(line.raw(whole))
        if begun is not None and "end" not in line.header.columns:
            return begun, begun + _minutes(line, half_day)
    found = times.minute_of_day(line.raw("start")), times.minute_of_day(line.raw("end"))
    for field, minute in zip(("start", "end"), found, strict=True):
        if minute is None:
            named = field if field in line.header.columns else "span"
            beyond = times.is_beyond_midnight(line.raw(field))
            raise Reason("impossible_time", named, _NEXT_DAY if beyond else _CHECK_TIME)
    return found[0] or 0, found[1] or 0


def _check_doubtful(line: Line, minutes: int, length: int) -> None:
    """Refuse a length that means the whole event, read as it may have been meant, and less as it is
    written: 2.30 for 2 h 30 min, a part of a day.
    """
    if minutes < length and length in times.other_meanings(line.raw("minutes")):
        raise Reason("unreadable_hours", "minutes", _AS_MEANT)


def _minutes(line: Line, half_day: int) -> int:
    unit = line.header.units.get("minutes", "hours")
    found = times.minutes(line.raw("minutes"), unit, half_day)
    if found is None:
        raise Reason("unreadable_hours", "minutes", "请写成 1.5 或 1小时30分。")
    return found
