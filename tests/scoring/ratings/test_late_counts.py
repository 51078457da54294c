"""The nightly count of who would have another star, or other hours, than a final round gave."""

from datetime import date, timedelta

import pytest

from tests.make import Cast, acting, cast
from tests.make_ratings import AFTER_NOTICE, complaint, evaluation, record, result, round_at
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import corrections
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings import (
    late_changes,
    late_counts,
    refusals,
    round_steps,
    round_withdrawals,
    sign_off,
    supplements,
)
from volunteer_service.scoring.ratings.models import Round

NIGHT = AFTER_NOTICE + timedelta(days=30)


def more_of(town: Cast) -> ServiceRecord:
    """Another record of the first person, before the round is frozen."""
    return record(town.wang, town.team, 500, on=date(2026, 5, 2))


def rated(town: Cast | None = None) -> tuple[Cast, ServiceRecord, Round]:
    """Two people of a final round."""
    town = town or cast()
    served = record(town.wang, town.team, 5000)
    record(town.zhao, town.other_team, 500)
    return town, served, round_at("final", town)


def counted(row: Round) -> dict[int, tuple[int, int, int, int]]:
    """Count and return stars before and now, minutes before and now, of each person."""
    late_counts.count_late(row.id, at=NIGHT)
    return {
        each.volunteer_id: (
            each.stars_before,
            each.stars_now,
            each.minutes_before,
            each.minutes_now,
        )
        for each in late_counts.late_people(row).items
    }


def test_nobody_differs_after_a_sign_off(session: None) -> None:
    _town, _served, row = rated()
    assert counted(row) == {}
    assert row.late_counted_at == NIGHT


def test_hours_and_stars_are_counted_apart(session: None) -> None:
    town, served, row = rated()
    by = acting(town.coordinator)
    stars = result(row, town.wang).stars or 0
    record(town.zhao, town.other_team, 5, on=date(2026, 5, 20))
    waits = corrections.correct(served.id, minutes=60, reason="多算了", by=by, at=NIGHT)
    corrections.decide_correction(waits.id, approve=True, by=acting(town.second), at=NIGHT)
    found = counted(row)
    assert found[town.wang.id] == (stars, 0, 5000, 60)
    assert found[town.zhao.id][2:] == (500, 505)
    assert late_counts.waiting(row.id) == late_counts.Waiting(star=1, hours=1)
    assert list(late_counts.waiting_ids(row, with_other_star=True)) == [town.wang.id]


def test_what_is_no_record_counts_too(session: None) -> None:
    """A complaint upheld later and a late evaluation change no record, and the star yet."""
    town, served, row = rated()
    complaint(town.wang)
    assert counted(row)[town.wang.id][1] < (result(row, town.wang).stars or 0)
    assert late_changes.due(row) == []
    evaluation(served, 5)
    assert late_counts.count_late(row.id, at=NIGHT) == 1


def test_who_had_no_record_then_is_counted_and_who_lost_all_too(session: None) -> None:
    town, served, row = rated()
    leader = db.session.scalars(db.select(Volunteer).where(Volunteer.name == "李梅")).one()
    record(leader, town.team, 1200)
    waits = corrections.correct(
        served.id, minutes=0, reason="不是本人", by=acting(town.coordinator), at=NIGHT
    )
    corrections.decide_correction(waits.id, approve=True, by=acting(town.second), at=NIGHT)
    found = counted(row)
    assert found[leader.id][0] == 0
    assert found[leader.id][2:] == (0, 1200)
    assert found[town.wang.id][1::2] == (0, 0)


def test_one_click_takes_all_and_each_stands_in_one_supplement(session: None) -> None:
    town, _served, row = rated()
    by = acting(town.coordinator)
    complaint(town.wang)
    record(town.zhao, town.other_team, 5, on=date(2026, 5, 20))
    counted(row)
    extra = supplements.supplement_due(row.id, by=by, at=NIGHT)
    assert {result(extra, who).volunteer_id for who in (town.wang, town.zhao)} == {
        town.wang.id,
        town.zhao.id,
    }
    assert late_counts.waiting(row.id) == late_counts.Waiting(star=0, hours=0)
    with pytest.raises(refusals.NothingDue):
        supplements.supplement_due(row.id, by=by, at=NIGHT)
    assert counted(row) == {}
    round_withdrawals.withdraw_round(extra.id, reason="误开", by=by, at=NIGHT)
    assert late_counts.waiting(row.id) == late_counts.Waiting(star=1, hours=1)


def test_a_signed_supplement_is_what_the_next_count_compares_with(session: None) -> None:
    town = cast()
    more = more_of(town)
    row = rated(town)[2]
    by, second = acting(town.coordinator), acting(town.second)
    complaint(town.wang)
    counted(row)
    extra = supplements.supplement_due(row.id, by=by, at=NIGHT)
    round_steps.draft(extra.id, by=by, at=NIGHT)
    round_steps.publish_notice(extra.id, by=by, at=NIGHT)
    ended = NIGHT + timedelta(days=20)
    round_steps.close_notice(extra.id, by=by, at=ended)
    sign_off.sign_off(extra.id, by=second, at=ended)
    assert late_counts.waiting(row.id).star == 0
    assert late_counts.count_late(row.id, at=ended) == 0
    corrections.correct(more.id, minutes=440, reason="多算了", by=by, at=ended)
    assert late_counts.count_late(row.id, at=ended) == 1
    (now,) = late_counts.late_people(row).items
    assert now.result_id == result(extra, town.wang).id


def test_a_running_supplement_holds_nobody_else_up(session: None) -> None:
    town = cast()
    more = more_of(town)
    row = rated(town)[2]
    by = acting(town.coordinator)
    supplements.supplement(row.id, [town.wang.id], reason="补", by=by, at=AFTER_NOTICE)
    corrections.correct(more.id, minutes=440, reason="多算了", by=by, at=NIGHT)
    with pytest.raises(refusals.SupplementRunning):
        supplements.supplement_due(row.id, by=by, at=NIGHT)
    record(town.zhao, town.other_team, 5, on=date(2026, 5, 20))
    counted(row)
    extra = supplements.supplement_due(row.id, by=by, at=NIGHT)
    assert db.session.scalars(db.select(Round.supplement).where(Round.id == extra.id)).one() == 2


def test_the_coordinators_are_told_of_another_star_that_no_record_explains(session: None) -> None:
    town, _served, row = rated()
    complaint(town.wang)
    morning = NIGHT + timedelta(hours=8)
    assert late_changes.tell_due(at=morning) == 0
    counted(row)
    assert late_changes.tell_due(at=morning) >= 1
    assert late_changes.tell_due(at=morning + timedelta(days=1)) == 0
