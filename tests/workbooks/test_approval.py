"""An import that is large or about the importer takes two people; the operator's does not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import select

from tests import make, make_points
from tests.statements import counted
from tests.workbooks import log, town
from tests.workbooks.street_cells import id_number
from tests.workbooks.town import NOON
from volunteer_service import journal
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, Refused
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import Account, Grant, Guardian, Volunteer
from volunteer_service.scoring.rewards import gifts, orders
from volunteer_service.scoring.rewards.models import Gift, Redemption
from volunteer_service.scoring.rewards.refusals import OwnGift, OwnTerms
from volunteer_service.teams import role_grants
from volunteer_service.teams.models import Membership
from volunteer_service.workbooks import (
    applying,
    approval,
    import_overviews,
    import_states,
    receiving,
    undoing,
)
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import ImportChanged, ImportNeedsSecond, ImportNotReady

Handed = Callable[..., int]


@pytest.fixture
def cast(session: None) -> make.Cast:
    """周静 and 钱伟 coordinate, and both serve too."""
    cast = make.cast()
    for account in (cast.coordinator, cast.second):
        account.volunteer_id = make.volunteer(account.name, team=cast.team).id
    db.session.flush()
    return cast


@pytest.fixture
def handed(cast: make.Cast, tmp_path: Path) -> Handed:
    """The number of a log with so many days of somebody, handed in by 周静."""

    def hand_in(days: int, who: Volunteer | None = None, by: Account | None = None, **how) -> int:
        path = tmp_path / "log.xlsx"
        log.written(path, log.lines(who or cast.wang, cast.team, days, **how))
        actor = make.acting(by or cast.coordinator)
        return town.previewed([path], actor, area_id=cast.town.id).id

    return hand_in


def person(account: Account) -> Volunteer:
    return db.session.get_one(Volunteer, account.volunteer_id)


def applied(import_id: int, account: Account, at: datetime = NOON) -> str:
    return applying.apply(import_id, by=make.acting(account), at=at).state


def asked(import_id: int, account: Account) -> int:
    approval.ask(import_id, by=make.acting(account), at=NOON)
    return import_id


def may(import_id: int, account: Account) -> set[str]:
    return set(import_overviews.detail(import_id, by=make.acting(account), at=NOON).may)


def count() -> int:
    return town.sums()[1]


def acts(import_id: int) -> list[tuple[str, int | None, str]]:
    query = select(journal.Entry).where(
        journal.Entry.subject_type == "imports", journal.Entry.subject_id == import_id
    )
    rows = db.session.scalars(query.order_by(journal.Entry.id))
    return [(row.verb, row.account_id, row.door) for row in rows]


def test_above_a_hundred_records_another_person_decides(cast: make.Cast, handed: Handed) -> None:
    number = handed(101)
    assert may(number, cast.coordinator) == {"ask", "discard"}
    assert may(number, cast.second) == {"discard"}
    with pytest.raises(ImportNeedsSecond) as refused:
        applied(number, cast.coordinator)
    assert "101" in str(refused.value)
    assert "钱伟" in str(refused.value)
    assert "周静" not in str(refused.value)
    with pytest.raises(ImportNeedsSecond):
        applied(number, cast.second)
    with pytest.raises(NotAllowed):
        asked(number, cast.second)

    asked(number, cast.coordinator)

    with pytest.raises(SecondPersonNeeded):
        applied(number, cast.coordinator)
    assert count() == 0
    assert may(number, cast.coordinator) == {"withdraw"}
    assert may(number, cast.second) == {"decide"}
    assert applied(number, cast.second) == "applied"
    row = db.session.get_one(Import, number)
    assert count() == row.records == 101
    assert (row.asked_by_id, row.decided_by_id) == (cast.coordinator.id, cast.second.id)
    assert acts(number)[1:] == [
        ("imports.ask", cast.coordinator.id, "page"),
        ("imports.apply", cast.second.id, "page"),
    ]


def test_splitting_does_not_help(cast: make.Cast, handed: Handed) -> None:
    assert applied(handed(60), cast.coordinator) == "applied"
    assert applied(handed(40, event="巡逻", first=log.FIRST.replace(year=2025)), cast.coordinator)
    one_more = handed(1, cast.zhao, event="巡逻")

    with pytest.raises(ImportNeedsSecond, match="100"):
        applied(one_more, cast.coordinator)
    # Through another's hands neither: who handed it in counts.
    with pytest.raises(ImportNeedsSecond):
        applied(one_more, cast.second)

    assert count() == 100
    assert applied(one_more, cast.coordinator, NOON + timedelta(days=31)) == "applied"


@pytest.mark.parametrize("is_giver_first", [True, False])
def test_nor_does_an_account_that_one_gave_its_role(
    cast: make.Cast, handed: Handed, is_giver_first: bool
) -> None:
    helper = make.account("helper", "帮手")
    giver = make.acting(cast.coordinator)
    role_grants.grant(helper.id, "coordinator", area_id=cast.community.id, by=giver, at=NOON)
    above = make.acting(cast.admin)
    role_grants.grant(helper.id, "coordinator", area_id=cast.town.id, by=above, at=NOON)
    one, other = (cast.coordinator, helper) if is_giver_first else (helper, cast.coordinator)
    assert applied(handed(99, by=one), one) == "applied"
    more = handed(99, cast.zhao, by=other, event="巡逻")
    with pytest.raises(ImportNeedsSecond, match="99"):
        applied(more, other)
    assert count() == 99


def test_what_two_people_brought_in_is_not_counted_against_one(
    cast: make.Cast, handed: Handed
) -> None:
    assert applied(asked(handed(101), cast.coordinator), cast.second) == "applied"
    first = log.FIRST.replace(year=2025)
    assert applied(handed(100, event="巡逻", first=first), cast.coordinator) == "applied"
    assert applied(handed(100, cast.zhao, by=cast.second), cast.second) == "applied"


def test_twenty_days_of_twelve_hours_for_a_friend_take_two(cast: make.Cast, handed: Handed) -> None:
    number = handed(20, hours=12)
    with pytest.raises(ImportNeedsSecond, match="20 天"):
        applied(number, cast.coordinator)
    assert count() == 0
    assert applied(asked(number, cast.coordinator), cast.second) == "applied"
    (record,) = db.session.scalars(select(ServiceRecord).limit(1))
    assert (record.grade, record.minutes, record.state) == ("scanned", 720, "confirmed")


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
    assert import_states.standing(number, by=by, at=NOON).kinds == [("volunteers", 1, 1, 0)]
    with pytest.raises(ImportNeedsSecond, match="本人"):
        applied(number, cast.coordinator)
    joined = select(Membership.id).where(Membership.team_id == team.id)
    before = len(db.session.scalars(joined).all())
    assert applied(asked(number, cast.coordinator), cast.second) == "applied"
    assert len(db.session.scalars(joined).all()) == before + 1


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


def test_whose_password_the_first_one_set_is_no_second_person(
    cast: make.Cast, handed: Handed
) -> None:
    number = asked(handed(101), cast.coordinator)
    by = {"account_id": cast.coordinator.id, "door": "page"}
    journal.record("people.set_password", cast.second, **by, at=NOON - timedelta(days=2))
    db.session.flush()
    with pytest.raises(SecondPersonNeeded):
        applied(number, cast.second)
    told = import_overviews.detail(number, by=make.acting(cast.second), at=NOON)
    assert "decide" not in told.may
    assert "2026-11-20" in str(told.why_not)


def test_who_asked_takes_it_back_and_nobody_else(cast: make.Cast, handed: Handed) -> None:
    number = asked(handed(101), cast.coordinator)
    with pytest.raises(NotAllowed):
        approval.withdraw(number, by=make.acting(cast.second), at=NOON)
    row = approval.withdraw(number, by=make.acting(cast.coordinator), at=NOON)
    assert (row.state, row.asked_by_id, row.asked_at) == ("previewed", None, None)
    with pytest.raises(ImportNotReady):
        applying.approve(number, by=make.acting(cast.second), at=NOON)
    with pytest.raises(ImportNeedsSecond):
        applied(number, cast.coordinator)


def test_refused_with_a_reason_nothing_comes_in(cast: make.Cast, handed: Handed) -> None:
    number = asked(handed(101), cast.coordinator)
    with pytest.raises(SecondPersonNeeded):
        approval.refuse(number, "不对", by=make.acting(cast.coordinator), at=NOON)

    row = approval.refuse(number, "日子不对", by=make.acting(cast.second), at=NOON)

    assert (row.state, row.answer, row.decided_by_id) == ("refused", "日子不对", cast.second.id)
    assert (count(), row.largest) == (0, [])
    for verb in (applying.approve, applying.begin, undoing.undo, undoing.discard):
        with pytest.raises(ImportNotReady):
            verb(number, by=make.acting(cast.second), at=NOON)


def test_what_is_applied_is_what_was_shown(cast: make.Cast, handed: Handed) -> None:
    number = asked(handed(101), cast.coordinator)
    assert applied(handed(1, by=cast.second), cast.second) == "applied"

    with pytest.raises(ImportChanged):
        applied(number, cast.second)


def test_alone_too_what_is_applied_is_what_was_shown(cast: make.Cast, handed: Handed) -> None:
    number = handed(2)
    applying.apply(handed(1), by=town.SYSTEM, at=NOON)
    with pytest.raises(ImportChanged):
        applied(number, cast.coordinator)


def test_the_operator_applies_at_once_and_the_journal_says_so(
    cast: make.Cast, handed: Handed
) -> None:
    number = handed(150, person(cast.coordinator))
    applying.apply(number, by=Actor.system("cli"), at=NOON)
    assert count() == 150
    assert acts(number)[-1] == ("imports.apply", None, "cli")


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


def test_a_price_of_an_import_is_by_who_handed_it_in_and_by_who_applied_it(
    cast: make.Cast, tmp_path: Path
) -> None:
    path = log.gifts(tmp_path / "gifts.xlsx", [("保温杯", 1, 9)])
    number = town.previewed([path], make.acting(cast.coordinator), area_id=cast.town.id).id
    assert applied(number, cast.second) == "applied"
    (cup,) = db.session.scalars(select(Gift))
    for account in (cast.coordinator, cast.second, cast.wang_account):
        make_points.earned(db.session.get_one(Volunteer, account.volunteer_id))
    for account in (cast.coordinator, cast.second):
        with pytest.raises(OwnTerms):
            ordered(cup, account)
    assert ordered(cup, cast.wang_account).points_centi == 100
    # One of the two is nobody else to the other: the gift waits for a third.
    by = make.acting(cast.coordinator)
    with pytest.raises(OwnGift):
        saved(cup, by, handed_in_by=make.acting(cast.wang_account))
    saved(cup, make.acting(cast.admin))
    assert ordered(cup, cast.coordinator).points_centi == 100


def ordered(row: Gift, account: Account) -> Redemption:
    by = make.acting(account)
    return orders.order(row.id, 1, account.volunteer_id, stars=0, by=by, at=NOON)[0]


def saved(row: Gift, by: Actor, **how: Actor) -> Gift:
    terms = {"name": row.name, "price_centi": 100, "minimum_stars": 0, "state": "offered"}
    return gifts.edit_gift(row.id, row.version, **terms, by=by, at=NOON, **how)


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


def test_what_nobody_decides_upon_goes_after_a_week(cast: make.Cast, handed: Handed) -> None:
    number = asked(handed(101), cast.coordinator)
    late = NOON + timedelta(days=8)
    assert receiving.drop_old(at=late) == 1
    db.session.expire_all()
    row = db.session.get_one(Import, number)
    assert (row.state, row.largest) == ("undone", [])
    assert db.session.scalars(select(ServiceRecord.id)).all() == []


@pytest.mark.parametrize("answer", ["", " \u200b\u3164", "字" * 201, "不\0对"])
def test_it_is_not_refused_without_a_reason_that_can_be_read(
    cast: make.Cast, handed: Handed, answer: str
) -> None:
    number = asked(handed(101), cast.coordinator)
    with pytest.raises(Refused) as refused:
        approval.refuse(number, answer, by=make.acting(cast.second), at=NOON)
    assert refused.value.field == "answer"
    assert db.session.get_one(Import, number).state == "asked"


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
