"""Rounds that are opened by themselves on 1 January and 1 July."""

from datetime import timedelta

from sqlalchemy import select

from tests.make import acting, cast
from tests.make_ratings import JULY, record
from volunteer_service.db import db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import opening_rounds, round_steps, round_withdrawals
from volunteer_service.scoring.ratings.models import Round

BY = Actor.system("job")


def opened() -> list[tuple[int, str, str]]:
    """Area, half-year and state of every round."""
    query = select(Round.area_id, Round.half_year, Round.state).order_by(Round.id)
    return [tuple(row) for row in db.session.execute(query)]


def test_the_round_is_opened_on_the_first_day_once(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 600)
    assert opening_rounds.open_due(by=BY, at=JULY - timedelta(days=1)) == 0
    assert opening_rounds.open_due(by=BY, at=JULY) == 1
    assert opened() == [(town.town.id, "2026H1", "open")]
    assert opening_rounds.open_due(by=BY, at=JULY + timedelta(days=1)) == 0


def test_a_missed_day_is_caught_up_for_a_week(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 600)
    assert opening_rounds.open_due(by=BY, at=JULY + timedelta(days=7)) == 0
    assert opening_rounds.open_due(by=BY, at=JULY + timedelta(days=6)) == 1


def test_nothing_is_opened_without_confirmed_records(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 600, state="waiting")
    assert opening_rounds.open_due(by=BY, at=JULY) == 0


def test_what_somebody_withdrew_stays_withdrawn(session: None) -> None:
    town = cast()
    by = acting(town.coordinator)
    record(town.wang, town.team, 600)
    row = round_steps.open_round(town.town.id, "2026H1", by=by, at=JULY)
    round_withdrawals.withdraw_round(row.id, reason="误开", by=by, at=JULY)
    assert opening_rounds.open_due(by=BY, at=JULY) == 0


def test_communities_that_had_the_rounds_before_have_them_again(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 600)
    by = acting(town.coordinator)
    for area in (town.community, town.elsewhere):
        round_steps.open_round(area.id, "2025H2", by=by, at=JULY)
    assert opening_rounds.open_due(by=BY, at=JULY) == 2
    assert opened()[2:] == [
        (town.community.id, "2026H1", "open"),
        (town.elsewhere.id, "2026H1", "open"),
    ]
