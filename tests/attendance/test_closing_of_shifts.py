"""Shifts close by themselves, and reopen on the day; no record and no no-show is made twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make, make_days
from tests.make import acting
from volunteer_service.attendance import closing, refusals, reopening
from volunteer_service.attendance.records import record_decisions
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.events.models import SignUp
from volunteer_service.journal import Entry


def other(day: make_days.Day, *names: str) -> SignUp:
    """The last place of somebody else who holds these shifts."""
    who = make.volunteer("周强")
    return [make.sign_up(day.event, who, shift=day.shifts[name]) for name in names][-1]


def close(day: make_days.Day, at: str) -> closing.Closed:
    return closing.close(day.event.id, by=day.leader, at=make_days.instant(at))


def reopen(day: make_days.Day, at: str, **by) -> reopening.Reopened:
    actor = by.get("by", day.leader)
    return reopening.reopen(day.event.id, reason="有人还在", by=actor, at=make_days.instant(at))


def test_closing_on_the_first_day_touches_the_first_day_alone(session) -> None:
    day = make_days.day("A D")
    second = other(day, "D")
    assert close(day, "11:05") == closing.Closed(records=0, refused=0, no_shows=1, open_shifts=1)
    assert (day.event.state, second.state, day.no_shows()) == ("published", "confirmed", ["A"])
    assert day.act("in +09:00") is None


def test_in_the_first_minute_there_is_nothing_to_close(session) -> None:
    day = make_days.day("A")
    other(day, "A")
    with pytest.raises(refusals.ShiftsRunning):
        close(day, "09:01")
    assert day.act("in 09:00") is None
    with pytest.raises(refusals.StillPresent):
        close(day, "10:00")
    assert (day.event.state, day.no_shows()) == ("published", [])


def test_a_closed_event_reopens_the_same_day_and_closes_again(session) -> None:
    day = make_days.day("A")
    absent = other(day, "A")
    assert day.act("in 09:00") is None
    close(day, "11:00")
    assert (day.event.state, absent.state) == ("closed", "no_show")
    with pytest.raises(NotFound):
        reopen(day, "11:10", by=acting(day.cast.zhao_account))
    assert reopen(day, "11:10") == reopening.Reopened(shifts=1, records=1, no_shows=1)
    db.session.expire_all()
    assert (day.event.state, absent.state, day.records()) == ("published", "confirmed", [])
    kept = db.session.scalars(select(Entry).where(Entry.verb == "attendance.reopen")).one()
    assert kept.facts["reason"] == "有人还在"
    assert day.act("out 11:20") is None
    # Long after the end it is still open: the leader closes it, or the service at midnight.
    assert closing.close_due(by=day.service, at=make_days.instant("20:00")) == 0
    assert closing.close_due(by=day.service, at=make_days.instant("+00:00")) == 1
    assert [(r.minutes, r.state) for r in day.records()] == [(120, "waiting")]
    assert day.event.state == "closed"


def test_not_on_another_day_nor_once_a_record_is_decided(session) -> None:
    day = make_days.day("A")
    for act in ("in 09:00", "out 11:00"):
        assert day.act(act) is None
    close(day, "11:00")
    with pytest.raises(refusals.NothingToReopen):
        reopen(day, "+08:00")
    at = make_days.instant("12:00")
    record_decisions.confirm([day.records()[0].id], by=day.leader, at=at)
    with pytest.raises(refusals.NothingToReopen):
        reopen(day, "12:05")
    assert not reopening.may_reopen(day.event, at=at)
    assert day.records()[0].state == "confirmed"


def test_the_service_closes_each_shift_after_its_end(session) -> None:
    day = make_days.day("A D")
    assert day.act("in 09:00") is None
    assert closing.close_due(by=day.service, at=make_days.instant("11:29")) == 0
    assert closing.close_due(by=day.service, at=make_days.instant("11:30")) == 1
    waiting = day.records()
    assert [(r.state, r.waits_for) for r in waiting] == [("waiting", "end")]
    assert closing.close_due(by=day.service, at=make_days.instant("11:31")) == 0
    assert day.event.state == "published"


def test_seconds_before_the_entry_by_another_server_s_clock(session) -> None:
    day = make_days.day("A")
    assert day.act("in 09:05") is None
    at = make_days.instant("09:05") - timedelta(seconds=3)
    with pytest.raises(refusals.AlreadyCheckedIn):
        day.scan(at, "out")
    with pytest.raises(refusals.AlreadyCheckedIn):
        day.scan(at)
    assert day.act("out 11:00") is None
