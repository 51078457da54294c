"""Working days gone by, in one query, as corrected."""

from datetime import date

import pytest
from sqlalchemy import event as listening

from tests.make_points import FRIDAY
from volunteer_service import working_days
from volunteer_service.db import db
from volunteer_service.working_days import WorkingDayCorrection


@pytest.mark.parametrize(
    ("day", "until", "gone"),
    [
        (date(2026, 7, 1), date(2026, 7, 1), 0),
        (date(2026, 7, 3), date(2026, 7, 5), 0),
        (date(2026, 7, 1), date(2026, 7, 8), 5),
        # Over the Spring Festival with both make-up Saturdays.
        (date(2026, 2, 13), date(2026, 2, 27), 5),
        (date(2026, 7, 8), date(2026, 7, 1), 0),
    ],
)
def test_working_days_gone_by(session: None, day: date, until: date, gone: int) -> None:
    assert working_days.gone_by(day, until) == gone


def test_a_corrected_day_counts_as_corrected_in_one_query(session: None) -> None:
    for day, working in ((date(2026, 7, 3), False), (date(2026, 7, 4), True)):
        db.session.add(WorkingDayCorrection(day=day, working=working, reason="x", at=FRIDAY))
    db.session.flush()
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    listening.listen(db.engine, "before_cursor_execute", count)
    try:
        assert working_days.gone_by(date(2026, 7, 2), date(2026, 7, 4)) == 1
    finally:
        listening.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) == 1
