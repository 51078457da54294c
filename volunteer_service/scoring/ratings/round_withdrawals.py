"""Withdraws a round that nobody was shown yet, or a supplement that nobody signed yet."""

from datetime import datetime
from functools import partial

from sqlalchemy import delete, select

from volunteer_service.db import db
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import own_rows, refusals, round_steps, star_messages
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.visible_text import said

#: The states in which the first round of a half-year, and a supplement, can be withdrawn.
FIRST = ("open", "frozen", "draft")
SUPPLEMENT = (*FIRST, "notice", "decided")


def may_be_withdrawn(row: Round) -> bool:
    """Tell whether the round is in a state in which it can be withdrawn."""
    return row.state in (SUPPLEMENT if row.supplement else FIRST)


@said("reason")
def withdraw_round(round_id: int, *, reason: str, by: Actor, at: datetime) -> Round:
    """Withdraw the round: it rates nobody, and its area and those above and below may open another.

    People who were shown a star of a supplement are told, and those figures are kept; others are
    dropped. Nobody withdraws a supplement about themself or somebody tied to them. Raises
    ``RoundPublished`` for a first round from its notice on, and for a signed supplement.
    """
    row = round_steps.running(round_id, by)
    if row.state == "withdrawn":
        raise refusals.RoundMovedOn()
    if not may_be_withdrawn(row):
        raise refusals.RoundPublished()
    if row.supplement:
        _need_of_others(row, by, at)
    was_shown = row.noticed_at is not None
    round_steps.advance(
        row,
        row.state,
        "withdrawn",
        withdrawn_at=at,
        withdrawn_by_id=by.account_id,
        withdrawn_reason=reason,
    )
    if was_shown:
        star_messages.withdrawn(row, at)
    else:
        # As in a thaw: nobody saw these figures, and an import on which they rest may be undone
        # again.
        db.session.execute(delete(RoundResult).where(RoundResult.round_id == row.id))
    round_steps.written("withdraw_round", row, by, at, reason=reason)
    return row


def _need_of_others(row: Round, by: Actor, at: datetime) -> None:
    query = select(RoundResult.volunteer_id).where(RoundResult.round_id == row.id)
    people = set(db.session.scalars(query))
    who = partial(own_rows.others, row, but=people, at=at)
    conflicts.need_other(by, people, at=at, who=who)
