"""Reads who lives with whom: chains follow firm ties, a one-sided tie counts for its two only."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select

from volunteer_service.db import db
from volunteer_service.people.models import HouseholdTie


def of_each(
    groups: Sequence[Collection[int]], *, since: datetime, but_of: int | None = None
) -> list[set[int]]:
    """Return for each of these groups its people, those joined to them by chains of firm ties, and
    those named with them by one-sided ties, in the same few statements for many as for one.

    A tie is firm if staff declared it or both sides confirmed it. A tie that ended after ``since``
    counts, unless it was found never to have been true. Declarations of staff about staff count
    once confirmed. ``but_of`` leaves out ties that this person alone declared.
    """
    ties: dict[int, HouseholdTie] = {}
    asked: set[int] = set()
    ask = set().union(*groups)
    while ask:
        asked |= ask
        found = db.session.scalars(ties_of(ask).where(_counts(since))).all()
        ties |= {tie.id: tie for tie in found}
        ask = {id_ for tie in found if tie.is_firm for id_ in _two(tie)} - asked
    firm = [_two(tie) for tie in ties.values() if tie.is_firm]
    alone = [
        _two(tie)
        for tie in ties.values()
        if not tie.is_firm and (but_of is None or tie.declarer_id != but_of)
    ]
    return [_home(set(people), firm, alone) for people in groups]


def _home(people: set[int], firm: list[set[int]], alone: list[set[int]]) -> set[int]:
    home, grown = set(people), True
    while grown:
        new = set().union(*(two for two in firm if two & home)) - home
        home |= new
        grown = bool(new)
    return home.union(*(two for two in alone if two & people))


def _two(tie: HouseholdTie) -> set[int]:
    return {tie.one_id, tie.other_id}


def ties_of(volunteer_ids: Collection[int]) -> Select[HouseholdTie]:
    """Return the declarations that name one of these people."""
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
