"""An import that is large takes two people; the operator's does not."""

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from tests import make, make_points
from tests.workbooks import log, town
from tests.workbooks.approving import Handed, applied, asked, count, may, person
from tests.workbooks.town import NOON
from volunteer_service import journal
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, Refused
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.scoring.rewards import gifts, orders
from volunteer_service.scoring.rewards.models import Gift, Redemption
from volunteer_service.scoring.rewards.refusals import OwnGift, OwnTerms
from volunteer_service.teams import role_grants
from volunteer_service.workbooks import applying, approval, import_overviews, receiving
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import (
    ImportChanged,
    ImportNeedsSecond,
    ImportNotReady,
    NothingTaken,
)
from volunteer_service.workbooks.taking_back import undoing


def acts(import_id: int) -> list[tuple[str, int | None, str]]:
    query = select(journal.Entry).where(
        journal.Entry.subject_type == "imports", journal.Entry.subject_id == import_id
    )
    rows = db.session.scalars(query.order_by(journal.Entry.id))
    return [(row.verb, row.account_id, row.door) for row in rows]


def test_an_import_of_which_nothing_comes_in_is_not_asked_for(
    cast: make.Cast, tmp_path: Path
) -> None:
    book = Workbook()
    page = book.worksheets[0]
    for row in (("社区", "网格", "楼栋", "楼栋长"), ("和风社区", "一网格", "1号楼", "许一")):
        page.append(row)
    book.save(tmp_path / "a.xlsx")
    by = make.acting(cast.coordinator)
    row = town.previewed([tmp_path / "a.xlsx"], by, area_id=cast.town.id)

    with pytest.raises(NothingTaken):
        approval.ask(row.id, by=by, at=NOON)


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
