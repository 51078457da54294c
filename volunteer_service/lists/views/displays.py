"""Keeps how a list is shown to an account: columns, page size, density."""

from collections.abc import Sequence

from sqlalchemy import Select, delete, select

from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.lists.asking import SIZES
from volunteer_service.lists.declaration import StaffList
from volunteer_service.lists.views.view_models import ListDisplay
from volunteer_service.people.authorization.actor import Actor


def of(declared: StaffList, *, by: Actor) -> ListDisplay | None:
    """Return what the reader chose for this list, or None."""
    return db.session.scalar(_of(declared.name, by))


def keep(
    declared: StaffList, columns: Sequence[str], size: int, *, is_dense: bool, by: Actor
) -> None:
    """Keep what the reader chose; an unknown column or size is left out."""
    if by.account_id is None:
        raise NotFound()
    row = db.session.scalar(_of(declared.name, by))
    if row is None:
        row = ListDisplay(account_id=by.account_id, list_name=declared.name)
        db.session.add(row)
    wanted = set(columns)
    row.shown = [each.name for each in declared.columns if each.name in wanted]
    row.size = size if size in SIZES else SIZES[0]
    row.is_dense = is_dense
    db.session.flush()


def forget(declared: StaffList, *, by: Actor) -> None:
    """Show the list as it is declared again."""
    own = ListDisplay.account_id == by.account_id, ListDisplay.list_name == declared.name
    db.session.execute(delete(ListDisplay).where(*own))


def _of(list_name: str, by: Actor) -> Select[ListDisplay]:
    own = ListDisplay.account_id == by.account_id, ListDisplay.list_name == list_name
    return select(ListDisplay).where(*own)
