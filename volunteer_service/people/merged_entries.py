"""Finds the entry that is kept where two entries of one person were merged.

Append-only and signed rows keep the entry for which they were written; code that reads them asks
this module for the kept entry. A merged entry has the state ``left``, so that nothing new begins on
it.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Volunteer


class EntryMerged(Refused):
    """The entry was merged into another one of the same person, which is used instead."""

    status = 409
    message = "这份登记已并入编号 %(number)s 的登记，请用那个编号。"


def need_going_on(volunteer: Volunteer) -> None:
    """Refuse an entry that was merged into another; the refusal names that one.

    Every verb that takes a volunteer calls this after checking the right, so that an actor without
    it learns nothing.
    """
    if volunteer.merged_into_id is not None:
        raise EntryMerged(number=number_of(volunteer.merged_into_id))


def need_all_going_on(volunteer_ids: Iterable[int]) -> None:
    """Refuse as :func:`need_going_on` where one of these ids is a merged entry's."""
    # Beyond 64 bits the driver would raise; nobody has such an id.
    ids = sorted(id_ for id_ in set(volunteer_ids) if 0 < id_ < 2**63)
    kept = aliased(Volunteer)
    query = (
        select(kept.number)
        .join(Volunteer, Volunteer.merged_into_id == kept.id)
        .where(Volunteer.id.in_(ids))
        .order_by(Volunteer.id)
        .limit(1)
    )
    number = db.session.scalar(query)
    if number is not None:
        raise EntryMerged(number=number)


def number_of(volunteer_id: int) -> str:
    """Return the volunteer number of an entry."""
    query = select(Volunteer.number).where(Volunteer.id == volunteer_id)
    return db.session.scalar(query) or ""


def going_on() -> ColumnElement[int]:
    """Return the SQL for the id of the kept entry of a row of ``volunteers``."""
    return func.coalesce(Volunteer.merged_into_id, Volunteer.id)


def heirs(volunteer_ids: Collection[int]) -> dict[int, int]:
    """Map each entry to the one it was merged into, or to itself if it was not merged."""
    query = select(Volunteer.id, going_on()).where(Volunteer.id.in_(set(volunteer_ids)))
    return {row[0]: row[1] for row in db.session.execute(query)}


def heir_of(volunteer_id: int) -> int:
    """Return the kept entry for one entry."""
    return heirs([volunteer_id]).get(volunteer_id, volunteer_id)


def entries_of(volunteer_ids: Collection[int]) -> dict[int, int]:
    """Map these entries, and those merged into them, to the kept one."""
    query = select(Volunteer.id, going_on()).where(
        or_(Volunteer.id.in_(volunteer_ids), Volunteer.merged_into_id.in_(volunteer_ids))
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def is_entry_of(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], volunteer_id: int
) -> ColumnElement[bool]:
    """Return the WHERE for rows of this person under any of their entries."""
    mine = or_(Volunteer.id == volunteer_id, Volunteer.merged_into_id == volunteer_id)
    return column.in_(select(Volunteer.id).where(mine))


def mergings_of(volunteer_id: int) -> Sequence[Merging]:
    """Return the mergings of this entry, in either direction, newest first."""
    query = select(Merging).where(
        or_(Merging.kept_id == volunteer_id, Merging.merged_id == volunteer_id)
    )
    return db.session.scalars(query.order_by(Merging.id.desc())).all()
