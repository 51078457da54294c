"""A post that begins to serve, or no longer does, while people are signed up or inside."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make, make_days
from volunteer_service.attendance import closing
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import Invalid
from volunteer_service.events import refusals, rescheduling, serving_posts
from volunteer_service.people.models import Message

BEFORE = make.MORNING - timedelta(days=1)
WHY = "改成志愿服务"


def change(day, post, serves, clock="09:20", **more):
    return serving_posts.change_serves(
        day.shifts[post].post_id,
        serves=serves,
        reason=WHY,
        by=day.leader,
        at=make_days.instant(clock),
        **more,
    )


def told(person) -> list[str]:
    query = select(Message.kind).where(Message.volunteer_id == person.id).order_by(Message.id)
    return [kind for kind in db.session.scalars(query) if kind == "serving_changed"]


def test_who_is_inside_gets_the_whole_time_and_who_is_to_come_is_told(session) -> None:
    day = make_days.day("K")
    later = make.volunteer("李四")
    make.sign_up(day.event, later, shift=day.shifts["K"])
    assert day.act("in 09:00") is None
    seen = rescheduling.preview(lambda: change(day, "K", True))
    assert {row.outcome for row in seen.touched} == {"serves_inside", "serves"}
    assert not day.shifts["K"].post.serves
    done = change(day, "K", True, seen=seen.mark)
    assert done.touched == seen.touched
    assert (told(day.who), told(later)) == (["serving_changed"], ["serving_changed"])
    assert day.act("out 11:00") is None
    closed = closing.close(day.event.id, by=day.leader, at=make_days.instant("11:05"))
    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.minutes, closed.no_shows) == (120, 1)


def test_who_served_keeps_the_hours(session) -> None:
    day = make_days.day("A")
    assert day.act("in 09:00") is None
    with pytest.raises(refusals.PeopleServedOnPost):
        change(day, "A", False)
    assert day.shifts["A"].post.serves


def test_before_anybody_came_it_only_takes_part_and_goes_back_the_same_way(session) -> None:
    day = make_days.day("A")
    absent = make.volunteer("李四")
    make.sign_up(day.event, absent, shift=day.shifts["A"])
    done = change(day, "A", False, "08:00")
    assert {row.outcome for row in done.touched} == {"takes_part"}
    change(day, "A", True, "08:10")
    assert told(absent) == ["serving_changed"] * 2
    with pytest.raises(refusals.ServesAlready):
        change(day, "A", True, "08:20")


def test_nobody_gets_hours_afterwards_on_a_closed_shift(session) -> None:
    day = make_days.day("K D")
    assert day.act("in 09:00") is None
    assert day.act("out 11:00") is None
    closing.close(day.event.id, by=day.leader, at=make_days.instant("11:05"))
    with pytest.raises(refusals.TookPartOnClosedShift):
        change(day, "K", True, "11:10")


def test_a_reason_is_written_and_a_stale_preview_refused(session) -> None:
    day = make_days.day("K")
    with pytest.raises(Invalid):
        serving_posts.change_serves(day.shifts["K"].post_id, serves=True, by=day.leader, at=BEFORE)
    seen = rescheduling.preview(lambda: change(day, "K", True, "08:00"))
    make.sign_up(day.event, make.volunteer("新来的"), shift=day.shifts["K"])
    with pytest.raises(refusals.ChangedSincePreview):
        change(day, "K", True, "08:00", seen=seen.mark)
