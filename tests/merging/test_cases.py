"""Mergings case by case: sums before, after, and after the undo, whatever the two entries hold.

The sums are of this file: points by the transfers alone, minutes by the records alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests import make, make_points
from tests.make_attendance import came
from tests.make_merging import DAY, merge, served, undo
from tests.make_points import FRIDAY
from tests.make_ratings import AFTER_NOTICE, record, round_at
from volunteer_service import jobs
from volunteer_service.attendance import closing
from volunteer_service.attendance.records import record_points
from volunteer_service.db import db
from volunteer_service.events.models import Event
from volunteer_service.merging import steps
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import reversals
from volunteer_service.scoring.rewards import orders
from volunteer_service.teams import membership

Two = tuple[Volunteer, Volunteer]


@dataclass(frozen=True)
class Sums:
    """What a person has: hundredths net of debts, hundredths of open orders, minutes."""

    points: int
    ordered: int
    minutes: int

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.points + other.points,
            self.ordered + other.ordered,
            self.minutes + other.minutes,
        )


_POINTS = """
    SELECT COALESCE(SUM(CASE WHEN t.credit_id = a.id THEN t.amount ELSE -t.amount END), 0)
    FROM points_accounts a JOIN transfers t ON a.id IN (t.credit_id, t.debit_id)
    WHERE a.volunteer_id = :id AND t.kind NOT IN ('debt', 'repay')
"""
_ORDERED = """
    SELECT COALESCE(SUM(points_centi), 0) FROM redemptions
    WHERE volunteer_id = :id AND state = 'ordered'
"""
_MINUTES = """
    SELECT COALESCE(SUM(minutes), 0) FROM service_records
    WHERE volunteer_id = :id AND state = 'confirmed'
"""


def sums(row: Volunteer) -> Sums:
    """The sums of one entry."""
    found = (db.session.scalar(text(sql), {"id": row.id}) for sql in (_POINTS, _ORDERED, _MINUTES))
    return Sums(*(int(value or 0) for value in found))


def _order(cast: make.Cast, row: Volunteer, *, hand_over: bool = False) -> None:
    gift = make_points.gift(cast, f"保温杯{make.next_number()}")
    by = make.acting(cast.desk)
    order, _code = orders.order(gift.id, 1, row.id, stars=0, by=by, at=FRIDAY)
    if hand_over:
        orders.hand_over(order.id, by=by, at=FRIDAY)


def _owing(cast: make.Cast, row: Volunteer, amount: int = 400) -> None:
    """Spent 3.00 of points that are taken back then."""
    make_points.earned(row, amount)
    earned = db.session.scalar(text("SELECT MAX(id) FROM transfers WHERE kind = 'earn'"))
    _order(cast, row, hand_over=True)
    assert earned is not None
    reversals.take_back(earned, "记录有误", by=make.acting(cast.coordinator), at=FRIDAY)


def owing_kept(cast, two: Two) -> None:
    _owing(cast, two[0])
    make_points.earned(two[1], 250)


def owing_merged(cast, two: Two) -> None:
    make_points.earned(two[0], 1_000)
    _owing(cast, two[1])


def owing_both(cast, two: Two) -> None:
    for row in two:
        _owing(cast, row)


def owing_more_than_there_is(cast, two: Two) -> None:
    make_points.earned(two[0], 100)
    _owing(cast, two[1])


def ordered_by_both(cast, two: Two) -> None:
    for row, year in zip(two, (make_points.THIS_YEAR, make_points.NEXT_YEAR), strict=True):
        make_points.earned(row, 450, expires_on=year)
        _order(cast, row)


def ordered_and_owing(cast, two: Two) -> None:
    make_points.earned(two[0], 450)
    _order(cast, two[0])
    _owing(cast, two[1])


def owing_with_an_open_order(cast, two: Two) -> None:
    """The order stands although its earning was taken back."""
    make_points.earned(two[1], 500)
    earned = db.session.scalar(text("SELECT MAX(id) FROM transfers WHERE kind = 'earn'"))
    _order(cast, two[1])
    assert earned is not None
    reversals.take_back(earned, "记录有误", by=make.acting(cast.coordinator), at=FRIDAY)
    make_points.earned(two[0], 150)


def with_accounts(cast, two: Two) -> None:
    for n, row in enumerate(two):
        make.account(f"zw{n}", "张伟", volunteer=row)
        served(row, cast, day=n)


def in_one_team(cast, two: Two) -> None:
    membership.join(cast.team.id, by=_self(two[1]), at=FRIDAY)
    served(two[1], cast)


def on_one_shift(cast, two: Two) -> None:
    event = _event(cast, two)
    came(event, two[1])


def on_one_shift_that_was_closed(cast, two: Two) -> None:
    event = _event(cast, two)
    came(event, two[0])
    closing.close(event.id, by=make.acting(cast.li_mei), at=event.ends_at)


def on_one_shift_that_nobody_came_to(cast, two: Two) -> None:
    event = _event(cast, two)
    closing.close(event.id, by=make.acting(cast.li_mei), at=event.ends_at)


def in_one_final_round(cast, two: Two) -> None:
    rows = [record(row, cast.team, 600, on=date(2026, 4, 1 + n)) for n, row in enumerate(two)]
    record_points.grant(rows, by=make.acting(cast.li_mei), at=FRIDAY)
    round_at("final", cast)


def _event(cast: make.Cast, two: Two) -> Event:
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=2)
    for row in two:
        make.sign_up(event, row)
    return event


def _self(row: Volunteer):
    return make.acting(make.account(f"v{row.id}", row.name, volunteer=row))


CASES: tuple[Callable[..., None], ...] = (
    *(owing_kept, owing_merged, owing_both, owing_more_than_there_is),
    *(ordered_by_both, ordered_and_owing, owing_with_an_open_order),
    *(with_accounts, in_one_team, in_one_final_round),
    *(on_one_shift, on_one_shift_that_was_closed, on_one_shift_that_nobody_came_to),
)


@pytest.mark.parametrize("case", CASES, ids=[case.__name__ for case in CASES])
def test_nothing_is_gained_or_lost(cast, kept, other, case) -> None:
    case(cast, (kept, other))
    db.session.flush()
    assert jobs.doctor() == []
    before = sums(kept), sums(other)
    at = AFTER_NOTICE + DAY
    row = merge(cast, kept, other, at=at)
    if row.state == "waiting":
        steps.decide_merging(row.id, approve=True, by=make.acting(cast.second), at=at)
    assert (sums(kept), sums(other)) == (before[0] + before[1], Sums(0, 0, 0))
    assert jobs.doctor() == []
    undo(cast, row, at=at + timedelta(hours=1))
    assert (sums(kept), sums(other)) == before
    assert jobs.doctor() == []
