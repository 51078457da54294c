"""Households of two entries: people tied to the merged entry become tied to the kept one."""

from typing import Any

from sqlalchemy import select

from volunteer_service.db import Base, db
from volunteer_service.merging import moved_rows
from volunteer_service.people.authorization.households import ties_of
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import HouseholdTie

_ties = Base.metadata.tables[HouseholdTie.__tablename__]


def move(merging: Merging) -> None:
    """Move the ties of the merged entry to the kept one; a tie of both is kept once, active."""
    for tie in db.session.scalars(ties_of([merging.merged_id])).all():
        other = tie.other_id if tie.one_id == merging.merged_id else tie.one_id
        if other != merging.kept_id:
            _move(merging, tie, other)


def _move(merging: Merging, tie: HouseholdTie, other: int) -> None:
    one, two = sorted((merging.kept_id, other))
    query = select(HouseholdTie).where(HouseholdTie.one_id == one, HouseholdTie.other_id == two)
    known = db.session.scalars(query).one_or_none()
    if known is None:
        values = {"one_id": one, "other_id": two, "declarer_id": _declarer(merging, tie)}
        moved_rows.change(merging, _ties, tie.id, values)
    elif _counts(tie) and known.never_at is None and not _is_stronger(known, tie):
        moved_rows.change(merging, _ties, known.id, _of(merging, tie))


def _of(merging: Merging, tie: HouseholdTie) -> dict[str, Any]:
    return {
        "declarer_id": _declarer(merging, tie),
        "confirmed_at": tie.confirmed_at,
        "is_pending": tie.is_pending,
        "ended_at": None,
    }


def _declarer(merging: Merging, tie: HouseholdTie) -> int | None:
    return merging.kept_id if tie.declarer_id == merging.merged_id else tie.declarer_id


def _counts(tie: HouseholdTie) -> bool:
    return tie.ended_at is None and tie.never_at is None


def _is_stronger(known: HouseholdTie, tie: HouseholdTie) -> bool:
    return _counts(known) and (known.is_firm or not tie.is_firm)
