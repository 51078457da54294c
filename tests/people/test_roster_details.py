"""What a roster says beside the registration, and since when somebody is registered."""

from datetime import date, timedelta

import pytest

from tests import make
from tests.make import MORNING, Cast, acting
from volunteer_service.errors import Invalid
from volunteer_service.people.changes import person_changes, person_values
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_edits import PersonEdit


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


def change(cast: Cast, field: str, **to: object) -> PersonChange:
    edit = PersonEdit(field, "本人当面说的", person_values.mark(cast.wang, field), **to)
    by = acting(cast.coordinator)
    return person_changes.change_person(cast.wang.id, edit, by=by, at=MORNING)


def test_what_a_roster_says_beside_is_changed_kept_and_emptied(cast: Cast) -> None:
    for field, to in (
        ("party", "中共党员"),
        ("employer", "和风小学"),
        ("skills", "急救"),
        ("remark", "周末"),
    ):
        row = change(cast, field, **{field: to})
        assert (row.state, row.format, cast.wang.details[field]) == ("done", 2, to)
    change(cast, "skills", skills="")
    assert "skills" not in cast.wang.details
    with pytest.raises(Invalid):
        change(cast, "party", party="党" * 61)


def test_the_day_from_which_stars_count_is_changed_by_two_and_not_to_come(cast: Cast) -> None:
    before = cast.wang.registered_on
    for wrong in (None, MORNING.date() + timedelta(days=1), date(1900, 1, 1)):
        with pytest.raises(Invalid):
            change(cast, "registered", registered_on=wrong)
    row = change(cast, "registered", registered_on=before - timedelta(days=9))
    assert (row.state, cast.wang.registered_on) == ("waiting", before)
    person_changes.decide_change(row.id, approve=True, by=acting(cast.second), at=MORNING)
    assert cast.wang.registered_on == before - timedelta(days=9)
