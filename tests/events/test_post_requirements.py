"""What a post asks of people is judged at sign-up, at the gate and when a place becomes free."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest

from tests import make, make_ratings
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.events import copying, post_requirements, refusals, sign_ups
from volunteer_service.events.models import Event
from volunteer_service.events.post_requirements import Requirements
from volunteer_service.scoring.ratings import results

BEFORE = make.MORNING - timedelta(days=7)


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def event(cast) -> Event:
    return make.event(team=cast.team, leader=cast.li_mei, published_at=BEFORE, capacity=1)


def ask(cast, event, **wanted) -> None:
    by = make.acting(cast.li_mei)
    post_requirements.require(event.posts[0].id, Requirements(**wanted), by=by, at=BEFORE)


def sign(cast, event, source="page"):
    by = make.acting(cast.wang_account)
    return sign_ups.place(event.shifts[0], cast.wang.id, source=source, by=by, at=BEFORE)


def birthday(years: int, days: int = 0) -> date:
    """Born so many years before the shift, and some days later."""
    day = make.MORNING.date()
    return day.replace(year=day.year - years) + timedelta(days=days)


@pytest.mark.parametrize("source", ["page", "walk_in"])
def test_ages_hold_on_the_day_of_the_shift_both_ends_count(cast, event, source) -> None:
    ask(cast, event, min_age=16, max_age=65)
    cast.wang.born_on = birthday(16, 1)
    with pytest.raises(refusals.TooYoungForPost):
        sign(cast, event, source)
    cast.wang.born_on = birthday(66)
    with pytest.raises(refusals.TooOldForPost):
        sign(cast, event, source)
    cast.wang.born_on = birthday(66, 1)
    assert sign(cast, event, source).state == "confirmed"


def test_who_is_sixteen_that_day_may_come_and_an_unknown_age_passes(cast, event) -> None:
    ask(cast, event, min_age=16)
    cast.wang.born_on = birthday(16)
    assert sign(cast, event).state == "confirmed"
    cast.zhao.born_on = None
    assert sign_ups.need_able(cast.zhao, event.shifts[0]) is None


def test_a_star_is_asked_of_the_last_final_round(cast, event) -> None:
    ask(cast, event, min_stars=1)
    with pytest.raises(refusals.StarNeededForPost) as refused:
        sign(cast, event)
    assert "1 星以上" in refused.value.message % refused.value.numbers


def test_who_has_a_place_keeps_it_and_who_waits_does_not_move_up_unfit(cast, event) -> None:
    cast.wang.born_on, cast.zhao.born_on = birthday(30), birthday(14)
    mine = sign(cast, event)
    waits = make.sign_up(event, cast.zhao, state="waiting")
    ask(cast, event, min_age=18)
    assert mine.state == "confirmed"
    sign_ups.withdraw(mine.id, by=make.acting(cast.wang_account), at=BEFORE)
    assert waits.state == "waiting"


def test_what_cannot_be_asked_is_refused_with_its_field(cast, event) -> None:
    for wanted, field in (
        ({"min_age": -1}, "min_age"),
        ({"max_age": 121}, "max_age"),
        ({"min_stars": 6}, "min_stars"),
        ({"min_age": 30, "max_age": 20}, "max_age"),
        ({"skills": "特" * 121}, "skills"),
        ({"cover": "险" * 201}, "cover"),
    ):
        with pytest.raises(Invalid) as refused:
            ask(cast, event, **wanted)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        post_requirements.require(
            event.posts[0].id, Requirements(), by=make.acting(cast.wang_account), at=BEFORE
        )


def test_a_copy_asks_the_same(cast, event) -> None:
    wanted = Requirements(min_age=18, max_age=60, min_stars=1, skills="急救", cover="人保")
    ask(cast, event, **asdict(wanted))
    later = event.starts_at + timedelta(days=7)
    row = copying.copy(event.id, starts_at=later, by=make.acting(cast.li_mei), at=BEFORE)
    post = row.posts[0]
    assert {name: getattr(post, name) for name in asdict(wanted)} == asdict(wanted)


def test_a_star_of_the_last_final_round_opens_the_post(session) -> None:
    town = make.cast()
    make_ratings.record(town.wang, town.team, 1300)
    make_ratings.round_at("final", town)
    event = make.event(team=town.team, leader=town.coordinator, published_at=BEFORE)
    event.posts[0].min_stars = results.latest_stars(town.wang.id)
    assert event.posts[0].min_stars == 2
    assert sign_ups.need_able(town.wang, event.shifts[0]) is None
    event.posts[0].min_stars += 1
    with pytest.raises(refusals.StarNeededForPost):
        sign_ups.need_able(town.wang, event.shifts[0])
