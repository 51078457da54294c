"""Proposes a new version of the programme's numbers and puts it in force by a second person; frozen
rounds keep their version.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select, update

from volunteer_service import journal, policies, settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db, fetch
from volunteer_service.errors import Conflict, Invalid
from volunteer_service.people.authorization import account_scope, conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.policies import PolicyTerm, PolicyVersion
from volunteer_service.scoring.ratings import refusals
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.visible_text import said

#: The numbers of a rating, which an area may have of its own; all others hold everywhere.
OF_AREAS = (
    *("star_minutes", "grades_for_stars", "registered_days", "complaints_allowed"),
    *("evaluations_needed", "quality_mean_centi", "notice_working_days"),
)


@said("reason")
def propose_policy(
    changes: Mapping[str, Any],
    *,
    reason: str,
    half_year: HalfYear | None = None,
    from_on: date | None = None,
    area_id: int | None = None,
    by: Actor,
    at: datetime,
    expected: int | None = None,
) -> PolicyVersion:
    """Propose the next version: rounds of ``half_year`` (default: the running one) and later take
    it, its other numbers hold from ``from_on`` (default: today) on, once a second person agrees.

    For an area only the numbers of :data:`OF_AREAS` change; numbers of the whole service take an
    admin of all of it. ``expected`` is the version that the numbers were read from.
    """
    today = settings.local_day(at)
    _need_right(area_id, by)
    half_year = _in_order(area_id, half_year, HalfYear.of(today))
    now = current(area_id, half_year)
    if expected is not None and expected != now.version:
        raise Conflict()
    if area_id is not None and (others := changes.keys() - set(OF_AREAS)):
        raise Invalid(field=min(others), why="这一项全平台统一，不能为一个地方单独改")
    _need_unfrozen(area_id, half_year)
    row = policies.next_version(now, changes, reason=reason, account_id=by.account_id, at=at)
    row.term = PolicyTerm(
        area_id=area_id,
        based_on=now.version,
        half_year=str(half_year),
        from_on=max(from_on or today, today),
        state="proposed",
        has_begun=False,
    )
    db.session.flush()
    _written("propose_policy", row, by, at, changes=sorted(changes))
    # The operator at the machine needs no second person.
    return row if by.account_id is not None else activate_policy(row.version, by=by, at=at)


def activate_policy(version: int, *, by: Actor, at: datetime) -> PolicyVersion:
    """Put a proposed version in force; a person independent of its proposer does so.

    Refused where another version came into force meanwhile: these numbers would undo it.
    """
    row, term = _proposed(version, by, at)
    # Two versions that are put in force at once take turns.
    db.session.execute(select(PolicyTerm.version).where(PolicyTerm.version == 1).with_for_update())
    now = current(term.area_id, HalfYear.parse(term.half_year)).version
    if now != term.based_on:
        raise refusals.PolicyOutdated(version=now)
    _need_unfrozen(term.area_id, HalfYear.parse(term.half_year))
    today = settings.local_day(at)
    term.state, term.decided_at, term.decided_by_id = "active", at, by.account_id
    term.from_on = max(term.from_on, today)
    term.has_begun = term.area_id is None and term.from_on <= today
    db.session.flush()
    _answered(row, "done", by, at)
    _written("activate_policy", row, by, at, half_year=term.half_year, from_on=str(term.from_on))
    return row


@said("answer")
def refuse_policy(version: int, *, answer: str, by: Actor, at: datetime) -> PolicyVersion:
    """Refuse a proposed version; its proposer withdraws it in the same way."""
    row, term = _proposed(version, by, at, alone=True)
    term.state, term.decided_at, term.decided_by_id = "refused", at, by.account_id
    term.answer = answer
    db.session.flush()
    _answered(row, "refused", by, at)
    _written("refuse_policy", row, by, at, answer=answer)
    return row


def begin_due(*, at: datetime) -> int:
    """Let the versions begin whose day has come; return how many. The job ``begin_policies`` calls
    it.
    """
    due = (
        update(PolicyTerm)
        .where(
            PolicyTerm.state == "active",
            PolicyTerm.area_id.is_(None),
            PolicyTerm.has_begun.is_(False),
            PolicyTerm.from_on <= settings.local_day(at),
        )
        .values(has_begun=True)
        .returning(PolicyTerm.version)
        .execution_options(synchronize_session="fetch")
    )
    return len(db.session.scalars(due).all())


def _in_order(area_id: int | None, asked: HalfYear | None, running: HalfYear) -> HalfYear:
    """Refuse a half-year before that of an earlier version, whose numbers the later one has."""
    query = select(func.max(PolicyTerm.half_year)).where(
        PolicyTerm.state == "active", PolicyTerm.area_id == area_id
    )
    last = db.session.scalar(query)
    if asked is None:
        return max(running, HalfYear.parse(last)) if last else running
    if last and str(asked) < last:
        raise refusals.HalfYearBeforePolicy(field="half_year", half_year=last)
    return asked


def current(area_id: int | None, half_year: HalfYear) -> Policy:
    """Return the policy that a proposal for this place and half-year changes."""
    if area_id is None:
        return policies.newest()
    return policies.of_round(fetch(Area, area_id).path, half_year)


def _need_right(area_id: int | None, by: Actor) -> None:
    if area_id is None:
        account_scope.need_whole_service(by, Right.SERVICE_EDIT)
    else:
        rights.need(by, Right.SERVICE_EDIT, area_path=fetch(Area, area_id).path)


def _proposed(
    version: int, by: Actor, at: datetime, *, alone: bool = False
) -> tuple[PolicyVersion, PolicyTerm]:
    term = fetch(PolicyTerm, version, lock=True)
    _need_right(term.area_id, by)
    if term.state != "proposed":
        raise refusals.PolicyDecided()
    row = fetch(PolicyVersion, version)
    if not alone:
        path = fetch(Area, term.area_id).path if term.area_id else "/"
        who = partial(conflicts.who_may, Right.SERVICE_EDIT, path, row.account_id, at=at)
        conflicts.need_second(by, row.account_id, at=at, who=who)
    return row, term


def _need_unfrozen(area_id: int | None, half_year: HalfYear) -> None:
    """Refuse a half-year with a frozen round in the area: other numbers no longer rate it."""
    query = (
        select(Round.half_year)
        .join(Area, Area.id == Round.area_id)
        .where(
            Round.half_year >= str(half_year),
            Round.policy_version.is_not(None),
            Round.state != "withdrawn",
        )
    )
    if area_id is not None:
        path = fetch(Area, area_id).path
        query = query.where(Area.path.startswith(path, autoescape=True))
    if (taken := db.session.scalar(query.order_by(Round.half_year.desc()).limit(1))) is not None:
        raise refusals.HalfYearFrozen(field="half_year", half_year=taken)


def _answered(row: PolicyVersion, outcome: str, by: Actor, at: datetime) -> None:
    facts = {"version": row.version, "outcome": outcome}
    messages.tell_first(row.account_id, "policy_answered", second=by, at=at, **facts)


def _written(verb: str, row: PolicyVersion, by: Actor, at: datetime, **said_: Any) -> None:
    journal.record(f"ratings.{verb}", row, account_id=by.account_id, door=by.door, at=at, **said_)
