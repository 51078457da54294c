"""One's own order: somebody else hands it over, and nobody has a gift at terms they set."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import make
from tests.make import acting
from tests.make_points import FRIDAY, earned, gift
from volunteer_service.db import db
from volunteer_service.people.authentication import accounts
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import HouseholdTie
from volunteer_service.scoring.points import doctor
from volunteer_service.scoring.rewards import desk_days, gifts
from volunteer_service.scoring.rewards import doctor as rewards_doctor
from volunteer_service.scoring.rewards import orders as rewards_orders
from volunteer_service.scoring.rewards.models import Gift, Redemption
from volunteer_service.scoring.rewards.refusals import OwnGift, OwnTerms

DAY = timedelta(days=1)


@pytest.fixture
def cast(session):
    found = make.cast()
    yield found
    assert doctor.doctor() == []
    assert rewards_doctor.doctor() == []


@pytest.fixture
def own(cast):
    """Somebody of the desk who is a volunteer too, with 10 points."""
    person = make.volunteer("孙兰", team=cast.team)
    earned(person)
    return acting(make.account("sunlan", "孙兰", role="desk", area=cast.town, volunteer=person))


def orders():
    return db.session.scalar(select(func.count()).select_from(Redemption))


def edited(row, price, *, by, at=FRIDAY, **fields):
    terms = {"name": row.name, "minimum_stars": 0, "state": "offered"} | fields
    return gifts.edit_gift(row.id, row.version, price_centi=price, by=by, at=at, **terms)


def mine(row, own, *, at=FRIDAY, **fields):
    return rewards_orders.order(row.id, 1, own.volunteer_id, stars=0, by=own, at=at, **fields)[0]


def test_nobody_orders_for_themself_at_the_counter(cast, own):
    cup = gift(cast)
    with pytest.raises(OwnCase):
        rewards_orders.order_at_counter(cup.id, 1, own.volunteer_id, stars=0, by=own, at=FRIDAY)
    assert orders() == 0
    # As everybody does, on one's own phone.
    assert mine(cup, own).state == "ordered"


def test_somebody_else_hands_my_order_over(cast, own):
    row = mine(gift(cast), own)
    with pytest.raises(OwnCase) as refused:
        rewards_orders.hand_over(row.id, by=own, at=FRIDAY)
    assert "可以办理的人：孙丽" in str(refused.value)
    assert row.state == "ordered"
    assert rewards_orders.hand_over(row.id, by=acting(cast.desk), at=FRIDAY).state == "handed_over"


@pytest.mark.parametrize("name", ["孙丽", " 孙 丽 ", "孙·丽"])
def test_nor_is_the_proxy_who_hands_it_over(cast, name):
    earned(cast.wang)
    row, _code = rewards_orders.order(
        gift(cast).id, 1, cast.wang.id, stars=0, by=acting(cast.wang_account), at=FRIDAY
    )
    with pytest.raises(OwnCase):
        rewards_orders.hand_over(row.id, proxy_name=name, by=acting(cast.desk), at=FRIDAY)
    assert (row.state, row.proxy_name) == ("ordered", None)


def test_nobody_undoes_their_own_order_s_hand_over(cast, own):
    row = mine(gift(cast), own)
    rewards_orders.hand_over(row.id, by=acting(cast.desk), at=FRIDAY)
    with pytest.raises(OwnCase):
        rewards_orders.return_same_day(row.id, "错", by=own, at=FRIDAY)
    assert row.state == "handed_over"


def test_who_undoes_it_is_somebody_else_indeed(cast):
    earned(cast.wang)
    row, _code = rewards_orders.order(
        gift(cast).id, 1, cast.wang.id, stars=0, by=acting(cast.wang_account), at=FRIDAY
    )
    rewards_orders.hand_over(row.id, by=acting(cast.desk), at=FRIDAY)
    opened = accounts.open_account(
        "puppet",
        "a new long password",
        name="木偶",
        volunteer=None,
        by=acting(cast.desk),
        at=FRIDAY,
    )
    db.session.add(make.Grant(account_id=opened.id, role="desk", area_id=cast.town.id))
    db.session.flush()
    with pytest.raises(SecondPersonNeeded):
        rewards_orders.return_same_day(row.id, "错", by=acting(opened), at=FRIDAY)
    assert rewards_orders.return_same_day(row.id, "错", by=acting(cast.second), at=FRIDAY)


def test_price_star_and_stock_of_a_gift_that_waits_for_me_are_others_to_change(cast, own):
    cup = gift(cast)
    mine(cup, own)
    acts = [
        lambda by: edited(cup, 1, by=by),
        lambda by: edited(cup, 300, by=by, minimum_stars=0, state="withdrawn"),
        lambda by: gifts.receive(cup.id, 5, by=by, at=FRIDAY),
        lambda by: gifts.write_off(cup.id, 1, "破损", by=by, at=FRIDAY),
        lambda by: gifts.count(cup.id, 7, "盘点", by=by, at=FRIDAY),
        lambda by: gifts.move_stock(cup.id, "receive", 1, None, by=by, at=FRIDAY),
        lambda by: desk_days.close_day(cast.town.id, {cup.id: 9}, by=by, at=FRIDAY),
    ]
    for act in acts:
        with pytest.raises(OwnGift):
            act(own)
    kept = db.session.execute(select(Gift.stock, Gift.price_centi, Gift.state)).one()
    assert kept == (10, 300, "offered")
    # Closing the day moves nothing where all is there.
    assert desk_days.close_day(cast.town.id, {cup.id: 10}, by=own, at=FRIDAY)
    gifts.receive(cup.id, 5, by=acting(cast.desk), at=FRIDAY + DAY)


def test_nor_of_a_gift_that_waits_for_who_lives_with_me(cast, own):
    cup = gift(cast)
    mine(cup, own)
    other = make.volunteer("孙强", team=cast.team)
    db.session.add(HouseholdTie(one_id=own.volunteer_id, other_id=other.id, declared_at=FRIDAY))
    by = acting(make.account("sunqiang", "孙强", role="desk", area=cast.town, volunteer=other))
    for act in (
        lambda: edited(cup, 1, by=by),
        lambda: gifts.write_off(cup.id, 1, "破损", by=by, at=FRIDAY),
    ):
        with pytest.raises(OwnGift):
            act()
    assert (cup.stock, cup.price_centi) == (10, 300)


def test_nobody_has_a_gift_at_a_price_they_set(cast, own):
    cup = edited(gift(cast, price_centi=2_200), 1, by=own)
    for by in (own, acting(cast.desk)):
        with pytest.raises(OwnTerms) as refused:
            rewards_orders.order(cup.id, 1, own.volunteer_id, stars=0, by=by, at=FRIDAY)
    assert "2026-06-21 以后" in str(refused.value)
    assert orders() == 0
    # Setting it back is a change of one's own too.
    edited(cup, 2_200, by=own, at=FRIDAY)
    with pytest.raises(OwnTerms):
        mine(cup, own)
    # Somebody else has looked at it and saved it.
    edited(cup, 900, by=acting(cast.desk), at=FRIDAY)
    assert mine(cup, own).points_centi == 900


def test_nor_one_that_they_offered_or_whose_star_they_lowered(cast, own):
    new = gifts.add_gift(cast.town.id, "毛巾", price_centi=100, by=own, at=FRIDAY)
    gifts.receive(new.id, 5, by=acting(cast.desk), at=FRIDAY)
    cup = edited(gift(cast, minimum_stars=3), 300, by=own, minimum_stars=0)
    for row in (new, cup):
        with pytest.raises(OwnTerms):
            mine(row, own)
    # The name alone is nobody's advantage.
    soap = gift(cast, "香皂")
    edited(soap, 300, by=own, name="香皂两块")
    assert mine(soap, own).state == "ordered"


def test_nor_do_those_of_the_same_phone(cast, own):
    child = make.volunteer(
        "孙小兰", team=cast.team, phone=db.session.get(make.Volunteer, own.volunteer_id).phone
    )
    earned(child)
    cup = edited(gift(cast, price_centi=2_200), 1, by=own)
    with pytest.raises(OwnTerms):
        rewards_orders.order_at_counter(
            cup.id, 1, child.id, stars=0, by=acting(cast.desk), at=FRIDAY
        )
    earned(cast.wang)
    assert rewards_orders.order_at_counter(
        cup.id, 1, cast.wang.id, stars=0, by=acting(cast.desk), at=FRIDAY
    )


def test_after_30_days_the_price_is_everybody_s(cast, own):
    cup = edited(gift(cast), 100, by=own)
    with pytest.raises(OwnTerms):
        mine(cup, own, at=FRIDAY + 29 * DAY)
    assert mine(cup, own, at=FRIDAY + 30 * DAY).points_centi == 100
