"""Two people of a rota exchange places, somebody stands in, a leader arranges it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.events.test_place_offers import signing, told
from tests.make import MORNING, Cast, acting
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import cancelling, refusals, rota, series, sign_ups, swaps
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase
from volunteer_service.people.models import Message, Volunteer

WEEK = timedelta(days=7)
BEFORE = MORNING - WEEK
SYSTEM = Actor.system("cli")


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


@pytest.fixture
def days(cast: Cast) -> list[Event]:
    """Crossing guards on five Saturdays, one place each."""
    first = make.event(team=cast.team, leader=cast.li_mei, published_at=BEFORE, capacity=1)
    until = MORNING.date() + 4 * WEEK
    wanted = series.Repeat(rule="FREQ=WEEKLY", until=until)
    series.repeat(first.id, wanted, by=acting(cast.li_mei), at=BEFORE)
    return list(db.session.scalars(select(Event).order_by(Event.starts_at)))


def placed(event: Event, who: Volunteer) -> SignUp:
    return sign_ups.sign_up(event.shifts[0].id, volunteer_id=who.id, by=SYSTEM, at=BEFORE)


def holders(*events: Event) -> list[str]:
    query = select(Volunteer.name).join(SignUp, SignUp.volunteer_id == Volunteer.id)
    query = query.join(SignUp.shift).where(SignUp.state == "confirmed")
    found = [query.where(SignUp.event_id == event.id) for event in events]
    return ["/".join(db.session.scalars(each)) for each in found]


def test_a_swap_that_the_other_agrees_to_exchanges_the_places(
    cast: Cast, days: list[Event]
) -> None:
    mine, theirs = placed(days[0], cast.wang), placed(days[1], cast.zhao)
    swap = swaps.ask_swap(mine.id, wanted_id=theirs.id, by=signing(cast.wang), at=BEFORE)
    assert holders(*days[:2]) == ["王建国", "赵芳"]
    assert told(cast.zhao.id)[-1] == "swap_asked"
    swaps.agree_to_swap(swap.id, by=signing(cast.zhao), at=BEFORE)
    assert holders(*days[:2]) == ["赵芳", "王建国"]
    assert told(cast.wang.id)[-1] == "swapped"
    assert swap.state == "agreed"
    with pytest.raises(refusals.SwapOver):
        swaps.agree_to_swap(swap.id, by=signing(cast.zhao), at=BEFORE)


def test_shifts_at_one_time_are_exchanged_too(cast: Cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=1)
    shift = event.shifts[0]
    second = type(shift)(
        event_id=event.id,
        post_id=shift.post_id,
        starts_at=shift.starts_at + timedelta(minutes=30),
        ends_at=shift.ends_at,
        capacity=1,
    )
    db.session.add(second)
    db.session.flush()
    mine = placed(event, cast.wang)
    theirs = sign_ups.sign_up(second.id, volunteer_id=cast.zhao.id, by=SYSTEM, at=BEFORE)
    swap = swaps.ask_swap(mine.id, wanted_id=theirs.id, by=signing(cast.wang), at=BEFORE)
    swaps.agree_to_swap(swap.id, by=signing(cast.zhao), at=BEFORE)
    held = select(SignUp.shift_id, SignUp.volunteer_id).where(SignUp.state == "confirmed")
    assert {tuple(row) for row in db.session.execute(held)} == {
        (shift.id, cast.zhao.id),
        (second.id, cast.wang.id),
    }


def test_declined_or_taken_back_the_places_stay(cast: Cast, days: list[Event]) -> None:
    mine, theirs = placed(days[0], cast.wang), placed(days[1], cast.zhao)
    ask = lambda: swaps.ask_swap(  # noqa: E731
        mine.id, wanted_id=theirs.id, by=signing(cast.wang), at=BEFORE
    )
    swaps.decline_swap(ask().id, by=signing(cast.zhao), at=BEFORE)
    assert told(cast.wang.id)[-1] == "swap_declined"
    swap = ask()
    with pytest.raises(refusals.SwapAskedAlready):
        ask()
    swaps.take_swap_back(swap.id, by=signing(cast.wang), at=BEFORE)
    with pytest.raises(refusals.SwapOver):
        swaps.agree_to_swap(swap.id, by=signing(cast.zhao), at=BEFORE)
    assert holders(*days[:2]) == ["王建国", "赵芳"]


def test_the_first_who_agrees_stands_in(cast: Cast, days: list[Event]) -> None:
    busy, free = (make.volunteer(name, team=cast.team) for name in ("陈桂英", "周强"))
    placed(make.event(team=cast.team, leader=cast.li_mei), busy)
    mine = placed(days[0], cast.wang)
    swap = swaps.ask_swap(mine.id, by=signing(cast.wang), at=BEFORE)
    assert told(free.id) == ["stand_in_asked"]
    assert "stand_in_asked" not in told(busy.id)
    leader = select(Message.kind).where(Message.kind == "stand_in_looked_for")
    assert db.session.scalars(leader).all() == ["stand_in_looked_for"]
    with pytest.raises(NotFound):
        swaps.agree_to_swap(swap.id, by=signing(cast.zhao), at=BEFORE)
    with pytest.raises(refusals.SignUpOverlaps):
        swaps.agree_to_swap(swap.id, by=signing(busy), at=BEFORE)
    assert [row.id for row in swaps.mine(days[0].id, by=signing(free), at=BEFORE)] == [swap.id]
    assert swaps.mine(days[0].id, by=signing(cast.zhao), at=BEFORE) == []
    swaps.agree_to_swap(swap.id, by=signing(free), at=BEFORE)
    assert holders(days[0]) == ["周强"]
    assert told(free.id)[-1] == "place_confirmed"
    assert told(cast.wang.id)[-1] == "stand_in_found"
    assert swaps.mine(days[0].id, by=signing(free), at=BEFORE) == []


def test_who_waits_comes_before_a_stand_in(cast: Cast, days: list[Event]) -> None:
    mine = placed(days[0], cast.wang)
    swap = swaps.ask_swap(mine.id, by=signing(cast.wang), at=BEFORE)
    placed(days[0], cast.zhao)
    other = make.volunteer("周强", team=cast.team)
    with pytest.raises(refusals.OthersWait):
        swaps.agree_to_swap(swap.id, by=signing(other), at=BEFORE)
    swaps.take_swap_back(swap.id, by=signing(cast.wang), at=BEFORE)
    with pytest.raises(refusals.OthersWait):
        swaps.ask_swap(mine.id, by=signing(cast.wang), at=BEFORE)


def test_nothing_is_exchanged_once_a_shift_has_begun_or_is_gone(
    cast: Cast, days: list[Event]
) -> None:
    mine, theirs = placed(days[0], cast.wang), placed(days[1], cast.zhao)
    swap = swaps.ask_swap(mine.id, wanted_id=theirs.id, by=signing(cast.wang), at=BEFORE)
    with pytest.raises(refusals.SwapOver):
        swaps.agree_to_swap(swap.id, by=signing(cast.zhao), at=days[0].shifts[0].starts_at)
    cancelling.cancel(days[1].id, reason="下雨", by=acting(cast.li_mei), at=BEFORE)
    with pytest.raises(refusals.SwapOver):
        swaps.agree_to_swap(swap.id, by=signing(cast.zhao), at=BEFORE)
    assert holders(days[0]) == ["王建国"]


def test_a_place_of_another_rota_or_of_oneself_is_not_wanted(cast: Cast, days: list[Event]) -> None:
    mine, again = placed(days[0], cast.wang), placed(days[2], cast.wang)
    apart = make.event(team=cast.team, leader=cast.li_mei, starts_at=MORNING + WEEK / 2)
    other = placed(apart, cast.zhao)
    with pytest.raises(NotFound):
        swaps.ask_swap(mine.id, wanted_id=other.id, by=signing(cast.wang), at=BEFORE)
    with pytest.raises(refusals.SwapNeedsTwo):
        swaps.ask_swap(mine.id, wanted_id=again.id, by=signing(cast.wang), at=BEFORE)
    with pytest.raises(NotFound):
        swaps.ask_swap(mine.id, by=signing(cast.zhao), at=BEFORE)


def test_why_the_one_who_asked_cannot_come_is_not_told_to_the_other(
    cast: Cast, days: list[Event]
) -> None:
    mine, theirs = placed(days[0], cast.wang), placed(days[1], cast.zhao)
    swap = swaps.ask_swap(mine.id, wanted_id=theirs.id, by=signing(cast.wang), at=BEFORE)
    cast.wang.no_show_blocked_at = BEFORE
    with pytest.raises(refusals.SwapNotPossible):
        swaps.agree_to_swap(swap.id, by=signing(cast.zhao), at=BEFORE)
    assert holders(*days[:2]) == ["王建国", "赵芳"]


def test_a_leader_arranges_it_for_others_and_both_are_told(cast: Cast, days: list[Event]) -> None:
    mine, theirs = placed(days[0], cast.wang), placed(days[1], cast.zhao)
    with pytest.raises(NotFound):
        swaps.arrange_swap(mine.id, wanted_id=theirs.id, by=signing(cast.wang), at=BEFORE)
    swaps.arrange_swap(mine.id, wanted_id=theirs.id, by=acting(cast.li_mei), at=BEFORE)
    assert holders(*days[:2]) == ["赵芳", "王建国"]
    assert [told(who.id)[-1] for who in (cast.wang, cast.zhao)] == ["swapped", "swapped"]


def test_a_leader_arranges_nothing_for_herself(cast: Cast, days: list[Event]) -> None:
    me = fetch(Volunteer, acting(cast.li_mei).volunteer_id or 0)
    mine, theirs = placed(days[0], me), placed(days[1], cast.zhao)
    with pytest.raises(OwnCase):
        swaps.arrange_swap(mine.id, wanted_id=theirs.id, by=acting(cast.li_mei), at=BEFORE)


def test_the_week_says_who_stands_where_how_often_and_what_lacks(
    cast: Cast, days: list[Event]
) -> None:
    placed(days[0], cast.wang)
    placed(days[1], cast.wang)
    placed(days[2], cast.zhao)
    idle = make.volunteer("周强", team=cast.team)
    week = rota.week(days[1].id, by=acting(cast.li_mei))
    assert (week.days[0].isoweekday(), len(week.days)) == (1, 7)
    turns = {row.name: row.turns for row in week.people}
    assert (turns["王建国"], turns[idle.name]) == (2, 0)
    assert week.fewest_and_most == (0, 2)
    wang = next(row for row in week.people if row.volunteer_id == cast.wang.id)
    (turn,) = wang.by_day[week.days[5]]
    assert turn.shift.event_id == days[1].id
    assert week.lacking == {}
    empty = rota.week(days[3].id, by=acting(cast.li_mei))
    ((shift, free),) = empty.lacking[empty.days[5]]
    assert (shift.event_id, free) == (days[3].id, 1)


def test_volunteers_on_it_read_masked_names_and_nobody_else_reads_it(
    cast: Cast, days: list[Event]
) -> None:
    placed(days[0], cast.zhao)
    names = {row.name for row in rota.week(days[0].id, by=signing(cast.zhao)).people}
    assert names == {"赵芳"}
    placed(days[1], cast.wang)
    names = {row.name for row in rota.week(days[1].id, by=signing(cast.zhao)).people}
    assert names == {"赵芳", "王*国"}
    with pytest.raises(NotFound):
        rota.week(days[0].id, by=signing(make.volunteer("周强")))
