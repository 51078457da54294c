"""Tells the people who handed an import in or asked for it what others did with it."""

from datetime import datetime

from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages
from volunteer_service.workbooks.models import Import


def answered(row: Import, *, by: Actor, at: datetime) -> None:
    """Tell the person who asked for a second one that it was applied or refused, and the person who
    applied it that it is done, because they may have left the page meanwhile.
    """
    facts = {"import": row.id, "outcome": row.state}
    messages.tell_first(row.asked_by_id, "import_answered", second=by, at=at, **facts)
    if row.state == "applied" and by.account_id is not None:
        done = {"import": row.id, "records": row.records}
        messages.tell_account(by.account_id, "import_done", at=at, **done)


def undone(row: Import, *, by: Actor, at: datetime) -> None:
    """Tell those who handed it in and decided it that somebody else undid it.

    The person who asked for the undo gets the answer to that.
    """
    people = {row.account_id, row.decided_by_id} - {None, row.undo_asked_by_id}
    for first in sorted(one for one in people if one is not None):
        messages.tell_first(first, "your_import_undone", second=by, at=at, **{"import": row.id})
