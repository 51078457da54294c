"""Planned breaks of shifts: planned, moved, changed while people are inside, undone, typed."""

from datetime import timedelta

import pytest
from marshmallow import ValidationError

from tests import make, make_changes, make_days
from tests.make_changes import HOUR
from volunteer_service.db import db
from volunteer_service.errors import Invalid, Refused
from volunteer_service.events import change_undoing, planned_breaks, planning, rescheduling
from volunteer_service.events.models import Event, EventChange, Shift
from volunteer_service.events.refusals import (
    BreakOutsideShift,
    ChangeLosesMinutes,
    NothingChanged,
)
from volunteer_service.web.events import break_times
from volunteer_service.web.events.break_times import BreakTimes

NOON, ONE = make_days.instant("12:00"), make_days.instant("13:00")
LUNCH = (NOON, ONE)


def planned(cast: make.Cast, *breaks: planned_breaks.Span) -> Shift:
    """A published shift from 09:00 to 17:00."""
    event = make.event(
        team=cast.team, leader=cast.li_mei, starts_at=make_days.instant("09:00"), minutes=480
    )
    event.shifts[0].breaks = planned_breaks.kept(breaks)
    db.session.flush()
    return event.shifts[0]


def edited(cast: make.Cast, shift: Shift, **fields) -> rescheduling.Changed:
    event = db.session.get_one(Event, shift.event_id)
    return make_changes.edited(cast, event, shift=shift, **fields)


def test_breaks_are_kept_by_time_and_read_as_they_were(session) -> None:
    cast = make.cast()
    event = make.event(
        team=cast.team, leader=cast.li_mei, starts_at=make_days.instant("09:00"), minutes=480
    )
    tea = (make_days.instant("15:00"), make_days.instant("15:15"))
    shift = planning.add_shift_at(
        event.id,
        post="引导",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        capacity=3,
        breaks=[tea, LUNCH],
        by=make.acting(cast.li_mei),
        at=make.MORNING,
    )
    db.session.expire_all()
    assert shift.planned_breaks == (LUNCH, tea)


@pytest.mark.parametrize(
    ("spans", "refusal"),
    [
        ([("12:00", "12:00")], Invalid),
        ([("13:00", "12:00")], Invalid),
        ([("08:30", "09:30")], BreakOutsideShift),
        ([("16:30", "17:30")], BreakOutsideShift),
        ([("12:00", "13:00"), ("12:30", "13:30")], Invalid),
        ([("09:00", "17:00")], Invalid),
        ([(f"1{n}:00", f"1{n}:10") for n in range(7)], Invalid),
    ],
)
def test_impossible_breaks_are_refused_with_their_field(spans, refusal: type[Refused]) -> None:
    breaks = [tuple(make_days.instant(each) for each in span) for span in spans]
    begins, ends = make_days.instant("09:00"), make_days.instant("17:00")
    with pytest.raises(refusal) as refused:
        planned_breaks.need_possible(breaks, begins, ends)
    assert refused.value.field == "breaks"


def test_breaks_move_along_with_a_shift_and_with_its_event(session) -> None:
    cast = make.cast()
    shift = planned(cast, LUNCH)
    edited(cast, shift, starts_at=shift.starts_at + HOUR, ends_at=shift.ends_at + HOUR)
    assert shift.planned_breaks == ((NOON + HOUR, ONE + HOUR),)
    day = timedelta(days=1)
    event = db.session.get_one(Event, shift.event_id)
    rescheduling.put_off(
        event.id,
        starts_at=event.starts_at + day,
        reason="下雨",
        by=make.acting(cast.li_mei),
        at=make_changes.BEFORE,
    )
    assert shift.planned_breaks == ((NOON + HOUR + day, ONE + HOUR + day),)


def test_breaks_stay_where_a_shift_is_shortened_and_never_outside(session) -> None:
    cast = make.cast()
    shift = planned(cast, LUNCH)
    edited(cast, shift, ends_at=make_days.instant("16:00"))
    assert shift.planned_breaks == (LUNCH,)
    with pytest.raises(BreakOutsideShift):
        edited(cast, shift, ends_at=make_days.instant("12:30"))


def test_a_break_is_a_change_that_tells_and_is_undone(session) -> None:
    cast = make.cast()
    shift = planned(cast, LUNCH)
    make.sign_up(db.session.get_one(Event, shift.event_id), cast.wang, shift=shift)
    with pytest.raises(NothingChanged):
        edited(cast, shift, breaks=[LUNCH])
    changed = edited(cast, shift, breaks=[])
    assert make_changes.outcomes(changed) == {"王建国": "moved"}
    assert (shift.planned_breaks, make_changes.told(cast.wang)) == (
        (),
        [("shift_changed", "moved")],
    )
    event = db.session.get_one(Event, shift.event_id)
    change_undoing.undo_change(
        event.id, version=event.version, by=make.acting(cast.li_mei), at=make_changes.BEFORE
    )
    assert shift.planned_breaks == (LUNCH,)


def test_a_change_of_before_breaks_is_undone_and_leaves_them(session) -> None:
    cast = make.cast()
    shift = planned(cast, LUNCH)
    edited(cast, shift, capacity=9)
    row = db.session.query(EventChange).one()
    for state in ("before", "after"):
        kept = getattr(row, state)
        shifts = {
            key: {name: value for name, value in one.items() if name != "breaks"}
            for key, one in kept["shifts"].items()
        }
        setattr(row, state, kept | {"shifts": shifts})
    row.format = 1
    event = db.session.get_one(Event, shift.event_id)
    change_undoing.undo_change(
        event.id, version=event.version, by=make.acting(cast.li_mei), at=make_changes.BEFORE
    )
    assert shift.planned_breaks == (LUNCH,)


def test_no_break_is_put_into_the_time_of_who_is_inside(session) -> None:
    day = make_days.day("E")
    assert day.act("in 09:00") is None
    shift = day.shifts["E"]
    later = {"at": make_days.instant("13:30"), "breaks": [LUNCH]}
    with pytest.raises(ChangeLosesMinutes) as refused:
        edited(day.cast, shift, **later)
    assert refused.value.numbers == {"count": 1, "minutes": 60}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ""),
        ("12:00-13:00", "12:00-13:00"),
        (" 12：00 — 13：00 ", "12:00-13:00"),
        ("12:00到13:00，15:00至15:15", "12:00-13:00、15:00-15:15"),
    ],
)
def test_a_leader_types_clock_times(session, typed: str, read: str) -> None:
    times = BreakTimes().deserialize(typed)
    shift = Shift(breaks=planned_breaks.kept(break_times.dated(times, make_days.instant("09:00"))))
    assert break_times.of_shift(shift) == read


def test_a_clock_time_before_the_beginning_is_of_the_next_day(session) -> None:
    times = BreakTimes().deserialize("23:30-00:15、01:00-01:10")
    assert break_times.dated(times, make_days.instant("22:00")) == (
        (make_days.instant("23:30"), make_days.instant("+00:15")),
        (make_days.instant("+01:00"), make_days.instant("+01:10")),
    )


@pytest.mark.parametrize(
    "typed", ["中午", "12:00", "12-13", "25:00-26:00", "12:00-12:60", "1" * 300]
)
def test_what_is_no_break_says_how_to_write_one(session, typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        BreakTimes().deserialize(typed)
    assert "12:00-13:00" in str(refused.value.messages)
