"""What two people merged, two undo: one asks and says why, somebody else indeed decides."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_merging import DAY, merge, served
from tests.make_points import FRIDAY
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed, NotFound
from volunteer_service.merging import preview, refusals, steps, undoing
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.authorization.undo_requests import (
    UndoAlone,
    UndoNeedsSecond,
    UndoNotAsked,
)
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Account, Message

LATER = FRIDAY + DAY


@pytest.fixture
def by_two(cast, kept, other) -> Merging:
    """Three hours merged: the coordinator asked, the second person agreed."""
    served(other, cast, minutes=180)
    row = merge(cast, kept, other)
    steps.decide_merging(row.id, approve=True, by=make.acting(cast.second), at=FRIDAY)
    assert row.state == "done"
    return row


def ask(row: Merging, account: Account) -> Merging:
    by = make.acting(account)
    return undoing.ask_undo(row.id, reason="查明是两个人", by=by, at=LATER)


def undo(row: Merging, account: Account, **fields) -> Merging:
    return undoing.undo_merging(row.id, by=make.acting(account), at=LATER, **fields)


def may(row: Merging, account: Account) -> set[str]:
    return set(undoing.standing(row, by=make.acting(account), at=LATER).may)


def told(account: Account) -> list[str]:
    query = select(Message).where(
        Message.account_id == account.id, Message.kind == "merging_undo_answered"
    )
    return [row.facts["outcome"] for row in db.session.scalars(query)]


def test_neither_of_the_two_undoes_it_alone(cast, by_two) -> None:
    for account in (cast.coordinator, cast.second, cast.admin):
        assert may(by_two, account) == {"ask"}
        with pytest.raises(UndoNeedsSecond, match="两个人"):
            undo(by_two, account, reason="查明是两个人")
    assert by_two.state == "done"


def test_one_asks_and_another_undoes_it(cast, by_two) -> None:
    ask(by_two, cast.coordinator)
    assert (may(by_two, cast.coordinator), may(by_two, cast.second)) == ({"withdraw"}, {"decide"})
    assert by_two in preview.waiting(by=make.acting(cast.second))
    with pytest.raises(SecondPersonNeeded):
        undo(by_two, cast.coordinator)
    with pytest.raises(UndoNotAsked):
        ask(by_two, cast.second)
    undo(by_two, cast.second)
    assert (by_two.state, by_two.undo_reason) == ("undone", "查明是两个人")
    assert by_two.undone_by_id == by_two.undo_decided_by_id == cast.second.id
    assert told(cast.coordinator) == ["done"]
    assert preview.waiting(by=make.acting(cast.second)) == []
    for act in (lambda: ask(by_two, cast.coordinator), lambda: undo(by_two, cast.second)):
        with pytest.raises(refusals.MergingDecided):
            act()


def test_the_second_lets_it_stand_and_says_why(cast, by_two) -> None:
    ask(by_two, cast.coordinator)
    fields = {"answer": "是一个人", "at": LATER}
    with pytest.raises(SecondPersonNeeded):
        undoing.refuse_undo(by_two.id, **fields, by=make.acting(cast.coordinator))
    undoing.refuse_undo(by_two.id, **fields, by=make.acting(cast.second))
    assert (by_two.state, by_two.undo_answer) == ("done", "是一个人")
    assert told(cast.coordinator) == ["refused"]
    with pytest.raises(UndoNotAsked):
        undoing.refuse_undo(by_two.id, **fields, by=make.acting(cast.second))
    with pytest.raises(UndoNeedsSecond):
        undo(by_two, cast.second)
    assert ask(by_two, cast.second).undo_answer is None


def test_who_asked_takes_it_back_and_nobody_else(cast, by_two) -> None:
    ask(by_two, cast.coordinator)
    with pytest.raises(NotAllowed):
        undoing.withdraw_undo(by_two.id, by=make.acting(cast.second), at=LATER)
    undoing.withdraw_undo(by_two.id, by=make.acting(cast.coordinator), at=LATER)
    assert (may(by_two, cast.second), by_two.undo_reason) == ({"ask"}, None)
    with pytest.raises(UndoNeedsSecond):
        undo(by_two, cast.second)


def test_the_second_is_somebody_else_indeed(cast, by_two) -> None:
    ask(by_two, cast.coordinator)
    cast.second.volunteer_id = by_two.kept_id
    db.session.flush()
    with pytest.raises(OwnCase):
        undo(by_two, cast.second)
    with pytest.raises(OwnCase):
        undoing.refuse_undo(by_two.id, answer="是", by=make.acting(cast.second), at=LATER)


def test_what_one_merged_one_undoes_with_a_reason(cast, kept, other) -> None:
    row = merge(cast, kept, other)
    assert may(row, cast.second) == {"undo"}
    with pytest.raises(UndoAlone):
        ask(row, cast.second)
    with pytest.raises(Invalid):
        undo(row, cast.second)
    assert undo(row, cast.second, reason="是两个人").undo_reason == "是两个人"


def test_the_operator_undoes_at_once(by_two) -> None:
    by = Actor.system("cli")
    undoing.undo_merging(by_two.id, reason="核对档案", by=by, at=LATER)
    assert by_two.state == "undone"


def test_nobody_of_another_street_asks_or_decides(cast, by_two) -> None:
    far = make.account("far", "马俊", role="coordinator", area=make.area("塘桥街道"))
    for act in (lambda: ask(by_two, far), lambda: undo(by_two, far)):
        with pytest.raises((NotFound, NotAllowed)):
            act()


def test_too_late_is_too_late_for_two(cast, by_two) -> None:
    ask(by_two, cast.coordinator)
    late = FRIDAY + timedelta(days=40)
    with pytest.raises(refusals.TooLateToUndo):
        undoing.undo_merging(by_two.id, by=make.acting(cast.second), at=late)
    assert by_two.undo_decided_at is None
