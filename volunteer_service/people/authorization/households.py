"""Who lives with whom, as they declared it: a household is everybody joined by declarations."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, or_, select

from volunteer_service.db import db
from volunteer_service.people.models import HouseholdTie


def household(volunteer_ids: Collection[int], *, since: datetime) -> set[int]:
    """These people and everybody whom a chain of declarations joins to them.

    A declaration that was taken back after ``since`` counts.
    """
    known, ask = set(volunteer_ids), set(volunteer_ids)
    while ask:
        rows = db.session.scalars(
            ties_of(ask).where(HouseholdTie.ended_at.is_(None) | (HouseholdTie.ended_at > since))
        ).all()
        ask = {id_ for tie in rows for id_ in (tie.one_id, tie.other_id)} - known
        known |= ask
    return known


def ties_of(volunteer_ids: Collection[int]) -> Select[HouseholdTie]:
    """The declarations that name one of these people."""
    return (
        select(HouseholdTie)
        .where(
            or_(HouseholdTie.one_id.in_(volunteer_ids), HouseholdTie.other_id.in_(volunteer_ids))
        )
        .order_by(HouseholdTie.id)
    )
