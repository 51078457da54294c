"""Stock only changes by moves, and the day's sheet adds up."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import make
from tests.make_points import FRIDAY, earned, gift
from volunteer_service.db import db
from volunteer_service.errors import Conflict, NotAllowed, NotFound
from volunteer_service.scoring.points import doctor, seals
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.scoring.rewards import desk_days, gifts, orders, refusals
from volunteer_service.scoring.rewards import doctor as rewards_doctor


@pytest.fixture
def cast(session):
    found = make.cast()
    yield found
    assert doctor.doctor() == []
    assert rewards_doctor.doctor() == []


def test_received_written_off_and_counted(cast):
    desk = make.acting(cast.desk)
    row = gift(cast, stock=10)
    gifts.receive(row.id, 5, by=desk, at=FRIDAY)
    gifts.write_off(row.id, 2, "破损", by=desk, at=FRIDAY)
    assert row.stock == 13
    gifts.count(row.id, 12, "盘点", by=desk, at=FRIDAY)
    gifts.count(row.id, 12, "盘点", by=desk, at=FRIDAY)
    assert row.stock == 12


def test_promised_pieces_are_neither_written_off_nor_counted_away(cast):
    desk = make.acting(cast.desk)
    earned(cast.wang)
    row = gift(cast, stock=2)
    orders.order(row.id, 2, cast.wang.id, stars=0, by=desk, at=FRIDAY)
    with pytest.raises(refusals.OutOfStock):
        gifts.write_off(row.id, 1, "破损", by=desk, at=FRIDAY)
    with pytest.raises(refusals.CountBelowReserved):
        gifts.count(row.id, 1, "盘点", by=desk, at=FRIDAY)


def test_an_edit_on_an_old_version_is_refused(cast):
    desk = make.acting(cast.desk)
    row = gift(cast)
    shape = {"name": "保温杯", "price_centi": 500, "minimum_stars": 1, "state": "offered"}
    gifts.edit_gift(row.id, 1, **shape, by=desk, at=FRIDAY)
    with pytest.raises(Conflict):
        gifts.edit_gift(row.id, 1, **shape, by=desk, at=FRIDAY)
    with pytest.raises(refusals.NameTaken):
        gift(cast)


def test_a_withdrawn_gift_is_not_ordered(cast):
    earned(cast.wang)
    row = gift(cast)
    gifts.edit_gift(
        row.id,
        1,
        name=row.name,
        price_centi=300,
        minimum_stars=0,
        state="withdrawn",
        by=make.acting(cast.desk),
        at=FRIDAY,
    )
    with pytest.raises(refusals.GiftNotOffered):
        orders.order(row.id, 1, cast.wang.id, stars=0, by=make.acting(cast.wang_account), at=FRIDAY)


@pytest.mark.parametrize(
    ("who", "refusal"), [("zhao_account", NotFound), ("li_mei", NotFound), ("auditor", NotAllowed)]
)
def test_only_who_keeps_gifts_changes_the_shelf(cast, who, refusal):
    row = gift(cast)
    by = make.acting(getattr(cast, who))
    with pytest.raises(refusal):
        gifts.receive(row.id, 1, by=by, at=FRIDAY)
    with pytest.raises(refusal):
        desk_days.close_day(cast.town.id, {row.id: 10}, by=by, at=FRIDAY)


def test_the_head_of_a_day_sheet_covers_its_last_hand_over(cast):
    desk = make.acting(cast.desk)
    earned(cast.wang)
    cup = gift(cast, stock=10)
    order, _code = orders.order(cup.id, 2, cast.wang.id, stars=0, by=desk, at=FRIDAY)
    orders.hand_over(order.id, by=desk, at=FRIDAY)
    sheet = desk_days.close_day(cast.town.id, {cup.id: 8}, by=desk, at=FRIDAY)
    since = seals.since(sheet.seal_head)
    assert since is not None
    assert (since.upto_id, since.transfers) == (db.session.scalar(select(func.max(Transfer.id))), 0)
    assert doctor.doctor() == []


def test_the_day_adds_up_and_differences_are_booked(cast):
    desk = make.acting(cast.desk)
    earned(cast.wang)
    cup = gift(cast, stock=10)
    monday = FRIDAY + timedelta(days=3)
    gifts.receive(cup.id, 4, by=desk, at=monday)
    order, _code = orders.order(cup.id, 2, cast.wang.id, stars=0, by=desk, at=monday)
    orders.hand_over(order.id, by=desk, at=monday)
    gifts.write_off(cup.id, 1, "破损", by=desk, at=monday)
    with pytest.raises(refusals.CountMissing):
        desk_days.close_day(cast.town.id, {}, by=desk, at=monday)
    sheet = desk_days.close_day(cast.town.id, {cup.id: 10}, by=desk, at=monday)
    (line,) = desk_days.lines_of(sheet)
    assert (line.opening, line.received, line.handed_over, line.written_off) == (10, 4, 2, 1)
    assert line.opening + line.received - line.handed_over - line.written_off == line.closing == 11
    assert line.difference == -1
    assert sheet.seal_head == seals.head()
    with pytest.raises(refusals.DayClosed):
        desk_days.close_day(cast.town.id, {cup.id: 10}, by=desk, at=monday)
    with pytest.raises(refusals.DayClosed), db.session.begin_nested():
        gifts.receive(cup.id, 1, by=desk, at=monday)
    (line,) = desk_days.day_of(cast.town.id, by=desk, at=monday + timedelta(days=1))
    assert (line.opening, line.closing) == (10, 10)
