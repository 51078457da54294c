"""Reads objections: of a round, about one result, one by its id."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from volunteer_service.db import db, fetch
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.ratings.models import Objection, RoundResult

SORTS = Sorts(
    Objection.id,
    "decided",
    decided=Objection.decided_at.is_not(None),
    opened_at=Objection.opened_at,
)


def objection(objection_id: int, by: Actor) -> Objection:
    """Return one objection, for somebody who may run the round."""
    found = fetch(Objection, objection_id)
    rights.need(by, Right.RATING_RUN, area_path=found.result.round.area.path)
    return found


def objections(round_id: int) -> Sequence[Objection]:
    """Return the objections of a round, undecided ones first."""
    query = _of(round_id).options(joinedload(Objection.result).joinedload(RoundResult.volunteer))
    return db.session.scalars(query.order_by(*SORTS.keys("decided"))).all()


def listed(
    round_id: int,
    *,
    state: str | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Objection]:
    """Return the objections in one state, in pages."""
    query = _of(round_id)
    if state:
        query = query.where(Objection.state == state)
    return page(query, SORTS, sort=sort, cursor=cursor, limit=limit)


def objections_to(result_id: int) -> Sequence[Objection]:
    """Return the objections to one result, oldest first."""
    query = select(Objection).where(Objection.result_id == result_id).order_by(Objection.id)
    return db.session.scalars(query).all()


def _of(round_id: int) -> Select[Objection]:
    return (
        select(Objection)
        .join(RoundResult, RoundResult.id == Objection.result_id)
        .where(RoundResult.round_id == round_id)
    )
