"""Messages to the people of a round: their star at notice and sign-off, an objection's answer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from volunteer_service.db import db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages
from volunteer_service.people.search import people_lists
from volunteer_service.scoring.ratings import frozen_facts
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult

Facts = dict[str, Any]


def published(row: Round, at: datetime) -> None:
    """Tell everybody in the round their draft star, and until when they may object."""
    until = row.notice_ends_on.isoformat() if row.notice_ends_on else ""
    told = (
        (person.volunteer_id, _star(row, person.stars) | {"until": until})
        for person in frozen_facts.kept(row.id)
    )
    messages.tell_each("star_published", told, at=at)


def signed_off(row: Round, at: datetime) -> None:
    """Tell everybody in the round their star; after a supplement also the former star if it
    changed.
    """
    for batch in frozen_facts.batches(frozen_facts.kept(row.id)):
        before = _before(row, [person.volunteer_id for person in batch])
        messages.tell_each("star_final", _final(row, batch, before), at=at)
        messages.tell_each("star_corrected", _corrected(row, batch, before), at=at)


def publisher_told(row: Round, by: Actor, at: datetime) -> None:
    """Tell the publisher of the round that a second person signed it off."""
    facts = {"round": row.id, "half_year": row.half_year}
    messages.tell_first(row.noticed_by_id, "round_signed_off", second=by, at=at, **facts)


def decided(objection: Objection, by: Actor, at: datetime) -> None:
    """Tell the person of the objection the outcome, and the star that holds.

    Staff who wrote it down for them are told the outcome.
    """
    result = objection.result
    facts = _star(result.round, result.stars) | {"outcome": objection.state}
    messages.tell(result.volunteer_id, "objection_decided", at=at, **facts)
    own = people_lists.account_of(result.volunteer_id)
    if own is None or own.id != objection.account_id:
        round_ = {"round": result.round_id, "half_year": result.round.half_year}
        told = round_ | {"outcome": objection.state}
        messages.tell_first(objection.account_id, "objection_answered", second=by, at=at, **told)


def reopened(objection: Objection, decided_by_id: int | None, by: Actor, at: datetime) -> None:
    """Tell the person of the objection that its answer was taken back, and whoever gave it."""
    result = objection.result
    facts = _star(result.round, result.stars)
    messages.tell(result.volunteer_id, "objection_reopened", at=at, **facts)
    round_ = {"round": result.round_id, "half_year": result.round.half_year}
    messages.tell_first(decided_by_id, "answer_taken_back", second=by, at=at, **round_)


def withdrawn(row: Round, at: datetime) -> None:
    """Tell everybody in a supplement that it was withdrawn and the star before it stays."""
    told = (
        (person.volunteer_id, {"half_year": row.half_year}) for person in frozen_facts.kept(row.id)
    )
    messages.tell_each("supplement_withdrawn", told, at=at)


def _final(
    row: Round, people: list[frozen_facts.Kept], before: dict[int, int]
) -> Iterator[tuple[int, Facts]]:
    for person in people:
        if before.get(person.volunteer_id, person.stars or 0) == (person.stars or 0):
            yield person.volunteer_id, _star(row, person.stars)


def _corrected(
    row: Round, people: list[frozen_facts.Kept], before: dict[int, int]
) -> Iterator[tuple[int, Facts]]:
    for person in people:
        was = before.get(person.volunteer_id, person.stars or 0)
        if was != (person.stars or 0):
            yield person.volunteer_id, _star(row, person.stars) | {"was": was}


def _before(row: Round, volunteer_ids: list[int]) -> dict[int, int]:
    """Return the stars of these people before a supplement; none for a person not rated before."""
    if not row.supplement:
        return {}
    query = (
        select(RoundResult.volunteer_id, RoundResult.stars)
        .join(Round, Round.id == RoundResult.round_id)
        .where(
            Round.area_id == row.area_id,
            Round.half_year == row.half_year,
            Round.supplement < row.supplement,
            Round.state == "final",
            RoundResult.volunteer_id.in_(volunteer_ids),
        )
        .order_by(Round.supplement)
    )
    rated = {id_: stars or 0 for id_, stars in db.session.execute(query)}
    return {id_: rated.get(id_, 0) for id_ in volunteer_ids}


def _star(row: Round, stars: int | None) -> Facts:
    return {"half_year": row.half_year, "stars": stars or 0}
