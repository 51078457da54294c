"""Two people undo an import that two people applied."""

import pytest

from tests import make
from tests.workbooks.approving import Handed, applied, asked, count, person
from tests.workbooks.town import NOON, SYSTEM
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, Refused
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.authorization.undo_requests import (
    UndoAlone,
    UndoNeedsSecond,
    UndoNotAsked,
)
from volunteer_service.people.models import Account, Message
from volunteer_service.teams import role_grants
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import ImportNotReady
from volunteer_service.workbooks.taking_back import undo_approval, undoing


@pytest.fixture
def by_two(cast: make.Cast, handed: Handed) -> int:
    """A log of 101 records that 周静 asked for and 钱伟 brought in."""
    number = asked(handed(101), cast.coordinator)
    assert applied(number, cast.second) == "applied"
    return number


def ask(number: int, account: Account, reason: str = "交错了文件") -> Import:
    return undo_approval.ask_undo(number, reason, by=make.acting(account), at=NOON)


def undo(number: int, account: Account) -> str:
    return undoing.undo(number, by=make.acting(account), at=NOON).state


def may(number: int, account: Account) -> set[str]:
    row = db.session.get_one(Import, number)
    return set(undo_approval.standing(row, by=make.acting(account), at=NOON).may)


def told(account: Account, kind: str) -> list[dict[str, object]]:
    query = db.select(Message.facts).where(
        Message.kind == kind,
        (Message.volunteer_id == account.volunteer_id) | (Message.account_id == account.id),
    )
    return list(db.session.scalars(query))


def test_neither_of_the_two_undoes_it_alone(cast: make.Cast, by_two: int) -> None:
    for account in (cast.coordinator, cast.second):
        assert may(by_two, account) == {"ask"}
        with pytest.raises(UndoNeedsSecond, match="两个人"):
            undo(by_two, account)
    assert count() == 101


def test_one_asks_with_a_reason_and_another_undoes(cast: make.Cast, by_two: int) -> None:
    row = ask(by_two, cast.second)
    assert (row.undo_reason, row.is_undo_asked) == ("交错了文件", True)
    assert may(by_two, cast.second) == {"withdraw"}
    assert may(by_two, cast.coordinator) == {"decide"}
    with pytest.raises(SecondPersonNeeded):
        undo(by_two, cast.second)
    with pytest.raises(UndoNotAsked):
        ask(by_two, cast.coordinator)
    assert count() == 101

    assert undo(by_two, cast.coordinator) == "undone"

    assert count() == 0
    assert (row.undo_asked_by_id, row.undo_decided_by_id) == (cast.second.id, cast.coordinator.id)
    facts = {"import": by_two, "outcome": "done"}
    assert told(cast.second, "import_undo_answered") == [facts]
    assert told(cast.second, "your_import_undone") == []
    query = db.select(journal.Entry.verb, journal.Entry.account_id).where(
        journal.Entry.subject_type == "imports", journal.Entry.verb.contains("undo")
    )
    assert [tuple(one) for one in db.session.execute(query.order_by(journal.Entry.id))] == [
        ("imports.ask_undo", cast.second.id),
        ("imports.undo", cast.coordinator.id),
    ]


def test_let_stand_it_stays_and_who_asked_reads_why(cast: make.Cast, by_two: int) -> None:
    ask(by_two, cast.coordinator)
    with pytest.raises(SecondPersonNeeded):
        undo_approval.refuse_undo(by_two, "不用", by=make.acting(cast.coordinator), at=NOON)
    row = undo_approval.refuse_undo(by_two, "文件没错", by=make.acting(cast.second), at=NOON)
    assert (row.state, row.undo_answer, row.is_undo_asked) == ("applied", "文件没错", False)
    facts = {"import": by_two, "outcome": "refused"}
    assert told(cast.coordinator, "import_undo_answered") == [facts]
    with pytest.raises(UndoNotAsked):
        undo_approval.refuse_undo(by_two, "再说一次", by=make.acting(cast.second), at=NOON)
    with pytest.raises(UndoNeedsSecond):
        undo(by_two, cast.second)
    assert ask(by_two, cast.coordinator).undo_answer is None
    assert undo(by_two, cast.second) == "undone"


def test_who_asked_takes_it_back_and_nobody_else(cast: make.Cast, by_two: int) -> None:
    with pytest.raises(UndoNotAsked):
        undo_approval.withdraw_undo(by_two, by=make.acting(cast.coordinator), at=NOON)
    ask(by_two, cast.coordinator)
    with pytest.raises(NotAllowed):
        undo_approval.withdraw_undo(by_two, by=make.acting(cast.second), at=NOON)
    undo_approval.withdraw_undo(by_two, by=make.acting(cast.coordinator), at=NOON)
    assert may(by_two, cast.second) == {"ask"}
    with pytest.raises(UndoNeedsSecond):
        undo(by_two, cast.second)


def test_whose_role_the_first_one_gave_is_no_second_person(cast: make.Cast, by_two: int) -> None:
    helper = make.account("helper", "帮手")
    giver, above = make.acting(cast.coordinator), make.acting(cast.admin)
    role_grants.grant(helper.id, "coordinator", area_id=cast.community.id, by=giver, at=NOON)
    role_grants.grant(helper.id, "coordinator", area_id=cast.town.id, by=above, at=NOON)
    ask(by_two, cast.coordinator)
    with pytest.raises(SecondPersonNeeded, match="钱伟"):
        undo(by_two, helper)
    assert may(by_two, helper) == set()
    assert count() == 101


def test_whom_it_is_about_does_not_decide_upon_its_undo(cast: make.Cast, handed: Handed) -> None:
    number = asked(handed(101, person(cast.second)), cast.coordinator)
    applied(number, cast.admin)
    ask(number, cast.coordinator)
    with pytest.raises(OwnCase):
        undo(number, cast.second)
    with pytest.raises(OwnCase):
        undo_approval.refuse_undo(number, "留着", by=make.acting(cast.second), at=NOON)
    assert undo(number, cast.admin) == "undone"


def test_what_one_brought_in_alone_one_undoes(cast: make.Cast, handed: Handed) -> None:
    number = handed(3)
    applied(number, cast.coordinator)
    assert may(number, cast.second) == {"undo"}
    with pytest.raises(UndoAlone):
        ask(number, cast.second)
    assert undo(number, cast.second) == "undone"


def test_what_the_operator_brought_in_takes_two_where_it_would_have(
    cast: make.Cast, handed: Handed
) -> None:
    number = handed(101)
    applying.apply(number, by=SYSTEM, at=NOON)
    with pytest.raises(UndoNeedsSecond, match="101"):
        undo(number, cast.coordinator)
    ask(number, cast.coordinator)
    assert undo(number, cast.second) == "undone"


def test_the_operator_undoes_at_once_and_who_asked_is_told(cast: make.Cast, by_two: int) -> None:
    ask(by_two, cast.coordinator)
    assert undoing.undo(by_two, by=SYSTEM, at=NOON).state == "undone"
    assert told(cast.coordinator, "import_undo_answered") == [{"import": by_two, "outcome": "done"}]


@pytest.mark.parametrize("words", ["", " ", "\u200b\u3000"])
def test_it_takes_reasons_that_can_be_read(cast: make.Cast, by_two: int, words: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(by_two, cast.coordinator, words)
    assert refused.value.field == "reason"
    ask(by_two, cast.coordinator)
    with pytest.raises(Refused) as refused:
        undo_approval.refuse_undo(by_two, words, by=make.acting(cast.second), at=NOON)
    assert refused.value.field == "answer"


def test_of_what_is_not_applied_nobody_asks(cast: make.Cast, handed: Handed) -> None:
    with pytest.raises(ImportNotReady):
        ask(handed(101), cast.coordinator)
