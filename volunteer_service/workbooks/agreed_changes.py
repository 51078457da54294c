"""The changes that a list handed in again would make: their list, and what is agreed to."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from volunteer_service import bounds, journal
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points.accounts import run
from volunteer_service.workbooks.import_states import allowed
from volunteer_service.workbooks.models import Import, ImportChange
from volunteer_service.workbooks.refusals import ImportNotReady

CHANGE_SORTS = Sorts(ImportChange.id, "id", kind=ImportChange.kind, field=ImportChange.field)
#: The most changes that one call names.
MOST_NAMED = 1000


def changes(
    import_id: int,
    *,
    by: Actor,
    field: str | None = None,
    state: str | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ImportChange]:
    """Return the differences between the list and the service, in the order of its rows."""
    row = allowed(import_id, by)
    query = select(ImportChange).where(ImportChange.import_id == row.id)
    if field:
        query = query.where(ImportChange.field == field)
    if state:
        query = query.where(ImportChange.state == state)
    return page(query, CHANGE_SORTS, sort=sort, cursor=cursor, limit=limit)


def counts(import_id: int) -> dict[str, int]:
    """Count the changes of an import by their state."""
    query = select(ImportChange.state, func.count()).where(ImportChange.import_id == import_id)
    found = db.session.execute(query.group_by(ImportChange.state))
    return {row[0]: row[1] for row in found}


def agree(
    import_id: int,
    agreed: Collection[int] | None,
    *,
    of: Collection[int] | None = None,
    by: Actor,
    at: datetime,
) -> Import:
    """Agree to some of a preview's changes and to no others; None means all of them.

    ``of`` names the changes that are decided, None all of them: the others stay as they were.
    """
    row = allowed(import_id, by)
    mine = ImportChange.import_id == row.id
    _need_known(agreed, of, mine)
    if row.state != "previewed":
        raise ImportNotReady(state=row.state)
    shown = mine if of is None else mine & ImportChange.id.in_(of)
    run(update(ImportChange).where(shown).values(state="offered"))
    chosen = shown if agreed is None else shown & ImportChange.id.in_(agreed)
    run(update(ImportChange).where(chosen).values(state="agreed"))
    db.session.expire_all()
    facts = {"agreed": counts(row.id).get("agreed", 0)}
    journal.record("imports.agree", row, account_id=by.account_id, door=by.door, at=at, **facts)
    return row


def _need_known(
    agreed: Collection[int] | None, of: Collection[int] | None, mine: ColumnElement[bool]
) -> None:
    """Refuse too many ids, and ids of changes that this import does not have."""
    for ids, name in ((agreed, "agreed"), (of, "of")):
        bounds.whole(len(ids or ()), 0, MOST_NAMED, name)
        found = select(func.count(ImportChange.id)).where(mine, ImportChange.id.in_(ids or ()))
        if ids and db.session.scalar(found) != len(set(ids)):
            raise NotFound()
