"""Records that change after a round was frozen: its page says that a supplement is due."""

from datetime import timedelta

from tests.make import acting, cast
from tests.make_ratings import AFTER_NOTICE, record, result, round_at
from volunteer_service.attendance.records import corrections
from volunteer_service.scoring.ratings import late_changes, supplements


def test_a_correction_after_the_sign_off_makes_a_supplement_due(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 500)
    record(town.zhao, town.other_team, 500)
    first = round_at("final", town)
    by = acting(town.coordinator)
    assert late_changes.due(first) == []
    later = AFTER_NOTICE + timedelta(days=30)
    corrections.correct(served.id, minutes=440, reason="多算了", by=by, at=later)
    (due,) = late_changes.due(first)
    assert (due.result_id, due.name, due.changed_at) == (
        result(first, town.wang).id,
        "王建国",
        later,
    )
    supplements.supplement(
        first.id, [town.wang.id], reason="更正", by=by, at=later + timedelta(days=1)
    )
    assert late_changes.due(first) == []


def test_before_it_is_final_nothing_is_due(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 500)
    row = round_at("notice", town)
    by = acting(town.coordinator)
    corrections.correct(served.id, minutes=440, reason="多算了", by=by, at=AFTER_NOTICE)
    assert late_changes.due(row) == []


def test_another_half_year_s_record_makes_nothing_due(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 500)
    first = round_at("final", town)
    other = record(town.wang, town.team, 500, on=AFTER_NOTICE.date())
    later = AFTER_NOTICE + timedelta(days=30)
    corrections.correct(
        other.id, minutes=440, reason="多算了", by=acting(town.coordinator), at=later
    )
    assert late_changes.due(first) == []
