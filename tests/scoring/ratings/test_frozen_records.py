"""The frozen facts name every record behind the minutes, and the hash covers them."""

from tests import make, make_ratings
from volunteer_service.db import db
from volunteer_service.scoring.ratings import doctor, frozen_facts, replays
from volunteer_service.scoring.rules.stars import FrozenRecord


def test_a_star_keeps_its_records_as_they_were_and_replays_without_them(session) -> None:
    cast = make.cast()
    first = make_ratings.record(cast.wang, cast.team, 120)
    second = make_ratings.record(cast.wang, cast.team, 500, grade="leader")
    make_ratings.record(cast.wang, cast.team, 60, state="withdrawn")
    row = make_ratings.round_at("final", cast)
    kept = frozen_facts.frozen(make_ratings.result(row, cast.wang))
    as_they_were = (
        FrozenRecord(first.id, 120, "scanned"),
        FrozenRecord(second.id, 500, "leader"),
    )
    assert (kept.records, kept.confirmed_minutes) == (as_they_were, 620)
    first.state, second.minutes = "withdrawn", 6
    db.session.flush()
    assert frozen_facts.frozen(make_ratings.result(row, cast.wang)).records == as_they_were
    assert replays.replay(row).equal


def test_a_record_that_is_edited_in_the_facts_breaks_the_hash_and_the_doctor_names_it(
    session,
) -> None:
    cast = make.cast()
    record = make_ratings.record(cast.wang, cast.team, 700)
    row = make_ratings.round_at("final", cast)
    assert (replays.replay(row).hash_equal, doctor.doctor()) == (True, [])
    result = make_ratings.result(row, cast.wang)
    result.facts = result.facts | {"records": f"{record.id}:640:scanned"}
    db.session.flush()
    assert not replays.replay(row).hash_equal
    found = [(each.check, each.stored, each.computed) for each in doctor.doctor()]
    assert found == [(doctor.KEPT, "700", "640")]
