"""A record is explained by its own scans, where an event has more than one day or shift."""

import pytest

from tests import make, make_days
from volunteer_service.attendance.check_ins import rosters

CASES = (
    ("A D", ("in 09:00", "in +08:55", "out +11:00"), {"A": "in", "D": "in out"}),
    ("A B", ("in 08:55", "out 13:00"), {"A": "in out", "B": "in out"}),
    ("A B", ("in 08:55", "in 11:05", "out 13:00"), {"A": "in in", "B": "in in out"}),
    ("A C", ("in 09:00", "out 11:00", "in 14:00", "out 16:00"), {"A": "in out", "C": "in out"}),
    ("E", ("in 09:00", "out 12:00", "in 13:00", "out 17:00"), {"E": "in out in out"}),
    (
        "A D",
        ("in 09:00", "out 18:00", "in +09:00", "out +11:00"),
        {"A": "in", "D": "in out"},
    ),
)


@pytest.mark.parametrize(("places", "acts", "expected"), CASES)
def test_a_record_shows_its_own_scans(session, places, acts, expected) -> None:
    day = make_days.day(places)
    for act in acts:
        day.act(act)
    day.close_all()
    by = make.acting(day.cast.wang_account)
    found = {
        name: " ".join(scan.kind for scan in rosters.explain(record.id, by=by).scans)
        for name, record in day.by_shift().items()
    }
    assert found == expected
