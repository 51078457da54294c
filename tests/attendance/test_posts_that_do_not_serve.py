"""Posts that do not serve: presence as everywhere, no record, no no-show, in no figure."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests import make, make_days
from tests.make_attendance import scanning
from volunteer_service.attendance import closing
from volunteer_service.attendance.check_ins import check_in, event_codes, walk_ins
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import corrected_times
from volunteer_service.attendance.refusals import MoveLosesMinutes
from volunteer_service.db import db
from volunteer_service.events import planning, rescheduling
from volunteer_service.events.models import Attendance, SignUp
from volunteer_service.figures import counting
from volunteer_service.figures.counting import Place
from volunteer_service.figures.periods import Period


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_whoever_takes_part_has_presence_and_no_record(session) -> None:
    day = make_days.day("K")
    absent = make.volunteer("李四")
    make.sign_up(day.event, absent, shift=day.shifts["K"])
    assert day.act("in 09:00") is None
    assert day.act("out 11:00") is None
    made = closing.close(day.event.id, by=day.leader, at=make_days.instant("11:05"))
    assert (made.records, made.refused, made.no_shows, made.open_shifts) == (0, 0, 0, 0)
    assert (count(ServiceRecord), count(Attendance), day.event.state) == (0, 1, "closed")
    assert set(db.session.scalars(select(SignUp.state))) == {"confirmed"}


def test_the_phone_says_that_no_hours_come_of_it(session) -> None:
    day = make_days.day("K")
    token = event_codes.token(day.event)
    assert day.act("in 09:00") is None
    early = check_in.look(token, volunteer_id=day.who.id, at=make_days.instant("09:10"))
    # No minutes are missing, because none are required.
    assert (early.kind, early.minutes_short, early.present.serves) == ("out", 0, False)
    assert day.act("out 09:20") is None
    left = check_in.look(token, volunteer_id=day.who.id, at=make_days.instant("09:40"))
    assert left.worth is None


def test_who_served_is_not_moved_to_a_class(session) -> None:
    day = make_days.day("(A) (K)")
    by, at = scanning(day.who), make_days.instant("09:00")
    scanned = {"scan_id": uuid4().hex, "shift_id": day.shifts["A"].id, "by": by, "at": at}
    check_in.scan(event_codes.token(day.event), **scanned)
    later = make_days.instant("10:45")
    move = {"volunteer_id": day.who.id, "by": day.leader, "at": later}
    with pytest.raises(MoveLosesMinutes) as refused:
        walk_ins.move(day.event.id, shift_id=day.shifts["K"].id, **move)
    assert refused.value.numbers["minutes"] == 102


def test_a_pupil_is_moved_to_service(session) -> None:
    day = make_days.day("(A) (K)")
    by, at = scanning(day.who), make_days.instant("09:00")
    scanned = {"scan_id": uuid4().hex, "shift_id": day.shifts["K"].id, "by": by, "at": at}
    check_in.scan(event_codes.token(day.event), **scanned)
    move = {"volunteer_id": day.who.id, "by": day.leader, "at": make_days.instant("09:30")}
    walk_ins.move(day.event.id, shift_id=day.shifts["A"].id, **move)
    assert day.act("out 11:00") is None
    day.close_all()
    assert {name: row.minutes for name, row in day.by_shift().items()} == {"A": 120}


def test_a_class_is_shortened_whoever_is_inside(session) -> None:
    day = make_days.day("K")
    assert day.act("in 09:00") is None
    rescheduling.edit_shift(
        day.shifts["K"].id,
        starts_at=make_days.instant("09:00"),
        ends_at=make_days.instant("10:00"),
        capacity=9,
        reason="老师要早走",
        by=day.leader,
        at=make_days.instant("09:50"),
    )
    assert day.shifts["K"].ends_at == make_days.instant("10:00")


def test_a_record_is_corrected_to_no_class(session) -> None:
    day = make_days.day("A K")
    assert day.act("in 09:00") is None
    assert day.act("out 11:00") is None
    day.close_all()
    record = day.by_shift()["A"]
    assert [row.id for row in corrected_times.shifts_of(record)] == [day.shifts["A"].id]


@pytest.mark.parametrize(("places", "held"), [("K", 0), ("A K", 1)])
def test_an_event_without_service_is_in_no_figure(session, places: str, held: int) -> None:
    day = make_days.day(places)
    day.close_all()
    period = Period(date(2026, 1, 1), date(2026, 6, 30))
    place = Place(team_ids=(day.cast.team.id,))
    counts = counting.count(place, period, today=make.MORNING, codes=["events"])
    assert [each.value for each in counts] == [held]


def test_a_post_is_made_to_take_part_only(session) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei)
    post = planning.add_post(
        event.id, name="求职者", serves=False, by=make.acting(cast.li_mei), at=make.MORNING
    )
    shift = planning.add_shift_at(
        event.id,
        post="学员",
        serves=False,
        starts_at=event.starts_at,
        ends_at=event.starts_at + timedelta(hours=1),
        capacity=5,
        by=make.acting(cast.li_mei),
        at=make.MORNING,
    )
    assert (post.serves, shift.post.serves) == (False, False)
