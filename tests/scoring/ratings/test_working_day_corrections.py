"""Working days of China: make-up days, unknown years, a coordinator's corrections."""

from datetime import date

import pytest

from tests.make import acting, cast
from tests.make_ratings import JULY, record, round_at
from volunteer_service import working_days
from volunteer_service.errors import NotAllowed
from volunteer_service.scoring.ratings import refusals, working_day_corrections


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 7, 1), True),
        (date(2026, 7, 4), False),
        # The Saturday that is worked for the Spring Festival, and the Monday inside it.
        (date(2026, 2, 14), True),
        (date(2026, 2, 16), False),
        (date(2027, 5, 3), False),
    ],
)
def test_the_kept_calendar_knows_make_up_days(session: None, day: date, working: bool) -> None:
    assert working_days.is_working(day) is working


def test_five_working_days_do_not_count_the_first_day(session: None) -> None:
    assert working_days.after_working_days(date(2026, 7, 1), 5) == date(2026, 7, 8)
    # Over the Spring Festival of 2026 (15 to 23 February) with both make-up Saturdays.
    assert working_days.after_working_days(date(2026, 2, 13), 5) == date(2026, 2, 27)


def test_a_corrected_day_moves_the_end_of_a_running_notice(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at("notice", town)
    by = acting(town.admin)
    working_day_corrections.correct_day(
        date(2026, 7, 3), working=False, reason="台风停工", by=by, at=JULY
    )
    assert row.notice_ends_on == date(2026, 7, 9)
    working_day_corrections.correct_day(
        date(2026, 7, 3), working=True, reason="恢复", by=by, at=JULY
    )
    assert row.notice_ends_on == date(2026, 7, 8)
    assert [each.day for each in working_day_corrections.corrections(date(2026, 7, 1))] == [
        date(2026, 7, 3)
    ]


def test_a_correction_that_says_nothing_new_is_refused(session: None) -> None:
    by = acting(cast().admin)
    with pytest.raises(refusals.WorkingDayUnchanged):
        working_day_corrections.correct_day(
            date(2026, 7, 4), working=False, reason="x", by=by, at=JULY
        )


def test_an_auditor_corrects_no_day(session: None) -> None:
    by = acting(cast().auditor)
    with pytest.raises(NotAllowed):
        working_day_corrections.correct_day(
            date(2026, 7, 4), working=True, reason="x", by=by, at=JULY
        )


def test_a_range_is_corrected_at_once_and_only_where_it_is_wrong(session: None) -> None:
    by = acting(cast().admin)
    first, last = date(2027, 2, 5), date(2027, 2, 11)
    row = working_day_corrections.correct_day(
        first, to_day=last, working=False, reason="春节", by=by, at=JULY
    )
    # The calendar has the statutory days of 2027 already, and the weekend.
    assert row.day >= first
    kept = [each.day for each in working_day_corrections.corrections(first)]
    assert all(first <= day <= last and day.weekday() < 5 for day in kept)
    assert not any(working_days.is_working(date(2027, 2, day)) for day in range(5, 12))
    with pytest.raises(refusals.WorkingDayUnchanged):
        working_day_corrections.correct_day(
            first, to_day=last, working=False, reason="春节", by=by, at=JULY
        )
    for wrong in (date(2027, 2, 4), date(2027, 3, 8)):
        with pytest.raises(refusals.WorkingDaysInvalid):
            working_day_corrections.correct_day(
                first, to_day=wrong, working=True, reason="x", by=by, at=JULY
            )


def test_a_year_without_a_plan_is_known_as_such() -> None:
    assert working_days.is_plan_known(2026)
    assert not working_days.is_plan_known(2040)
