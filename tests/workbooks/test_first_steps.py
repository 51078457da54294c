"""The first steps of a street: counted from what is there, set aside, and up again."""

from datetime import date
from pathlib import Path

import pytest

from tests import make, make_points
from tests.make import MORNING, Cast, acting
from tests.workbooks import openings, town
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed, NotFound
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks.new_streets import first_steps
from volunteer_service.workbooks.taking_back import undoing

SYSTEM = Actor.system("cli")
NAMES = first_steps.NAMES


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


def counts(street: first_steps.Street) -> dict[str, int]:
    return {each.step.name: each.count for each in street.steps}


def test_each_step_is_counted_from_what_is_there(cast: Cast, tmp_path: Path) -> None:
    [street] = first_steps.streets(by=acting(cast.coordinator))
    assert street.area is cast.town
    before = counts(street)
    assert (before["areas"], before["teams"], before["people"]) == (2, 2, 3)
    assert (before["balances"], before["gifts"], before["event"]) == (0, 0, 0)

    make.area("三网格", parent=cast.community, kind="grid")
    make.volunteer("陈桂英", team=cast.team)
    openings.taken(cast, tmp_path, cast.wang)
    make_points.gift(cast)
    make.event(team=cast.team, leader=cast.li_mei)
    make.event(team=cast.team, leader=cast.li_mei, state="draft")

    [street] = first_steps.streets(by=acting(cast.coordinator))
    after = {name: n - before[name] for name, n in counts(street).items()}
    assert after == {
        "areas": 1,
        "teams": 0,
        "people": 1,
        "balances": 4,
        "gifts": 1,
        "staff": 0,
        "event": 1,
    }
    assert street.is_finished
    assert first_steps.unfinished(by=acting(cast.coordinator)) == []


def test_another_street_s_are_not_counted(cast: Cast) -> None:
    other = make.area("邻街道")
    make.volunteer("邻居", area_id=other.id, registered_on=date(2025, 1, 1))
    found = {street.area.name: street for street in first_steps.streets(by=SYSTEM) if street.area}
    assert counts(found["邻街道"]) == {**dict.fromkeys(NAMES, 0), "people": 1}
    assert counts(found[cast.town.name])["people"] == 3


def test_one_member_of_staff_is_not_enough(cast: Cast) -> None:
    other = make.area("邻街道")
    alone = make.account("alone", "独自", role="coordinator", area=other)
    [street] = first_steps.streets(by=acting(alone))
    staff = next(each for each in street.steps if each.step.name == "staff")
    assert (staff.count, staff.is_done, staff.is_open) == (1, False, True)


def test_a_step_and_the_list_are_set_aside_and_taken_up_again(cast: Cast) -> None:
    by = acting(cast.coordinator)
    assert [street.area for street in first_steps.unfinished(by=by)] == [cast.town]
    for step in ("gifts", "event"):
        first_steps.set_step_aside(cast.town.id, step, is_aside=True, by=by, at=MORNING)
    assert first_steps.unfinished(by=by) == []
    first_steps.set_step_aside(cast.town.id, "gifts", is_aside=False, by=by, at=MORNING)
    assert len(first_steps.unfinished(by=by)) == 1
    for _ in range(2):
        first_steps.set_step_aside(cast.town.id, "all", is_aside=True, by=by, at=MORNING)
    assert first_steps.unfinished(by=by) == []


def test_only_who_may_import_there_and_only_of_a_street(cast: Cast) -> None:
    aside = {"is_aside": True, "at": MORNING}
    assert first_steps.streets(by=acting(cast.li_mei)) == []
    with pytest.raises((NotAllowed, NotFound)):
        first_steps.set_step_aside(cast.town.id, "all", by=acting(cast.li_mei), **aside)
    with pytest.raises(NotFound):
        first_steps.set_step_aside(cast.community.id, "all", by=SYSTEM, **aside)
    with pytest.raises(Invalid):
        first_steps.set_step_aside(cast.town.id, "tea", by=SYSTEM, **aside)


def test_before_there_is_a_street_an_admin_sees_every_step(session: None) -> None:
    [street] = first_steps.unfinished(by=SYSTEM)
    assert street.area is None
    assert counts(street) == dict.fromkeys(NAMES, 0)


def test_what_was_set_aside_keeps_no_import_from_being_undone(
    session: None, tmp_path: Path
) -> None:
    row = town.applied(town.files_of(tmp_path / "street"))
    area_id = row.area_id or 0
    first_steps.set_step_aside(area_id, "all", is_aside=True, by=SYSTEM, at=town.NOON)
    db.session.flush()
    assert undoing.blockers(row.id) == {}
    undoing.undo(row.id, by=SYSTEM, at=town.NOON)
    assert row.state == "undone"
