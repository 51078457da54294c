"""An order reserves points and stock, and every way it ends does so once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_points import FRIDAY, NEXT_YEAR, THIS_YEAR, TODAY, earned, gift
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded
from volunteer_service.scoring.points import balances, doctor
from volunteer_service.scoring.points.refusals import NotEnoughPoints
from volunteer_service.scoring.rewards import desk_search, orders, pick_up_codes, refusals
from volunteer_service.scoring.rewards import doctor as rewards_doctor
from volunteer_service.scoring.rewards.models import Gift, Redemption


@pytest.fixture
def cast(session):
    found = make.cast()
    yield found
    assert doctor.doctor() == []
    assert rewards_doctor.doctor() == []


def shelf(row):
    return db.session.execute(select(Gift.stock, Gift.reserved).where(Gift.id == row.id)).one()


def ordered(cast, row, quantity=1, *, who=None, at=FRIDAY, stars=0):
    who = who or cast.wang_account
    return orders.order(row.id, quantity, who.volunteer_id, stars=stars, by=make.acting(who), at=at)


def test_an_order_reserves_points_and_stock_and_gives_a_code(cast):
    earned(cast.wang, 1_000)
    row, code = ordered(cast, gift(cast, price_centi=300), 2)
    standing = balances.standing(cast.wang.id, TODAY)
    assert (standing.available, standing.held) == (400, 600)
    assert shelf(row.gift) == (10, 2)
    assert row.lapses_at == FRIDAY.replace(day=5, month=6, hour=16), "the whole 5 June counts"
    assert len(code) == 9
    assert code not in row.code_hash
    found = desk_search.find_by_code(f"{code[:4]} {code[4:]}".lower(), by=make.acting(cast.desk))
    assert found.id == row.id


def test_the_oldest_points_go_first_and_come_back_to_their_own_date(cast):
    earned(cast.wang, 200, expires_on=NEXT_YEAR)
    earned(cast.wang, 200, expires_on=THIS_YEAR)
    row, _code = ordered(cast, gift(cast, price_centi=300))
    assert balances.standing(cast.wang.id, TODAY).expiring == [(NEXT_YEAR, 100)]
    orders.cancel(row.id, by=make.acting(cast.wang_account), at=FRIDAY)
    assert balances.standing(cast.wang.id, TODAY).expiring == [(THIS_YEAR, 200), (NEXT_YEAR, 200)]
    assert shelf(row.gift) == (10, 0)


def test_hand_over_spends_once(cast):
    earned(cast.wang, 1_000)
    row, _code = ordered(cast, gift(cast))
    desk = make.acting(cast.desk)
    orders.hand_over(row.id, by=desk, at=FRIDAY, proxy_name="赵芳")
    with pytest.raises(refusals.AlreadyHandedOver):
        orders.hand_over(row.id, by=desk, at=FRIDAY)
    standing = balances.standing(cast.wang.id, TODAY)
    assert (standing.available, standing.held, standing.spent) == (700, 0, 300)
    assert shelf(row.gift) == (9, 0)
    assert (row.state, row.proxy_name, row.ended_by_id) == ("handed_over", "赵芳", cast.desk.id)
    assert balances.statement(cast.wang.id).items[0].transfer.reason == "保温杯 × 1"


def test_a_cancelled_order_is_not_handed_over(cast):
    earned(cast.wang, 1_000)
    row, _code = ordered(cast, gift(cast))
    orders.cancel(row.id, by=make.acting(cast.wang_account), at=FRIDAY)
    with pytest.raises(refusals.OrderNotOpen):
        orders.hand_over(row.id, by=make.acting(cast.desk), at=FRIDAY)
    with pytest.raises(refusals.OrderNotOpen):
        orders.cancel(row.id, by=make.acting(cast.wang_account), at=FRIDAY)


def test_an_order_lapses_after_its_last_day(cast):
    earned(cast.wang, 1_000)
    row, _code = ordered(cast, gift(cast))
    assert orders.lapse_due(at=row.lapses_at - timedelta(seconds=1)) == 0
    with pytest.raises(refusals.OrderNotOpen):
        orders.hand_over(row.id, by=make.acting(cast.desk), at=row.lapses_at)
    assert orders.lapse_due(at=row.lapses_at) == 1
    assert orders.lapse_due(at=row.lapses_at) == 0
    assert balances.standing(cast.wang.id, TODAY).available == 1_000
    assert shelf(row.gift) == (10, 0)
    db.session.refresh(row)
    assert row.state == "lapsed"


def test_undone_the_same_day_by_a_second_person(cast):
    earned(cast.wang, 1_000)
    row, _code = ordered(cast, gift(cast))
    orders.hand_over(row.id, by=make.acting(cast.desk), at=FRIDAY)
    with pytest.raises(SecondPersonNeeded):
        orders.return_same_day(row.id, "拿错了", by=make.acting(cast.desk), at=FRIDAY)
    second = make.acting(cast.second)
    with pytest.raises(refusals.NotReturnable):
        orders.return_same_day(row.id, "拿错了", by=second, at=FRIDAY + timedelta(days=1))
    orders.return_same_day(row.id, "拿错了", by=second, at=FRIDAY)
    with pytest.raises(refusals.NotReturnable):
        orders.return_same_day(row.id, "拿错了", by=second, at=FRIDAY)
    assert balances.standing(cast.wang.id, TODAY).available == 1_000
    assert shelf(row.gift) == (10, 0)


@pytest.mark.parametrize(
    ("fields", "quantity", "refusal"),
    [
        ({"price_centi": 1_001}, 1, NotEnoughPoints),
        ({"stock": 1}, 2, refusals.OutOfStock),
        ({}, 3, refusals.TooManyPieces),
        ({"minimum_stars": 3}, 1, refusals.StarNeeded),
    ],
)
def test_what_refuses_an_order_leaves_nothing_behind(cast, fields, quantity, refusal):
    earned(cast.wang, 1_000)
    row = gift(cast, **fields)
    with pytest.raises(refusal), db.session.begin_nested():
        ordered(cast, row, quantity, stars=2)
    assert db.session.scalars(select(Redemption)).all() == []
    assert balances.standing(cast.wang.id, TODAY).held == 0
    assert shelf(row)[1] == 0


def test_one_order_a_month_unless_it_was_given_back(cast):
    earned(cast.wang, 2_000)
    row = gift(cast)
    first, _code = ordered(cast, row)
    with pytest.raises(refusals.OrderedThisMonth), db.session.begin_nested():
        ordered(cast, row)
    orders.cancel(first.id, by=make.acting(cast.wang_account), at=FRIDAY)
    ordered(cast, row)
    ordered(cast, row, at=FRIDAY + timedelta(days=30))


def test_only_the_volunteer_or_the_desk_orders_and_sees(cast):
    earned(cast.wang, 1_000)
    row = gift(cast)
    zhao = make.acting(cast.zhao_account)
    with pytest.raises((NotFound, NotAllowed)):
        orders.order(row.id, 1, cast.wang.id, stars=0, by=zhao, at=FRIDAY)
    made, code = orders.order(
        row.id, 1, cast.wang.id, stars=0, by=make.acting(cast.desk), at=FRIDAY
    )
    assert orders.of(made.id, by=make.acting(cast.wang_account)).id == made.id
    with pytest.raises(NotFound):
        orders.of(made.id, by=zhao)
    with pytest.raises(refusals.CodeUnknown):
        desk_search.find_by_code(code, by=zhao)
    with pytest.raises(NotFound):
        orders.hand_over(made.id, by=zhao, at=FRIDAY)


def test_a_gift_of_another_place_is_not_there(cast):
    earned(cast.wang, 1_000)
    elsewhere = gift(cast, area=cast.elsewhere)
    with pytest.raises(NotFound):
        ordered(cast, elsewhere)


def test_people_are_found_by_card_or_by_name_and_last_digits(cast):
    desk = make.acting(cast.desk)
    last4 = cast.wang.phone[-4:]
    for text in (cast.wang.number, f"王建国 {last4}", f"wjg{last4}", last4):
        found, count = desk_search.find_people(text, by=desk)
        assert ([row.id for row in found], count) == ([cast.wang.id], 1), text
    assert desk_search.find_people("王建国 0000", by=desk) == ([], 0)
    nobody = make.acting(cast.zhao_account)
    assert desk_search.find_people(cast.wang.number, by=nobody) == ([], 0)


def test_of_many_with_one_name_all_are_found_and_digits_narrow_them(cast):
    desk = make.acting(cast.desk)
    many = [
        make.volunteer("张伟", team=cast.team, phone=f"1391111{n:04d}") for n in range(1000, 1045)
    ]
    found, count = desk_search.find_people("张伟", by=desk)
    assert (len(found), count) == (30, 45)
    for person in many:
        found, count = desk_search.find_people(f"张伟 {person.phone[-4:]}", by=desk)
        assert ([row.id for row in found], count) == ([person.id], 1)


def test_three_thousand_codes_are_different_and_can_be_read_out(session):
    drawn = [pick_up_codes.new_code(number) for number in range(1, 3_001)]
    assert len(set(drawn)) == 3_000
    assert len({code[:3] for code in drawn}) > 2_000
    assert all(code.isalnum() for code in drawn)


def test_an_older_code_that_ends_in_a_sign_stays_valid(cast):
    earned(cast.wang, 1_000)
    row, _code = ordered(cast, gift(cast))
    older = next(code for code in pick_up_codes._draws(row.id) if not code.isalnum())
    row.code_hash = pick_up_codes.hash_of(older)
    db.session.flush()
    assert pick_up_codes.code_of(row) == older
    assert desk_search.find_by_code(older, by=make.acting(cast.desk)).id == row.id


def test_points_that_expire_while_held_expire_when_given_back(cast):
    earned(cast.wang, 500, expires_on=date(2026, 5, 31))
    row, _code = ordered(cast, gift(cast))
    assert orders.lapse_due(at=row.lapses_at) == 1
    standing = balances.standing(cast.wang.id, date(2026, 6, 6))
    assert (standing.available, standing.expired) == (0, 500)
