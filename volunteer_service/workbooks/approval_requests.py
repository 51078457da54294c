"""A hand-in that takes two people: one asks, another decides upon what was shown to both."""

from datetime import datetime

from sqlalchemy import delete

from volunteer_service import bounds, journal
from volunteer_service.db import after_commit
from volunteer_service.errors import NotAllowed
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points.accounts import run
from volunteer_service.visible_text import said
from volunteer_service.workbooks import second_person, storage
from volunteer_service.workbooks.applying import allowed
from volunteer_service.workbooks.models import Import, RefusedRow
from volunteer_service.workbooks.receiving import move
from volunteer_service.workbooks.refusals import ImportNotReady


def ask(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Ask a second person to look at what one handed in and to bring it in.

    What the operator handed in, anybody who may import asks for.
    """
    row = allowed(import_id, by)
    if row.account_id not in (None, by.account_id):
        raise NotAllowed()
    values = {"asked_by_id": by.account_id, "asked_at": at, "problem": None}
    if not move(row.id, "previewed", state="asked", **values):
        raise ImportNotReady(state=row.state)
    _record("ask", row, by, at, records=row.records)
    return row


def withdraw(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Take back what one asked for oneself: it is a preview again."""
    row = allowed(import_id, by)
    if row.state == "asked" and row.asked_by_id != by.account_id:
        raise NotAllowed()
    if not move(row.id, "asked", state="previewed", asked_by_id=None, asked_at=None):
        raise ImportNotReady(state=row.state)
    _record("withdraw", row, by, at)
    return row


@said("answer")
def refuse(import_id: int, answer: str, *, by: Actor, at: datetime) -> Import:
    """Do not bring it in; who asked reads why. Its files go."""
    bounds.text(answer, 200, "answer")
    row = allowed(import_id, by)
    second_person.need_decider(row, by, at=at)
    first = row.asked_by_id
    decided = {"decided_by_id": by.account_id, "decided_at": at, "answer": answer}
    if not move(row.id, "asked", state="refused", sealed=None, **decided):
        raise ImportNotReady(state=row.state)
    run(delete(RefusedRow).where(RefusedRow.import_id == row.id))
    _record("refuse", row, by, at, first=first)
    after_commit(lambda: storage.remove(import_id))
    return row


def _record(verb: str, row: Import, by: Actor, at: datetime, **facts: int | None) -> None:
    journal.record(f"imports.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts)
