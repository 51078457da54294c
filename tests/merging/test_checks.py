"""Open checks of two entries: the merging answers what it settles, undoing asks anew."""

from datetime import date, timedelta

import pytest

from tests import make
from tests.make_merging import DAY, merge, picture, undo
from tests.make_points import FRIDAY
from volunteer_service.db import db
from volunteer_service.people.changes.change_models import RegistrationCheck
from volunteer_service.people.registrations import registration_checks


@pytest.fixture
def asked(cast, kept, other):
    """A leader's newcomer, who looks like somebody; that one was asked about too."""
    by = make.acting(cast.li_mei)
    kept.area_id = other.area_id = cast.community.id
    for row, kind in ((other, "newcomer"), (other, "same_name"), (kept, "same_name")):
        registration_checks.ask(row, kind, by=by, at=make.MORNING)
    assert open_ones() == [(kept.id, "same_name"), (other.id, "newcomer"), (other.id, "same_name")]


def open_ones() -> list[tuple[int, str]]:
    query = db.select(RegistrationCheck).where(RegistrationCheck.answered_at.is_(None))
    return sorted((row.volunteer_id, row.kind) for row in db.session.scalars(query))


def test_who_merges_has_answered_them(cast, kept, other, asked) -> None:
    before = picture()
    done = merge(cast, kept, other)
    assert open_ones() == []
    assert registration_checks.count_waiting(by=make.acting(cast.coordinator)) == 0
    rows = db.session.scalars(db.select(RegistrationCheck)).all()
    assert {(row.answered_at, row.answered_by_id) for row in rows} == {
        (FRIDAY, cast.coordinator.id)
    }
    undo(cast, done)
    assert picture() == before


def test_a_third_namesake_is_still_asked_about(cast, kept, other, asked) -> None:
    born = date(1990, 1, 2)
    kept.born_on = other.born_on = born
    make.volunteer("张伟", born_on=born, area_id=cast.community.id)
    merge(cast, kept, other)
    assert open_ones() == [(kept.id, "same_name")]


def test_what_was_asked_since_makes_room_for_what_is_asked_anew(cast, kept, other, asked) -> None:
    done = merge(cast, kept, other)
    later = FRIDAY + timedelta(hours=1)
    registration_checks.ask(kept, "same_name", by=make.acting(cast.li_mei), at=later)
    undo(cast, done, at=FRIDAY + DAY)
    assert open_ones() == [(kept.id, "same_name"), (other.id, "newcomer"), (other.id, "same_name")]
