"""Supplements: a late correction is a numbered round of named people, never a silent edit of a
final one.
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.errors import Conflict, NotFound
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.merged_entries import need_all_going_on
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings import (
    frozen_facts,
    late_changes,
    late_counts,
    live_facts,
    own_rows,
    refusals,
    round_steps,
)
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.visible_text import said

#: The reason of a supplement for everybody whose records changed.
CHANGED = "冻结之后，服务记录有更正、异议或补报"


@said("reason")
def supplement(
    round_id: int, volunteer_ids: Collection[int], *, reason: str, by: Actor, at: datetime
) -> Round:
    """Open the next supplement of a final round for these people, their facts frozen as of now.

    It is rated under the policy and the rules of the round it supplements, on facts of the same
    format, by the same steps: draft, notice, objections, sign-off. Its results replace the earlier
    ones of the same people.
    """
    first = round_steps.running(round_id, by)
    if first.state != "final":
        raise refusals.RoundNotFinal()
    wanted = set(volunteer_ids)
    if not wanted or wanted - _of_the_area(first, wanted):
        raise NotFound()
    need_all_going_on(wanted)
    who = partial(own_rows.others, first, but=wanted, at=at)
    conflicts.need_other(by, wanted, at=at, who=who)
    _need_no_other(first, wanted)
    policy = policies.of(first.policy_version or 0)
    row = _next(first, reason, by, at)
    people = round_steps.keep(row, live_facts.of(row, wanted), policy)
    round_steps.written("supplement", row, by, at, people=people, of=first.id)
    return row


def supplement_due(round_id: int, *, by: Actor, at: datetime) -> Round:
    """Open the next supplement for everybody whose records changed since the freeze, or whom the
    last night's count found to differ.

    It raises :class:`NothingDue` if nobody's changed, or if a supplement has the change already.
    """
    first = round_steps.running(round_id, by)
    counted = set(late_counts.waiting_ids(first)) if first.state == "final" else set[int]()
    people = counted | {each.volunteer_id for each in late_changes.due(first)}
    if not people:
        raise refusals.NothingDue()
    # Somebody in a supplement that is not signed yet waits for it and holds up nobody else.
    people = people - running_people(first, people) or people
    return supplement(round_id, people, reason=CHANGED, by=by, at=at)


def _next(first: Round, reason: str, by: Actor, at: datetime) -> Round:
    same = (Round.area_id == first.area_id, Round.half_year == first.half_year)
    last = db.session.scalar(select(func.max(Round.supplement)).where(*same)) or 0
    row = Round(
        area_id=first.area_id,
        half_year=first.half_year,
        supplement=last + 1,
        state="frozen",
        policy_version=first.policy_version,
        facts_format=first.facts_format,
        rules_version=first.rules_version,
        reason=reason,
        opened_at=at,
        opened_by_id=by.account_id,
        frozen_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise Conflict() from None
    return row


def _need_no_other(first: Round, wanted: set[int]) -> None:
    """Refuse a person who is in a supplement of the half-year that is neither signed nor withdrawn.

    The first round is locked until the commit, so that two supplements are not opened at once.
    """
    db.session.refresh(first, with_for_update={"key_share": True})
    query = (
        _in_running(first, wanted)
        .join(Volunteer, Volunteer.id == RoundResult.volunteer_id)
        .with_only_columns(Volunteer.name, Round.supplement)
        .order_by(Round.supplement)
    )
    running = db.session.execute(query.limit(1)).one_or_none()
    if running is not None:
        raise refusals.SupplementRunning(name=running.name, number=running.supplement)


def running_people(first: Round, wanted: Collection[int]) -> set[int]:
    """Return which of these people are in a supplement that is neither signed nor withdrawn."""
    return set(db.session.scalars(_in_running(first, wanted)))


def _in_running(first: Round, wanted: Collection[int]) -> Select[int]:
    return (
        select(RoundResult.volunteer_id)
        .join(Round, Round.id == RoundResult.round_id)
        .where(
            Round.half_year == first.half_year,
            Round.state.not_in(("final", "withdrawn")),
            RoundResult.volunteer_id.in_(wanted),
        )
    )


def _of_the_area(first: Round, wanted: set[int]) -> set[int]:
    rated = (
        select(RoundResult.volunteer_id)
        .join(Round, Round.id == RoundResult.round_id)
        .where(
            Round.area_id == first.area_id,
            Round.half_year == first.half_year,
            RoundResult.volunteer_id.in_(wanted),
        )
    )
    return set(db.session.scalars(rated)) | frozen_facts.living_in(first.area.path, wanted)
