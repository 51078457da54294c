"""Who lives with whom: chains run over firm ties, a one-sided one counts for its two only."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select

from volunteer_service.db import db
from volunteer_service.people.models import HouseholdTie


def household(
    volunteer_ids: Collection[int], *, since: datetime, but_of: int | None = None
) -> set[int]:
    """These people, whom chains of firm ties join to them, and whom one-sided ties name with them.

    Firm is what staff declared or both sides confirmed. What ended after ``since`` counts, unless
    it was found never to have been so. What staff declared about staff counts once confirmed.
    ``but_of`` leaves out what this person alone said.
    """
    alone = ~is_firm()
    if but_of is not None:
        alone &= HouseholdTie.declarer_id != but_of
    firm, ask = set(volunteer_ids), set(volunteer_ids)
    while ask:
        ask = _joined(ask, _counts(since) & is_firm()) - firm
        firm |= ask
    return firm | _joined(volunteer_ids, _counts(since) & alone)


def is_firm() -> ColumnElement[bool]:
    """Ties that staff declared or both sides confirmed."""
    return HouseholdTie.declarer_id.is_(None) | HouseholdTie.confirmed_at.is_not(None)


def ties_of(volunteer_ids: Collection[int]) -> Select[HouseholdTie]:
    """The declarations that name one of these people."""
    return (
        select(HouseholdTie)
        .where(
            or_(HouseholdTie.one_id.in_(volunteer_ids), HouseholdTie.other_id.in_(volunteer_ids))
        )
        .order_by(HouseholdTie.id)
    )


def _counts(since: datetime) -> ColumnElement[bool]:
    ended = HouseholdTie.ended_at
    return and_(
        HouseholdTie.never_at.is_(None),
        HouseholdTie.is_pending.is_(False),
        ended.is_(None) | (ended > since),
    )


def _joined(volunteer_ids: Collection[int], which: ColumnElement[bool]) -> set[int]:
    if not volunteer_ids:
        return set()
    rows = db.session.scalars(ties_of(volunteer_ids).where(which)).all()
    return {id_ for tie in rows for id_ in (tie.one_id, tie.other_id)}
