"""The list of what waits, by its ten working days."""

from datetime import UTC, date, datetime

import pytest

from tests import make
from tests.make_ratings import record
from volunteer_service import clock
from volunteer_service.lists import asking, reading, registry

#: A Friday without a holiday near it: 14 days before it are 10 working days.
TODAY = datetime(2026, 8, 28, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("over", {date(2026, 8, 13)}),
        ("soon", {date(2026, 8, 14), date(2026, 8, 18)}),
        ("later", {date(2026, 8, 19), date(2026, 8, 27)}),
    ],
)
def test_what_waits_is_asked_by_its_deadline(session, monkeypatch, code, days) -> None:
    cast = make.cast()
    for day in (13, 14, 18, 19, 27):
        record(cast.wang, cast.team, on=date(2026, 8, day), state="waiting", waits_for="leader")
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    asked = asking.read(
        registry.LISTS["waiting"], {"due": code}, ["served_on"], by=make.acting(cast.li_mei)
    )
    assert {row.values[-1] for row in reading.rows(asked)} == days
