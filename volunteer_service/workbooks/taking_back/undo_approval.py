"""Who undoes an import: one person if one applied it, else two.

One asks and says why, another decides; both see the same forecast. The operator at the command line
undoes at once; the journal says so.
"""

from datetime import datetime
from functools import partial
from typing import Any

from volunteer_service import journal, policies
from volunteer_service.db import fetch
from volunteer_service.errors import Phrase, refusal_of
from volunteer_service.people.authorization import conflicts, undo_requests
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.undo_requests import Standing, UndoNeedsSecond
from volunteer_service.people.messages import messages
from volunteer_service.visible_text import said
from volunteer_service.workbooks import approval
from volunteer_service.workbooks.asked_sheets import several_streets
from volunteer_service.workbooks.import_states import allowed
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import ImportNotReady
from volunteer_service.workbooks.taking_back.people_touched import people_touched


def standing(row: Import, *, by: Actor, at: datetime) -> Standing:
    """Return where the undo of an import stands; nothing may be done unless it is applied."""
    if row.state != "applied" or not several_streets.may_all(row, by):
        return undo_requests.NOTHING
    reason = why_two(row, by, at=at)
    asked = row.is_undo_asked
    why_not = refusal_of(lambda: need_decider(row, by, at=at)) if asked else None
    who = _who_may(row, by, at=at) if reason or asked else None
    return undo_requests.undo_standing(row, reason, who, why_not, by=by)


def why_two(row: Import, by: Actor, *, at: datetime) -> Phrase | None:
    """Return why one person is not enough to undo this import; None where one is.

    Two people undo what two applied. They also undo an import of the operator that would have
    needed two: so many records, such days, opening balances.
    """
    if by.door == approval.OPERATOR:
        return None
    if row.asked_by_id is not None:
        return Phrase("这次导入是由两个人办理的")
    if reason := approval.why_of_rows(row, by, at=at):
        return reason
    most = policies.guarding(at).import_alone_records
    if row.records <= most:
        return None
    return Phrase(
        "这次导入有 %(records)s 条服务记录，一个人最多撤销 %(most)s 条",
        records=row.records,
        most=most,
    )


def decided(row: Import, by: Actor, *, at: datetime) -> dict[str, Any]:
    """Pass for an actor who may undo it now; return the columns of the decision.

    It raises :class:`UndoNeedsSecond` if it takes two and nobody asked, and
    :class:`conflicts.SecondPersonNeeded` for the asker and for an actor who is not independent.
    """
    row = fetch(Import, row.id, lock=True)
    if row.state != "applied":
        raise ImportNotReady(state=row.state)
    reason = why_two(row, by, at=at)
    if reason is not None and not row.is_undo_asked:
        raise UndoNeedsSecond(reason=reason, who=_who_may(row, by, at=at).worded())
    if not row.is_undo_asked:
        return {}
    if reason is not None:
        need_decider(row, by, at=at)
    _tell_first(row, "done", by=by, at=at)
    return undo_requests.decided(None, by=by, at=at)


def need_decider(row: Import, by: Actor, *, at: datetime) -> None:
    """Raise unless ``by`` may decide the undo that another asked for: the import is not about them,
    and they are independent of the asker.
    """
    who = partial(_who_may, row, by, at=at)
    conflicts.need_other(by, people_touched(row.id), at=at, who=who)
    conflicts.need_second(by, row.undo_asked_by_id, at=at, who=who)


@said("reason")
def ask_undo(import_id: int, reason: str, *, by: Actor, at: datetime) -> Import:
    """Ask a second person to undo an applied import, and say why.

    :class:`UndoAlone` where one person may undo it. With opening balances nobody asks who is among
    the rows or tied to somebody in them, so neither of the two is.
    """
    row = _held(import_id, by)
    if approval.openings_in(row):
        who = partial(_who_may, row, by, at=at)
        conflicts.need_other(by, people_touched(row.id), at=at, who=who)
    undo_requests.ask(row, reason, why_two(row, by, at=at), by=by, at=at)
    _record("ask_undo", row, by, at, reason=reason)
    return row


def withdraw_undo(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Take back one's own request: the import stays, and nobody is asked."""
    row = _held(import_id, by)
    undo_requests.withdraw(row, by=by)
    _record("withdraw_undo", row, by, at)
    return row


@said("answer")
def refuse_undo(import_id: int, answer: str, *, by: Actor, at: datetime) -> Import:
    """Refuse the undo that another person asked for; they are told why."""
    row = _held(import_id, by)
    undo_requests.need_undo_asked(row)
    need_decider(row, by, at=at)
    undo_requests.answer(row, answer, by=by, at=at)
    _tell_first(row, "refused", by=by, at=at)
    _record("refuse_undo", row, by, at, first=row.undo_asked_by_id)
    return row


def _held(import_id: int, by: Actor) -> Import:
    """Return an applied import to somebody who may import there, held until the transaction
    ends.
    """
    row = allowed(import_id, by)
    several_streets.need_all(row, by)
    row = fetch(Import, row.id, lock=True)
    if row.state != "applied":
        raise ImportNotReady(state=row.state)
    return row


def _who_may(row: Import, by: Actor, *, at: datetime) -> conflicts.Who:
    """Return who may decide on the request that was made, or on one that ``by`` would make."""
    first = row.undo_asked_by_id if row.is_undo_asked else by.account_id
    return approval.who_may(row, at=at, first=first)


def _tell_first(row: Import, outcome: str, *, by: Actor, at: datetime) -> None:
    facts = {"import": row.id, "outcome": outcome}
    messages.tell_first(row.undo_asked_by_id, "import_undo_answered", second=by, at=at, **facts)


def _record(verb: str, row: Import, by: Actor, at: datetime, **facts: Any) -> None:
    journal.record(f"imports.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts)
