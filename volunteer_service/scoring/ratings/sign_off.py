"""Signs a round off, by a person without a part in it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import select

from volunteer_service.db import db
from volunteer_service.errors import Refused, refusal_of
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import (
    own_rows,
    replays,
    round_steps,
    star_messages,
)
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult
from volunteer_service.scoring.ratings.refusals import (
    DecidedObjections,
    FactsChanged,
    SamePersonSignsOff,
)

#: What happens in the same transaction once a round is final (papers are in a higher package).
_FOLLOWERS: list[Callable[[Round, Actor, datetime], None]] = []


def followed_by(act: Callable[[Round, Actor, datetime], None]) -> None:
    """Register an act that follows every sign-off, in its transaction; the app calls this once."""
    if act not in _FOLLOWERS:
        _FOLLOWERS.append(act)


def sign_off(round_id: int, *, by: Actor, at: datetime) -> Round:
    """Make the round final; see :func:`need_signer` for who may.

    Raises ``FactsChanged`` if facts or stars are no longer those that were frozen and rated.
    """
    row = round_steps.running(round_id, by)
    if row.state == "decided":
        need_signer(row, by, at=at)
    round_steps.advance(row, "decided", "final", signed_off_at=at, signed_off_by_id=by.account_id)
    found = replays.replay(row)
    if not found.equal:
        raise FactsChanged()
    row.final_hash = found.final_hash
    db.session.flush()
    star_messages.signed_off(row, at)
    star_messages.publisher_told(row, by, at)
    for follow in _FOLLOWERS:
        follow(row, by, at)
    round_steps.written("sign_off", row, by, at, final_hash=found.final_hash)
    return row


def need_signer(row: Round, by: Actor, *, at: datetime) -> None:
    """Pass for a second person to those who published it and decided objections of its half-year.

    Objections of the rounds that a supplement follows count as its own. A person who is rated in
    the round signs only if nobody touched that row by hand.
    """
    first = row.noticed_by_id
    if first is not None and first == by.account_id:
        raise SamePersonSignsOff()
    deciders = _deciders(row)
    firsts = deciders if first is None else {first, *deciders}
    who = partial(own_rows.others, row, firsts, at=at)
    conflicts.need_second(by, first, at=at, who=who)
    if by.account_id in deciders:
        raise DecidedObjections(who=who().worded())
    for decider in deciders:
        conflicts.need_second(by, decider, at=at, who=who)
    own_rows.need_untouched(row, by, at=at, firsts=firsts)


def why_not_sign(row: Round, by: Actor, *, at: datetime) -> Refused | None:
    """Return what :func:`need_signer` would say to this actor; None where they may sign."""
    return refusal_of(lambda: need_signer(row, by, at=at))


def _deciders(row: Round) -> set[int]:
    query = (
        select(Objection.decided_by_id)
        .join(RoundResult, RoundResult.id == Objection.result_id)
        .join(Round, Round.id == RoundResult.round_id)
        .where(
            Round.area_id == row.area_id,
            Round.half_year == row.half_year,
            Round.supplement <= row.supplement,
            Objection.decided_by_id.is_not(None),
        )
        .distinct()
    )
    return {decider for decider in db.session.scalars(query) if decider is not None}
