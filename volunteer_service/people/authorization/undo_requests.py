"""Undoing by two: one of the two who acted asks for the undo, and a person independent of them
decides.

It serves every act that is undone this way; the domain says why it takes two, who may decide, and
what the undo does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from volunteer_service import bounds
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, Phrase, Refused
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.models import Account
from volunteer_service.people.undone_by_two import UndoneByTwo

#: What somebody may do about an undo.
ACTS = ("undo", "ask", "withdraw", "decide")


class UndoNeedsSecond(Refused):
    """One person is not enough for this undo; ``reason`` says why, ``who`` names who may."""

    status = 409
    message = "这次撤销须由另一个人审批：%(reason)s。请先写明原因，提交审批。%(who)s"


class UndoAlone(Refused):
    """A second person is asked for an undo that one person may do."""

    status = 409
    message = "这次撤销不用另一个人审批。请直接撤销。"


class UndoNotAsked(Refused):
    """Nobody was asked for the undo, or somebody was asked already."""

    status = 409
    message = "这次撤销的审批状态已变。请刷新后再看。"


@dataclass(frozen=True)
class Standing:
    """The state of an undo, as one person sees it."""

    #: Why it takes two people; None where one is enough.
    why_two: Phrase | None
    #: Who asked for it, while it waits.
    asked_by: str | None
    #: Who refused it; None unless the last requested undo was refused.
    refused_by: str | None
    #: Who may decide as the second person; None where none is needed.
    who: Who | None
    #: Why this reader may not do the requested undo; None where they may.
    why_not: Refused | None
    #: Which of :data:`ACTS` this reader may do.
    may: frozenset[str]


#: For acts that this reader cannot undo, or not now.
NOTHING = Standing(None, None, None, None, None, frozenset())


def undo_standing(
    row: UndoneByTwo, reason: Phrase | None, who: Who | None, why_not: Refused | None, *, by: Actor
) -> Standing:
    """Return the state of the undo of a row; ``why_not`` is why this reader may not decide it."""
    asked = row.is_undo_asked
    why_not = why_not if asked else None
    if not asked:
        may = {"ask"} if reason else {"undo"}
    elif row.undo_asked_by_id == by.account_id:
        may = {"withdraw"}
    else:
        may = set() if why_not else {"decide"}
    return Standing(
        reason,
        _name(row.undo_asked_by_id) if asked else None,
        _name(row.undo_decided_by_id) if row.undo_answer else None,
        who if reason or asked else None,
        why_not,
        frozenset(may),
    )


def ask(row: UndoneByTwo, reason: str, why_two: Phrase | None, *, by: Actor, at: datetime) -> None:
    """Ask a second person; :class:`UndoAlone` where none is needed."""
    bounds.text(reason, 200, "reason")
    if why_two is None:
        raise UndoAlone()
    if row.is_undo_asked:
        raise UndoNotAsked()
    row.undo_reason, row.undo_asked_by_id, row.undo_asked_at = reason, by.account_id, at
    row.undo_answer = row.undo_decided_by_id = row.undo_decided_at = None


def withdraw(row: UndoneByTwo, *, by: Actor) -> None:
    """Take back one's own request."""
    need_undo_asked(row)
    if row.undo_asked_by_id != by.account_id:
        raise NotAllowed()
    row.undo_reason = row.undo_asked_by_id = row.undo_asked_at = None


def need_undo_asked(row: UndoneByTwo) -> None:
    """Pass if an undo waits for a second person."""
    if not row.is_undo_asked:
        raise UndoNotAsked()


def answer(row: UndoneByTwo, words: str, *, by: Actor, at: datetime) -> None:
    """Refuse the undo of the row with a reason; the caller has checked who decides."""
    bounds.text(words, 200, "answer")
    need_undo_asked(row)
    for name, value in decided(words, by=by, at=at).items():
        setattr(row, name, value)


def decided(words: str | None, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Return the columns of the decision; ``words`` if the undo is refused."""
    return {"undo_decided_by_id": by.account_id, "undo_decided_at": at, "undo_answer": words}


def _name(account_id: int | None) -> str | None:
    account = db.session.get(Account, account_id) if account_id is not None else None
    return account.name if account else None
