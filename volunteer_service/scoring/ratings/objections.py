"""Objections: accepted while the notice runs, decided with an answer; both states of facts are
kept.

Facts come only from records: an upheld objection freezes those of one person again.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from volunteer_service import journal, settings
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.ratings import (
    frozen_facts,
    live_facts,
    refusals,
    round_steps,
    star_messages,
)
from volunteer_service.scoring.ratings.models import Objection, RoundResult
from volunteer_service.scoring.rules.stars import Facts, Rating
from volunteer_service.visible_text import said


@dataclass(frozen=True)
class Weighed:
    """What upholding an objection would change: facts and stars, before and after."""

    before: Facts
    after: Facts
    was: Rating
    becomes: Rating

    @property
    def changes(self) -> bool:
        """Tell whether the records give other facts than those that hold."""
        return self.before != self.after

    @property
    def lowers(self) -> bool:
        """Tell whether the person loses minutes or a star, or gets another upheld complaint."""
        return (
            self.after.confirmed_minutes < self.before.confirmed_minutes
            or self.becomes.stars < self.was.stars
            or self.after.upheld_complaints > self.before.upheld_complaints
        )


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
    _written("object_to", objection, by, at, round=row.id)
    return objection


def weigh(result: RoundResult) -> Weighed:
    """Return the facts that hold beside those that the records give now, with the star of each."""
    before = frozen_facts.effective(result)
    after = next(live_facts.of(result.round, [result.volunteer_id]), before)
    # Facts added by a later format are not part of this round.
    form = result.round.facts_format
    after = frozen_facts.read(after.to_dict(form), form)
    rate_by = frozen_facts.rules_of(result.round)
    return Weighed(before, after, rate_by(before), rate_by(after))


@said("answer")
def decide_objection(
    objection_id: int,
    *,
    upheld: bool,
    answer: str,
    lowers: bool = False,
    by: Actor,
    at: datetime,
) -> Objection:
    """Uphold an objection (the person's facts are frozen again from the records) or dismiss it.

    No figure is typed: errors are first corrected in the records, the complaints or the day of
    registration (``NothingCorrected`` if these agree with the round). The facts first frozen stay,
    and the new ones are stored beside them. ``lowers`` says that the decider has seen that the
    person loses by it (``ObjectionLowers``).
    """
    objection = fetch(Objection, objection_id)
    result = objection.result
    need_decider(objection, by=by, at=at)
    if round_steps.hold(result.round).state != "notice":
        raise refusals.RoundMovedOn()
    _decide(objection, "upheld" if upheld else "dismissed", answer, by, at)
    if upheld:
        _freeze_anew(objection, result, lowers)
    star_messages.decided(objection, by, at)
    _written("decide_objection", objection, by, at, state=objection.state, stars=result.stars)
    return objection


@said("reason")
def withdraw_decision(objection_id: int, *, reason: str, by: Actor, at: datetime) -> Objection:
    """Take back the answer to an objection while its notice is not closed, so that it waits again.

    The facts are those from before the answer. Only the last answer about a star is taken back.
    """
    objection = fetch(Objection, objection_id)
    result = objection.result
    need_decider(objection, by=by, at=at)
    if round_steps.hold(result.round).state != "notice":
        raise refusals.RoundMovedOn()
    db.session.refresh(objection, with_for_update=True)
    if objection.state == "open" or _later(objection):
        raise refusals.NotTheLastAnswer()
    decided_by_id = objection.decided_by_id
    kept = {"state": objection.state, "answer": objection.answer}
    if objection.state == "upheld":
        before = objection.facts_before
        _hold_facts(result, None if before == result.facts else before)
    objection.state, objection.answer = "open", None
    objection.decided_at = objection.decided_by_id = None
    objection.facts_before = objection.facts_after = None
    db.session.flush()
    star_messages.reopened(objection, decided_by_id, by, at)
    _written("withdraw_decision", objection, by, at, reason=reason, stars=result.stars, was=kept)
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


def _freeze_anew(objection: Objection, result: RoundResult, lowers: bool) -> None:
    found = weigh(result)
    if not found.changes:
        raise refusals.NothingCorrected()
    if found.lowers and not lowers:
        raise refusals.ObjectionLowers(
            field="lowers",
            was=_hours(found.before),
            now=_hours(found.after),
            was_stars=found.was.stars,
            now_stars=found.becomes.stars,
        )
    form = result.round.facts_format
    objection.facts_before = found.before.to_dict(form)
    objection.facts_after = found.after.to_dict(form)
    _hold_facts(result, objection.facts_after)


def _hold_facts(result: RoundResult, amended: dict[str, Any] | None) -> None:
    """Store these facts as those that hold, beside the frozen ones, with the star that they
    give.
    """
    result.amended = amended
    rating = frozen_facts.rules_of(result.round)(frozen_facts.effective(result))
    result.stars = rating.stars
    result.reasons = [reason.to_dict() for reason in rating.reasons]
    db.session.flush()


def _later(objection: Objection) -> bool:
    """Tell whether another objection about the same star came after this one."""
    query = select(Objection.id).where(
        Objection.result_id == objection.result_id, Objection.id > objection.id
    )
    return db.session.scalar(query.limit(1)) is not None


def _hours(facts: Facts) -> str:
    return f"{facts.confirmed_minutes / 60:.2f}".rstrip("0").rstrip(".")


def _written(verb: str, objection: Objection, by: Actor, at: datetime, **said: Any) -> None:
    journal.record(
        f"ratings.{verb}", objection, account_id=by.account_id, door=by.door, at=at, **said
    )
