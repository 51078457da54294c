"""What a clock tells: shifts, check-outs, orders, points, work that waits; each once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, acting
from tests.make_attendance import came
from tests.make_points import FRIDAY, earned, gift
from volunteer_service import settings
from volunteer_service.attendance import staff_digest
from volunteer_service.db import db
from volunteer_service.events import shift_reminders, sign_ups
from volunteer_service.people.models import Message
from volunteer_service.scoring.points import expiry
from volunteer_service.scoring.points.models import Lot
from volunteer_service.scoring.rewards import order_reminders, orders
from volunteer_service.teams import membership

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def kinds(person: object) -> list[str]:
    query = select(Message.kind).where(Message.volunteer_id == person.id).order_by(Message.id)
    return list(db.session.scalars(query))


def test_a_place_is_confirmed_and_its_shift_is_told_the_day_before_once(cast: make.Cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, starts_at=MORNING)
    (shift,) = event.shifts
    sign_ups.sign_up(shift.id, by=acting(cast.wang_account), at=MORNING - 3 * DAY)
    assert shift_reminders.remind(at=MORNING - 2 * DAY) == 0
    assert shift_reminders.remind(at=MORNING - DAY) == 1
    assert shift_reminders.remind(at=MORNING - DAY + 5 * MINUTE) == 0
    assert kinds(cast.wang) == ["place_confirmed", "shift_tomorrow"]


def test_who_is_there_hears_of_the_check_out_and_is_asked_once_when_it_is_missing(
    cast: make.Cast,
) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, starts_at=MORNING)
    (shift,) = event.shifts
    came(event, cast.wang, last=None)
    assert shift_reminders.remind(at=shift.ends_at - 15 * MINUTE) == 0
    for _ in range(2):
        shift_reminders.remind(at=shift.ends_at - 10 * MINUTE)
    assert kinds(cast.wang) == ["check_out_soon"]
    for minutes in (10, 20, 30):
        shift_reminders.remind(at=shift.ends_at + minutes * MINUTE)
    assert kinds(cast.wang) == ["check_out_soon", "check_out_forgotten"]


def test_an_order_is_told_when_it_is_ready_and_two_days_before_it_lapses(cast: make.Cast) -> None:
    earned(cast.wang, 10_000)
    row, _code = orders.order(
        gift(cast).id, 1, cast.wang.id, stars=5, by=acting(cast.wang_account), at=FRIDAY
    )
    assert order_reminders.remind(at=row.lapses_at - 3 * DAY) == 0
    assert order_reminders.remind(at=row.lapses_at - DAY) == 1
    assert order_reminders.remind(at=row.lapses_at - DAY / 2) == 0
    assert [kind for kind in kinds(cast.wang) if kind.startswith("order")] == [
        "order_ready",
        "order_lapsing",
    ]


def test_points_are_told_30_and_7_days_before_they_expire(cast: make.Cast) -> None:
    earned(cast.wang, 500)
    (lot,) = db.session.scalars(select(Lot).where(Lot.remaining > 0)).all()
    last = settings.day_begins(lot.expires_on)
    counts = [expiry.remind(at=last - n * DAY) for n in (31, 30, 20, 8, 7, 6, 0)]
    assert counts == [0, 1, 0, 0, 1, 0, 0]


def test_staff_hear_once_a_morning_what_waits(cast: make.Cast) -> None:
    assert staff_digest.tell_waiting(at=MORNING) == 0
    membership.join(cast.team.id, by=acting(cast.zhao_account), at=MORNING)
    assert staff_digest.tell_waiting(at=MORNING) == staff_digest.tell_waiting(at=MORNING + DAY) > 1
    assert staff_digest.tell_waiting(at=MORNING + DAY + MINUTE) == 0
    query = select(Message.facts).where(Message.account_id == cast.coordinator.id)
    assert db.session.scalars(query).all() == [{"records": 0, "disputes": 0, "joining": 1}] * 2
