"""A final round replays to the same stars for ever; a touched row shows."""

import pytest
from sqlalchemy import update

from tests.make import acting, cast
from tests.make_ratings import AFTER_NOTICE, JULY, complaint, record, result, round_at
from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.scoring.ratings import refusals, replays, sign_off
from volunteer_service.scoring.ratings.models import RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear


def test_what_happens_outside_later_does_not_reach_a_final_round(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 1300)
    row = round_at("final", town)
    served.minutes = 10
    town.wang.registered_on = JULY.date()
    complaint(town.wang)
    policies.add_version(
        {"star_minutes": [6, 12, 18, 24, 30]}, reason="试", account_id=None, at=AFTER_NOTICE
    )
    db.session.flush()
    assert replays.preview(HalfYear(2026, 1), town.town.path) == {"star_0": 1}
    assert replays.replay(row).equal
    assert result(row, town.wang).stars == 2


@pytest.mark.parametrize("field", ["facts", "amended"])
def test_touched_facts_are_found(session: None, field: str) -> None:
    town = cast()
    record(town.wang, town.team, 1300)
    row = round_at("final", town)
    mine = result(row, town.wang)
    setattr(mine, field, mine.facts | {"confirmed_minutes": 1310})
    db.session.flush()
    found = replays.replay(row)
    assert not found.equal
    assert found.hash_equal is (field == "amended")
    assert found.different == 0


def test_a_touched_star_is_found_and_named(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 1300)
    record(town.zhao, town.other_team, 1300)
    row = round_at("final", town)
    result(row, town.wang).stars = 5
    db.session.flush()
    found = replays.replay(row)
    assert (found.equal, found.hash_equal, found.different) == (False, True, 1)
    assert found.differences[0].volunteer_id == town.wang.id
    assert (found.differences[0].kept, found.differences[0].computed) == (5, 2)


def test_swapped_people_are_found(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 1300)
    record(town.zhao, town.other_team, 60)
    row = round_at("final", town)
    mine, hers = result(row, town.wang), result(row, town.zhao)
    mine.facts, hers.facts = hers.facts, mine.facts
    mine.stars, hers.stars = hers.stars, mine.stars
    db.session.flush()
    assert not replays.replay(row).equal


def test_a_dropped_person_is_found(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    record(town.zhao, town.other_team)
    row = round_at("final", town)
    db.session.delete(result(row, town.zhao))
    db.session.flush()
    assert not replays.replay(row).hash_equal


def test_touched_facts_are_not_signed_off(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at("decided", town)
    db.session.execute(update(RoundResult).values(stars=5))
    with pytest.raises(refusals.FactsChanged), db.session.begin_nested():
        sign_off.sign_off(row.id, by=acting(town.second), at=AFTER_NOTICE)
    db.session.refresh(row)
    assert row.state == "decided"
