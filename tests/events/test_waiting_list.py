"""A waiting list looks like one: the position, who moves up, and that they are told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, Cast, acting
from volunteer_service.areas.refusals import ContactPhoneWrong
from volunteer_service.db import db
from volunteer_service.events import event_lists, planning, sign_ups
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Message

BEFORE = MORNING - timedelta(days=2)
SYSTEM = Actor.system("cli")


def full(cast: Cast) -> tuple[Event, list[SignUp]]:
    """An event of one place: 王建国 holds it, 赵芳 and two more wait behind each other."""
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=1)
    people = [cast.wang, cast.zhao, make.volunteer("陈桂英"), make.volunteer("周强")]
    rows = [
        sign_ups.sign_up(event.shifts[0].id, volunteer_id=who.id, by=SYSTEM, at=BEFORE)
        for who in people
    ]
    return event, rows


def positions(event: Event) -> dict[str, int | None]:
    rows = event_lists.roster(event.id, by=SYSTEM)
    return {row.volunteer.name: row.waiting_position for row in rows}


def told(volunteer_id: int) -> list[str]:
    return list(
        db.session.scalars(select(Message.kind).where(Message.volunteer_id == volunteer_id))
    )


def test_each_who_waits_has_a_place_in_the_line(session: None) -> None:
    event, _rows = full(make.cast())
    assert positions(event) == {"王建国": None, "赵芳": 1, "陈桂英": 2, "周强": 3}


def test_when_somebody_leaves_the_first_moves_up_and_is_told(session: None) -> None:
    cast = make.cast()
    event, rows = full(cast)
    sign_ups.withdraw(rows[0].id, by=acting(cast.wang_account), at=BEFORE)
    db.session.expire_all()
    assert positions(event) == {"王建国": None, "赵芳": None, "陈桂英": 1, "周强": 2}
    assert db.session.get_one(SignUp, rows[1].id).state == "confirmed"
    assert sorted(told(cast.zhao.id)) == ["place_waiting", "sign_up_promoted"]
    assert told(rows[2].volunteer_id) == ["place_waiting"]


def test_who_leaves_the_line_moves_nobody_up(session: None) -> None:
    cast = make.cast()
    event, rows = full(cast)
    sign_ups.withdraw(rows[1].id, by=acting(cast.zhao_account), at=BEFORE)
    db.session.expire_all()
    assert positions(event) == {"王建国": None, "赵芳": None, "陈桂英": 1, "周强": 2}
    assert db.session.get_one(SignUp, rows[2].id).state == "waiting"
    assert told(rows[2].volunteer_id) == ["place_waiting"]
    sign_ups.sign_up(event.shifts[0].id, by=acting(cast.zhao_account), at=BEFORE + timedelta(1))
    db.session.expire_all()
    assert positions(event)["赵芳"] == 3


def test_whom_to_call_is_told_to_who_holds_a_place_and_nobody_else(session: None) -> None:
    cast = make.cast()
    event, _rows = full(cast)
    event.contact_name, event.contact_phone = "李梅", "13800000000"
    holder = event_lists.board(event.id, acting(cast.wang_account)).contact
    assert holder == event_lists.Contact("李梅", "13800000000")
    assert event_lists.board(event.id, acting(cast.li_mei)).contact == holder
    for by in (None, acting(cast.zhao_account), acting(cast.auditor)):
        assert event_lists.board(event.id, by).contact is None
    event.state = "closed"
    assert event_lists.board(event.id, acting(cast.wang_account)).contact is None


def test_a_plan_says_where_one_meets_and_what_to_bring(session: None) -> None:
    cast = make.cast()
    by = acting(cast.li_mei)
    plan = planning.EventPlan(
        title="清洁家园",
        content="捡垃圾",
        place="庆丰公园",
        starts_at=MORNING,
        ends_at=MORNING + timedelta(hours=2),
        meeting_point="公园东门",
        bring="手套",
        contact_name="李梅",
        contact_phone="0856-5221234 转 8001",
    )
    event = planning.create(plan, team_id=cast.team.id, by=by, at=BEFORE)
    assert (event.meeting_point, event.bring) == ("公园东门", "手套")


def test_the_contact_s_phone_can_be_called(session: None) -> None:
    cast = make.cast()
    plan = planning.EventPlan(
        title="清洁家园",
        content="捡垃圾",
        place="庆丰公园",
        starts_at=MORNING,
        ends_at=MORNING + timedelta(hours=2),
        contact_phone="问队长",
    )
    with pytest.raises(ContactPhoneWrong) as refused:
        planning.create(plan, team_id=cast.team.id, by=acting(cast.li_mei), at=BEFORE)
    assert refused.value.field == "contact_phone"
