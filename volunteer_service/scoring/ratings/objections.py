"""Objections: accepted while the notice runs, decided with an answer; both states of facts are
kept.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from volunteer_service import journal, policies, settings
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.ratings import (
    frozen_facts,
    refusals,
    round_steps,
    star_messages,
)
from volunteer_service.scoring.ratings.models import Objection, RoundResult
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.stars import Facts
from volunteer_service.visible_text import said


@dataclass(frozen=True)
class Correction:
    """The facts that an upheld objection corrects; None leaves a fact unchanged."""

    confirmed_minutes: int | None = None
    registered_on: date | None = None
    upheld_complaints: int | None = None
    evaluation_count: int | None = None
    evaluation_sum: int | None = None

    def applied(self, to: Facts) -> Facts:
        """Return the facts with the corrected ones in their place."""
        changed = {name: value for name, value in asdict(self).items() if value is not None}
        return replace(to, **changed)


@said("words")
def object_to(result_id: int, words: str, *, by: Actor, at: datetime) -> Objection:
    """Object to a draft star, as its volunteer or as staff who write it down for them.

    This is possible until the end of the notice's last local day; a result has one open objection.
    """
    result = _own_or_run(result_id, by)
    row = round_steps.hold(result.round)
    ended = row.notice_ends_on is not None and settings.local_day(at) > row.notice_ends_on
    if row.state != "notice" or ended:
        raise refusals.NotInNotice()
    objection = Objection(result_id=result.id, account_id=by.account_id, words=words, opened_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(objection)
    except IntegrityError:
        raise refusals.AlreadyObjected() from None
    journal.record(
        "ratings.object_to", objection, account_id=by.account_id, door=by.door, at=at,
        round=row.id,
    )  # fmt: skip
    return objection


@said("answer")
def decide_objection(
    objection_id: int,
    *,
    upheld: bool,
    answer: str,
    correction: Correction | None = None,
    by: Actor,
    at: datetime,
) -> Objection:
    """Uphold (facts corrected, star computed anew) or dismiss; the answer goes to the volunteer.

    The frozen facts stay; the corrected ones stand beside them, with the objection as reason.
    """
    objection = fetch(Objection, objection_id)
    result = objection.result
    need_decider(objection, by=by, at=at)
    if round_steps.hold(result.round).state != "notice":
        raise refusals.RoundMovedOn()
    _decide(objection, "upheld" if upheld else "dismissed", answer, by, at)
    if upheld:
        _correct(objection, result, correction or Correction())
    star_messages.decided(objection, by, at)
    journal.record(
        "ratings.decide_objection",
        objection,
        account_id=by.account_id,
        door=by.door,
        at=at,
        state=objection.state,
        stars=result.stars,
    )
    return objection


def need_decider(objection: Objection, *, by: Actor, at: datetime) -> None:
    """Pass for an actor who runs the round, has no part in the star, and did not object for the
    volunteer.

    An account that set the password or phone of the objecting account is refused too.
    """
    result = objection.result
    row = result.round
    rights.need(by, Right.RATING_RUN, area_path=row.area.path)
    who = partial(
        conflicts.who_may, Right.RATING_RUN, row.area.path, objection.account_id,
        at=at, but=[result.volunteer_id],
    )  # fmt: skip
    conflicts.need_other(by, [result.volunteer_id], at=at, who=who)
    conflicts.need_second(by, objection.account_id, at=at, who=who)


def _own_or_run(result_id: int, by: Actor) -> RoundResult:
    result = fetch(RoundResult, result_id)
    if by.volunteer_id is None or by.volunteer_id != result.volunteer_id:
        rights.need(by, Right.RATING_RUN, area_path=result.round.area.path)
    elif result.round.state in ("open", "frozen", "draft"):
        # Nobody may learn of a draft yet, not even that it exists.
        raise NotFound()
    return result


def _decide(objection: Objection, state: str, answer: str, by: Actor, at: datetime) -> None:
    decided = db.session.scalar(
        update(Objection)
        .where(Objection.id == objection.id, Objection.state == "open")
        .values(state=state, answer=answer, decided_at=at, decided_by_id=by.account_id)
        .returning(Objection.id)
        .execution_options(synchronize_session=False)
    )
    if decided is None:
        raise refusals.RoundMovedOn()
    db.session.refresh(objection)


def _correct(objection: Objection, result: RoundResult, correction: Correction) -> None:
    row = result.round
    before = frozen_facts.effective(result)
    after = correction.applied(before)
    if after == before:
        raise refusals.NothingCorrected()
    _need_possible(before, after, policies.of(row.policy_version or 0))
    rating = frozen_facts.rules_of(row)(after)
    objection.facts_before = before.to_dict(row.facts_format)
    objection.facts_after = result.amended = after.to_dict(row.facts_format)
    result.stars = rating.stars
    result.reasons = [reason.to_dict() for reason in rating.reasons]
    db.session.flush()


def _need_possible(before: Facts, after: Facts, policy: Policy) -> None:
    """Refuse more complaints than counted, and more minutes than the half-year's days allow."""
    if after.upheld_complaints > before.upheld_complaints:
        raise refusals.ComplaintsNotRaised(field="upheld_complaints")
    half_year = after.half_year
    days = (half_year.ends_on - half_year.starts_on).days + 1
    most = days * policy.day_cap_minutes
    if not 0 <= after.confirmed_minutes <= most:
        raise refusals.MinutesNotPossible(field="hours", most=most // 60)
