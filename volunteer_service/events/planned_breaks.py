"""Planned breaks of a shift, such as lunch: they are inside it and give no minutes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from volunteer_service.errors import Invalid, Phrase
from volunteer_service.events import refusals
from volunteer_service.scoring.rules.recognised_minutes import Span

#: The most breaks of one shift.
MOST = 6


def of(kept: Iterable[Sequence[str]]) -> tuple[Span, ...]:
    """Return the breaks from ``Shift.breaks``."""
    return tuple(
        (datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in kept
    )


def kept(breaks: Iterable[Span]) -> list[Any]:
    """Return breaks as ``Shift.breaks`` stores them, in order of time."""
    return [[each.astimezone(UTC).isoformat() for each in span] for span in sorted(breaks)]


def moved(breaks: Iterable[Span], by_how_much: timedelta) -> tuple[Span, ...]:
    """Return breaks moved together with their shift."""
    return tuple((begins + by_how_much, ends + by_how_much) for begins, ends in breaks)


def need_possible(breaks: Sequence[Span], starts_at: datetime, ends_at: datetime) -> None:
    """Pass for breaks in order inside a shift that do not overlap and leave time to serve."""
    if len(breaks) > MOST:
        raise Invalid(field="breaks", why=Phrase("一个班次最多安排 %(most)s 次休息", most=MOST))
    ordered = sorted(breaks)
    if any(ends <= begins for begins, ends in ordered):
        raise Invalid(field="breaks", why="休息的结束时间要晚于开始时间")
    if any(begins < starts_at or ends > ends_at for begins, ends in ordered):
        raise refusals.BreakOutsideShift(field="breaks")
    if any(after[0] < before[1] for before, after in pairwise(ordered)):
        raise Invalid(field="breaks", why="两次休息的时间不能重叠")
    if sum((ends - begins for begins, ends in ordered), timedelta()) >= ends_at - starts_at:
        raise Invalid(field="breaks", why="休息不能占满整个班次")
