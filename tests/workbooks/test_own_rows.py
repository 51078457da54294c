"""Rows about the importer, or about whom the importer is tied to, take two people."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import select

from tests import make
from tests.statements import counted
from tests.workbooks import log, town
from tests.workbooks.approving import Handed, applied, asked, count, may, person
from tests.workbooks.street_cells import id_number
from tests.workbooks.town import NOON
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import Grant, Guardian, Volunteer
from volunteer_service.teams.models import Membership
from volunteer_service.workbooks import approval, import_overviews, import_states
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import ImportNeedsSecond
from volunteer_service.workbooks.taking_back import undoing


def test_one_record_of_one_s_own_takes_two(cast: make.Cast, handed: Handed) -> None:
    number = handed(1, person(cast.coordinator))
    with pytest.raises(ImportNeedsSecond, match="本人"):
        applied(number, cast.coordinator)
    with pytest.raises(ImportNeedsSecond, match="本人"):
        applied(number, cast.second)
    assert applied(asked(number, cast.coordinator), cast.second) == "applied"


def test_a_record_of_somebody_with_one_s_phone_takes_two(cast: make.Cast, handed: Handed) -> None:
    mother = make.volunteer("周母", team=cast.team, phone=person(cast.coordinator).phone)
    number = handed(1, mother)
    with pytest.raises(ImportNeedsSecond):
        applied(number, cast.coordinator)
    assert applied(asked(number, cast.coordinator), cast.second) == "applied"


def test_one_s_own_row_of_a_roster_takes_two(cast: make.Cast, tmp_path: Path) -> None:
    mine = person(cast.coordinator)
    team, by = cast.other_team, make.acting(cast.coordinator)
    rows = [(mine.name, id_number(date(1980, 5, 1), "女", 11), mine.phone, team.name)]
    path = log.roster(tmp_path / "roster.xlsx", rows)
    number = town.previewed([path], by, area_id=cast.town.id).id
    assert import_states.standing(number, by=by, at=NOON).kinds == [("volunteers", 1, 0, 0)]
    with pytest.raises(ImportNeedsSecond, match="本人"):
        applied(number, cast.coordinator)
    joined = select(Membership.id).where(Membership.team_id == team.id)
    before = len(db.session.scalars(joined).all())
    assert applied(asked(number, cast.coordinator), cast.second) == "applied"
    # The other number and the other team were offered, and nobody agreed to them.
    assert len(db.session.scalars(joined).all()) == before


def test_whom_it_is_about_is_not_the_second_person(cast: make.Cast, handed: Handed) -> None:
    number = asked(handed(101, person(cast.second)), cast.coordinator)
    assert may(number, cast.second) == set()
    with pytest.raises(OwnCase):
        applied(number, cast.second)
    with pytest.raises(OwnCase):
        approval.refuse(number, "不对", by=make.acting(cast.second), at=NOON)
    detail = import_overviews.detail(number, by=make.acting(cast.coordinator), at=NOON)
    assert detail.who.names == ("管理员",)
    assert count() == 0
    assert applied(number, cast.admin) == "applied"


def test_whom_it_is_about_and_who_came_to_the_office_later_is_found_when_it_is_judged_again(
    cast: make.Cast, handed: Handed
) -> None:
    number = asked(handed(101, cast.zhao), cast.coordinator)
    db.session.add(Grant(account_id=cast.zhao_account.id, role="coordinator", area_id=cast.town.id))
    db.session.flush()
    db.session.expire_all()
    with pytest.raises(OwnCase):
        applied(number, cast.zhao_account)


def test_who_is_among_its_people_does_not_take_it_back(cast: make.Cast, handed: Handed) -> None:
    number = handed(1, person(cast.second))
    assert applied(number, cast.coordinator) == "applied"
    with pytest.raises(OwnCase):
        undoing.undo(number, by=make.acting(cast.second), at=NOON)
    assert count() == 1
    assert undoing.undo(number, by=make.acting(cast.coordinator), at=NOON).state == "undone"
    assert count() == 0


def test_who_is_tied_to_one_of_its_people_does_not_take_it_back_either(
    cast: make.Cast, handed: Handed
) -> None:
    mother = make.volunteer("钱母", team=cast.team, phone=person(cast.second).phone)
    number = handed(1, mother)
    assert applied(number, cast.coordinator) == "applied"
    with pytest.raises(SecondPersonNeeded, match="同一个手机号"):
        undoing.undo(number, by=make.acting(cast.second), at=NOON)
    assert count() == 1
    assert undoing.undo(number, by=make.acting(cast.coordinator), at=NOON).state == "undone"


def test_a_membership_that_an_import_brought_is_one_s_own_too(
    cast: make.Cast, handed: Handed
) -> None:
    number = handed(1)
    assert applied(number, cast.coordinator) == "applied"
    query = select(Membership).where(Membership.volunteer_id == cast.second.volunteer_id)
    db.session.scalars(query).one().import_id = number
    db.session.flush()
    with pytest.raises(OwnCase):
        undoing.undo(number, by=make.acting(cast.second), at=NOON)


def newcomer(path: Path, phone: str, team: str, name: str = "孙小娟") -> Path:
    """A roster with one person whom nobody knows, and one line of her service."""
    return log.roster(path, [(name, id_number(date(1990, 5, 1), "女", 12), phone, team)])


def test_somebody_new_with_one_s_phone_is_as_oneself_under_whatever_name(
    cast: make.Cast, tmp_path: Path
) -> None:
    mine, by = person(cast.coordinator), make.acting(cast.coordinator)
    path = newcomer(tmp_path / "roster.xlsx", mine.phone or "", cast.team.name)
    number = town.previewed([path], by, area_id=cast.town.id).id
    with pytest.raises(ImportNeedsSecond, match="1 行"):
        applied(number, cast.coordinator)
    with pytest.raises(ImportNeedsSecond):
        applied(number, cast.second)
    assert may(asked(number, cast.coordinator), cast.second) == {"decide"}
    assert applied(number, cast.second) == "applied"


def test_whose_phone_somebody_new_has_does_not_decide(cast: make.Cast, tmp_path: Path) -> None:
    by = make.acting(cast.coordinator)
    roster = newcomer(tmp_path / "roster.xlsx", person(cast.second).phone or "", cast.team.name)
    lines = log.lines(Volunteer(name="孙小娟", phone=person(cast.second).phone), cast.team, 101)
    book = log.written(tmp_path / "log.xlsx", lines)
    number = asked(town.previewed([roster, book], by, area_id=cast.town.id).id, cast.coordinator)
    assert sum(db.session.get_one(Import, number).concerned.values()) == 102
    with pytest.raises(SecondPersonNeeded, match="手机号"):
        applied(number, cast.second)
    detail = import_overviews.detail(number, by=by, at=NOON)
    assert detail.who.names == ("管理员",)
    assert applied(number, cast.admin) == "applied"


@pytest.mark.parametrize("is_ward", [True, False])
def test_rows_about_a_ward_or_a_guardian_take_two(
    cast: make.Cast, handed: Handed, is_ward: bool
) -> None:
    mine = person(cast.coordinator)
    other = make.volunteer("周小静", team=cast.team)
    ward, guardian = (other, mine) if is_ward else (mine, other)
    db.session.add(Guardian(volunteer_id=ward.id, name=guardian.name, phone=guardian.phone))
    db.session.flush()
    number = handed(1, other)
    with pytest.raises(ImportNeedsSecond, match="1 行"):
        applied(number, cast.coordinator)
    assert applied(asked(number, cast.coordinator), cast.second) == "applied"


def test_rows_about_whoever_set_one_s_password_or_their_family_take_two(
    cast: make.Cast, handed: Handed
) -> None:
    mother = make.volunteer("钱母", team=cast.team, phone=person(cast.second).phone)
    by = {"account_id": cast.second.id, "door": "page"}
    journal.record("people.set_password", cast.coordinator, **by, at=NOON - timedelta(days=2))
    db.session.flush()
    for number in (handed(1, person(cast.second)), handed(1, mother, event="巡逻")):
        with pytest.raises(ImportNeedsSecond):
            applied(number, cast.coordinator)
    assert count() == 0
    assert applied(handed(1), cast.coordinator) == "applied"


def test_whom_rows_are_about_is_asked_in_the_same_statements_for_many(
    cast: make.Cast, tmp_path: Path
) -> None:
    def asked_for(people: int) -> int:
        numbers = (f"1700999{n:04d}" for n in range(people))
        rows = [
            (f"孙{n}", id_number(date(1990, 5, 1), "女", 20 + n), phone, cast.team.name)
            for n, phone in enumerate(numbers)
        ]
        path = log.roster(tmp_path / f"{people}.xlsx", rows)
        row = town.previewed([path], make.acting(cast.coordinator), area_id=cast.town.id)
        with counted(current_app._get_current_object()) as found:
            assert approval.why_of_rows(row, make.acting(cast.coordinator), at=NOON) is None
        return len(found)

    assert asked_for(2) == asked_for(40)


def test_rows_about_a_housemate_are_as_one_s_own(cast: make.Cast, handed: Handed) -> None:
    """Of who hands in, alone; and of the second person, who then is none."""
    mine = person(cast.coordinator)
    household_declarations.declare_household(
        cast.wang.id,
        housemate=mine.number,
        housemate_name=mine.name,
        by=make.acting(cast.wang_account),
        at=NOON,
    )
    number = handed(3)
    with pytest.raises(ImportNeedsSecond):
        applied(number, cast.coordinator)
    assert applied(asked(number, cast.coordinator), cast.second) == "applied"
    other = asked(handed(101, by=cast.second, event="巡逻"), cast.second)
    with pytest.raises(SecondPersonNeeded, match="同一家人"):
        applied(other, cast.coordinator)
