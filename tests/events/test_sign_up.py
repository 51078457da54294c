"""Places, waiting lists, and who may not take one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests import make
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotFound
from volunteer_service.events import refusals, sign_ups
from volunteer_service.events.models import SignUp
from volunteer_service.people.authorization.actor import Actor

DAY_BEFORE = make.MORNING - timedelta(days=1)


def signing(volunteer) -> Actor:
    return Actor(None, volunteer.id, volunteer.name, "page")


def take(event, volunteer, at=DAY_BEFORE) -> SignUp:
    return sign_ups.sign_up(event.shifts[0].id, by=signing(volunteer), at=at)


def test_a_free_place_is_taken(session) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei)
    row = take(event, cast.wang)
    assert (row.state, row.source) == ("confirmed", "page")
    with pytest.raises(refusals.AlreadySignedUp):
        take(event, cast.wang)


def test_when_all_are_taken_people_wait_and_the_first_is_promoted(session) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=1)
    late = make.volunteer("陈刚")
    held = take(event, cast.wang)
    second = take(event, cast.zhao, DAY_BEFORE + timedelta(minutes=1))
    third = take(event, late, DAY_BEFORE + timedelta(minutes=2))
    assert [second.state, third.state] == ["waiting", "waiting"]
    sign_ups.withdraw(held.id, by=signing(cast.wang), at=DAY_BEFORE + timedelta(minutes=3))
    assert [held.state, second.state, third.state] == ["cancelled", "confirmed", "waiting"]
    again = take(event, cast.wang, DAY_BEFORE + timedelta(minutes=4))
    assert (again.id, again.state) == (held.id, "waiting")


def test_nobody_is_in_two_places_at_a_time(session) -> None:
    cast = make.cast()
    first = make.event(team=cast.team, leader=cast.li_mei)
    overlapping = make.event(
        team=cast.other_team, leader=cast.li_mei, starts_at=make.MORNING + timedelta(minutes=119)
    )
    after = make.event(
        team=cast.other_team, leader=cast.li_mei, starts_at=make.MORNING + timedelta(minutes=120)
    )
    take(first, cast.wang)
    with pytest.raises(refusals.SignUpOverlaps) as refused:
        take(overlapping, cast.wang)
    assert first.title in str(refused.value)
    assert take(after, cast.wang).state == "confirmed"


@pytest.mark.parametrize(
    ("born_on", "allowed"), [(date(2008, 5, 17), False), (date(2008, 5, 16), True)]
)
def test_nobody_under_18_on_a_dangerous_post(session, born_on, allowed) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei)
    event.posts[0].dangerous = True
    young = make.volunteer("小明", born_on=born_on)
    if allowed:
        assert take(event, young).state == "confirmed"
    else:
        with pytest.raises(refusals.MinorOnDangerousPost):
            take(event, young)


def test_a_block_holds_until_a_coordinator_lifts_it(session) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei)
    cast.wang.no_show_blocked_at = DAY_BEFORE
    with pytest.raises(refusals.SignUpBlocked):
        take(event, cast.wang)
    with pytest.raises(NotFound):
        sign_ups.lift_block(cast.wang.id, "病了", by=make.acting(cast.zhao_account), at=DAY_BEFORE)
    sign_ups.lift_block(cast.wang.id, "病了", by=make.acting(cast.coordinator), at=DAY_BEFORE)
    assert take(event, cast.wang).state == "confirmed"


@pytest.mark.parametrize(
    ("state", "refusal"),
    [("draft", NotFound), ("cancelled", refusals.EventNotOpenForSignUp)],
)
def test_only_published_events_take_sign_ups(session, state, refusal) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei, state=state)
    with pytest.raises(refusal):
        take(event, cast.wang)


def test_an_ended_shift_takes_nobody(session) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei)
    with pytest.raises(refusals.EventNotOpenForSignUp):
        take(event, cast.wang, event.ends_at)


def test_a_leader_signs_others_up_and_a_stranger_does_not(session) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei)
    shift = event.shifts[0].id
    row = sign_ups.sign_up(
        shift, volunteer_id=cast.wang.id, by=make.acting(cast.li_mei), at=DAY_BEFORE
    )
    assert row.source == "leader"
    with pytest.raises(NotFound):
        sign_ups.sign_up(
            shift, volunteer_id=cast.wang.id, by=make.acting(cast.zhao_account), at=DAY_BEFORE
        )
    with pytest.raises(NotFound):
        sign_ups.withdraw(row.id, by=make.acting(cast.zhao_account), at=DAY_BEFORE)
    assert row.state == "confirmed"


def test_once_the_shift_runs_nobody_withdraws(session) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei)
    row = take(event, cast.wang)
    with pytest.raises(refusals.SignUpEnded):
        sign_ups.withdraw(row.id, by=signing(cast.wang), at=event.starts_at)


def test_many_at_once_never_exceed_the_capacity(app) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei, capacity=3)
        shift_id = event.shifts[0].id
        people = [make.volunteer(f"志愿者{n}").id for n in range(8)]

    def take_one(person: int) -> str:
        with app.app_context(), transaction():
            by = Actor(None, person, "", "page")
            return sign_ups.sign_up(shift_id, by=by, at=DAY_BEFORE).state

    with ThreadPoolExecutor(8) as threads:
        states = sorted(threads.map(take_one, people))
    assert states == ["confirmed"] * 3 + ["waiting"] * 5
    with app.app_context(), transaction(write=False):
        held = select(func.count()).where(SignUp.state == "confirmed")
        assert db.session.scalar(held) == 3
