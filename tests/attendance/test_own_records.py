"""Hours are worth points: nobody decides on their own."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import came, record
from volunteer_service.attendance import refusals
from volunteer_service.attendance import service as attendance
from volunteer_service.attendance.models import Attendance, ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import service as points

AFTER = make.MORNING + timedelta(minutes=125)


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def li(cast) -> Volunteer:
    return db.session.get(Volunteer, cast.li_mei.volunteer_id)


@pytest.fixture
def event(cast):
    return make.event(team=cast.team, leader=cast.li_mei)


def closed(cast, event, *who) -> dict[int, ServiceRecord]:
    for each in who:
        came(event, each)
    attendance.close(event.id, by=make.acting(cast.li_mei), at=AFTER)
    return {row.volunteer_id: row for row in db.session.scalars(select(ServiceRecord))}


def test_another_leader_or_a_coordinator_confirms(cast, event, li) -> None:
    made = closed(cast, event, li, cast.wang)
    both = [made[li.id].id, made[cast.wang.id].id]
    with pytest.raises(refusals.SamePerson):
        attendance.confirm(both, by=make.acting(cast.li_mei), at=AFTER)
    assert points.standing(li.id, make.MORNING.date()).available == 0
    attendance.confirm(both[:1], by=make.acting(cast.coordinator), at=AFTER)
    assert points.standing(li.id, make.MORNING.date()).available == 200


def test_a_leader_neither_refuses_nor_ends_her_own(cast, event, li) -> None:
    came(event, li, 0, None)
    attendance.close(event.id, by=make.acting(cast.li_mei), at=AFTER)
    own, by = db.session.scalars(select(ServiceRecord)).one(), make.acting(cast.li_mei)
    with pytest.raises(refusals.SamePerson):
        attendance.refuse(own.id, reason="未到", by=by, at=AFTER)
    end = {"ends_at": event.ends_at, "scan_id": uuid4().hex}
    with pytest.raises(refusals.SamePerson):
        attendance.set_end(own.id, **end, by=by, at=AFTER)
    assert (own.state, own.waits_for) == ("waiting", "end")
    assert attendance.may_decide(own, by=by) == frozenset()


def test_a_coordinator_decides_no_dispute_of_her_own(cast) -> None:
    mine = make.volunteer("周静", team=cast.team)
    cast.coordinator.volunteer_id = mine.id
    db.session.flush()
    by = make.acting(cast.coordinator)
    said = attendance.dispute(record(mine, team=cast.team).id, words="少了", by=by, at=AFTER)
    with pytest.raises(refusals.SamePerson):
        attendance.decide_dispute(said.id, upheld=True, answer="是", minutes=9, by=by, at=AFTER)


@pytest.mark.parametrize("kind", ["in", "out"])
def test_a_leader_does_not_tick_herself(cast, event, li, kind) -> None:
    with pytest.raises(refusals.OwnTick):
        attendance.tick(
            event.id,
            volunteer_id=li.id,
            kind=kind,
            scan_id=uuid4().hex,
            by=make.acting(cast.li_mei),
            at=make.MORNING,
        )
    assert db.session.scalars(select(Attendance)).all() == []
