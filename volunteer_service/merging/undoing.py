"""Undoes a merging within the policy's days: one person undoes what one merged, two undo what two
agreed.

One person asks and says why, another decides. The operator at the command line undoes at once.
"""

from collections.abc import Callable
from datetime import datetime

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import overlaps_in_merging
from volunteer_service.bounds import text
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid, Phrase, refusal_of
from volunteer_service.merging import (
    checks,
    entries,
    later_acts,
    moved_rows,
    places,
    refusals,
    steps,
)
from volunteer_service.people.authentication import staff_registrations
from volunteer_service.people.authorization import conflicts, undo_requests
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.messages import messages
from volunteer_service.scoring.points import passings
from volunteer_service.visible_text import said


def why_two(row: Merging, *, by: Actor) -> Phrase | None:
    """Return why one person is not enough to undo this merging; None if one is."""
    if by.account_id is None or row.decided_at is None:
        return None
    return Phrase("这次合并是由两个人办理的")


def standing(row: Merging, *, by: Actor, at: datetime) -> undo_requests.Standing:
    """Return the state of the undo of a merging, for an actor who may change both entries."""
    if row.state != Merging.STANDS:
        return undo_requests.NOTHING
    reason = why_two(row, by=by)
    who = _who_may(row, by, at)() if reason else None
    why_not = refusal_of(lambda: _need_decider(row, by, at)) if row.is_undo_asked else None
    return undo_requests.undo_standing(row, reason, who, why_not, by=by)


@said("reason")
def undo_merging(merging_id: int, *, reason: str | None = None, by: Actor, at: datetime) -> Merging:
    """Undo a merging exactly, within the policy's days and while nothing later depends on it.

    Where it takes two people, this is the act of the second, with the reason of the one who asked;
    somebody who undoes it alone gives a reason.
    """
    row = _held(merging_id, by)
    steps.need_others(row.kept_id, row.merged_id, by=by, at=at)
    later_acts.need_undoable(row, moved_rows.of(row), at=at)
    if (why := why_two(row, by=by)) is None:
        if not reason:
            raise Invalid(field="reason", why="请写明为什么撤销")
        text(reason, 200, "reason")
        staff_registrations.need_to_change_alone(row.kept_id, by=by, at=at)
        row.undo_reason = reason
    elif not row.is_undo_asked:
        raise undo_requests.UndoNeedsSecond(reason=why, who=_who_may(row, by, at)().worded())
    else:
        _decided(row, None, by=by, at=at)
    _put_back(row, by=by, at=at)
    steps.journalled("undo_merging", row, by, at, reason=row.undo_reason)
    return row


@said("reason")
def ask_undo(merging_id: int, *, reason: str, by: Actor, at: datetime) -> Merging:
    """Ask a second person to undo what two agreed; ``UndoAlone`` where one person may."""
    row = _held(merging_id, by)
    steps.need_others(row.kept_id, row.merged_id, by=by, at=at)
    later_acts.need_undoable(row, moved_rows.of(row), at=at)
    undo_requests.ask(row, reason, why_two(row, by=by), by=by, at=at)
    steps.journalled("ask_undo", row, by, at, reason=reason)
    return row


def withdraw_undo(merging_id: int, *, by: Actor, at: datetime) -> Merging:
    """Take back one's own request: the merging stays, and nobody is asked."""
    row = _held(merging_id, by)
    undo_requests.withdraw(row, by=by)
    steps.journalled("withdraw_undo", row, by, at)
    return row


@said("answer")
def refuse_undo(merging_id: int, *, answer: str, by: Actor, at: datetime) -> Merging:
    """Refuse the undo that another person asked for; they are told why."""
    row = _held(merging_id, by)
    undo_requests.need_undo_asked(row)
    _decided(row, answer, by=by, at=at)
    steps.journalled("refuse_undo", row, by, at, first=row.undo_asked_by_id)
    return row


def _held(merging_id: int, by: Actor) -> Merging:
    """Return a merging that is in force, and lock it with both entries until the commit."""
    row = fetch(Merging, merging_id, lock=True)
    steps.pair(row.kept_id, row.merged_id, by=by, lock=True)
    if row.state != Merging.STANDS:
        raise refusals.MergingDecided()
    return row


def _decided(row: Merging, answer: str | None, *, by: Actor, at: datetime) -> None:
    """Record what the second person decided, and tell the person who asked."""
    _need_decider(row, by, at)
    if answer is not None:
        undo_requests.answer(row, answer, by=by, at=at)
    else:
        row.undo_decided_by_id, row.undo_decided_at = by.account_id, at
    outcome = "done" if answer is None else "refused"
    facts = {"merging": row.id, "number": row.merged.number, "outcome": outcome}
    messages.tell_first(row.undo_asked_by_id, "merging_undo_answered", second=by, at=at, **facts)


def _need_decider(row: Merging, by: Actor, at: datetime) -> None:
    who = _who_may(row, by, at)
    steps.need_others(row.kept_id, row.merged_id, by=by, at=at, who=who)
    conflicts.need_second(by, row.undo_asked_by_id, at=at, who=who)


def _who_may(row: Merging, by: Actor, at: datetime) -> Callable[[], Who]:
    """Return who may decide on the request that was made, or on one that ``by`` would make."""
    first = row.undo_asked_by_id if row.is_undo_asked else by.account_id
    return steps.others(row.kept_id, row.merged_id, first, at)


def _put_back(row: Merging, *, by: Actor, at: datetime) -> None:
    moves = moved_rows.of(row)
    words_ = f"{overlaps_in_merging.UNDONE}（{row.merged.number}）"
    passings.pass_back(row, words_, at=at, account_id=by.account_id)
    checks.make_room(row, by=by, at=at)
    db.session.flush()
    moved_rows.put_back(moves)
    entries.exchange_back(row)
    places.settle_capacity(row)
    entries.find_one(row)
    for move in moves:
        if move.table_name == moved_rows.OVERLAP:
            record = fetch(ServiceRecord, move.row_id)
            overlaps_in_merging.count_again(record, move.before, by=by, at=at)
    row.state, row.undone_at, row.undone_by_id = "undone", at, by.account_id
    messages.tell(row.kept_id, "merging_undone", at=at, number=row.merged.number)
    db.session.flush()
