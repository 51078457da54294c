"""Planned breaks as leaders write them: clock times in one field, ``12:00-13:00、17:00-17:30``."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from marshmallow import fields

from volunteer_service import settings
from volunteer_service.events.models import Shift
from volunteer_service.field_messages import Sentence
from volunteer_service.scoring.rules.recognised_minutes import Span

#: Beginning and end as clock times.
Times = tuple[time, time]

_BETWEEN = re.compile(r"[、,;。\s]+")
_ONE = re.compile(r"(\d{1,2}):(\d\d)(?:[-–—~]|至|到)(\d{1,2}):(\d\d)")
_LONGEST = 200


class BreakTimes(fields.String):
    """Pairs of local clock times; empty where there is no break."""

    default_error_messages = {  # noqa: RUF012
        "times": Sentence("请写成 12:00-13:00；有几次休息，用顿号隔开。")
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        words = unicodedata.normalize("NFKC", typed)
        words = re.sub(r"\s*([-–—~至到])\s*", r"\1", words)
        found = [_ONE.fullmatch(each) for each in _BETWEEN.split(words) if each]
        if len(typed) > _LONGEST or None in found:
            raise self.make_error("times")
        try:
            return tuple(_times([int(each) for each in one.groups()]) for one in found if one)
        except ValueError:
            raise self.make_error("times") from None


def dated(times: Iterable[Times], starts_at: datetime) -> tuple[Span, ...]:
    """Return breaks on their days: a clock time before the shift's beginning is of the next day."""
    zone = settings.current().zone
    first = starts_at.astimezone(zone)
    spans = []
    for begins, ends in times:
        start = datetime.combine(first.date(), begins, zone)
        start += timedelta(days=start < first)
        end = datetime.combine(start.date(), ends, zone)
        spans.append((start, end + timedelta(days=end <= start)))
    return tuple(spans)


def of_shift(shift: Shift) -> str:
    """Return the breaks of a shift as the field holds them."""
    zone = settings.current().zone
    breaks = shift.planned_breaks
    return "、".join("-".join(f"{at.astimezone(zone):%H:%M}" for at in each) for each in breaks)


def _times(numbers: Sequence[int]) -> Times:
    hour, minute, end_hour, end_minute = numbers
    return time(hour, minute), time(end_hour % 24, end_minute)
