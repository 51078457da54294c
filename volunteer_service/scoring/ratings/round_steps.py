"""The steps of a round, each one verb: open, freeze, draft, notice, decide, sign off.

Before its work every step claims the round by an UPDATE that names the state it leaves: if two
coordinators click at once, one acts and the other is told.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from volunteer_service import journal, policies, settings
from volunteer_service.areas.models import Area
from volunteer_service.attendance.records import rating_facts
from volunteer_service.db import db, fetch
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.ratings import (
    frozen_facts,
    own_rows,
    readiness,
    refusals,
    star_messages,
    working_day_corrections,
)
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.stars import Facts, Rating, facts_hash
from volunteer_service.visible_text import said


def open_round(area_id: int, half_year: str, *, by: Actor, at: datetime) -> Round:
    """Open the round of an area for a half-year; also before the half-year ends.

    Raises ``RoundExists`` where the area, one above or one below has a round for it already.
    """
    area = fetch(Area, area_id)
    rights.need(by, Right.RATING_RUN, area_path=area.path)
    try:
        named = str(HalfYear.parse(half_year))
    except ValueError:
        raise refusals.HalfYearInvalid(field="half_year") from None
    if _rated_twice(area, named):
        raise refusals.RoundExists(half_year=named)
    row = Round(area_id=area.id, half_year=named, opened_at=at, opened_by_id=by.account_id)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise refusals.RoundExists(half_year=named) from None
    written("open", row, by, at, half_year=named)
    return row


@said("reason")
def freeze(round_id: int, *, reason: str | None = None, by: Actor, at: datetime) -> Round:
    """Keep everybody's facts, the policy version and the hash over both; nothing is rated yet.

    The format of the facts and the version of the rules are those of this program, for ever.
    Raises ``HalfYearNotOver`` until the half-year's last local day has passed, and the refusals of
    :func:`readiness.need`; the ``reason`` that waives what is still to be done is kept.
    """
    row = running(round_id, by)
    half_year = frozen_facts.half_year_of(row)
    if settings.local_day(at) <= half_year.ends_on:
        raise refusals.HalfYearNotOver(half_year=row.half_year, ends_on=str(half_year.ends_on))
    undone = readiness.need(row, reason, at=at) if row.state == "open" else {}
    policy = policies.of_round(row.area.path, half_year)
    advance(
        row,
        "open",
        "frozen",
        policy_version=policy.version,
        **frozen_facts.newest(),
        frozen_at=at,
        readiness=undone,
        lifted_reason=reason if undone else None,
    )
    people = keep(row, rating_facts.facts_for(half_year, row.area.path, policy), policy)
    written(
        "freeze", row, by, at, people=people, policy=policy.version, undone=undone, reason=reason
    )
    return row


@said("reason")
def thaw(round_id: int, *, reason: str, by: Actor, at: datetime) -> Round:
    """Drop the frozen facts and go back to open, before the notice, so that corrected records can
    be frozen.
    """
    row = running(round_id, by)
    if row.supplement:
        raise refusals.RoundMovedOn()
    cleared = dict.fromkeys(frozen_facts.FROZEN)
    advance(row, "draft" if row.state == "draft" else "frozen", "open", **cleared)
    db.session.execute(delete(RoundResult).where(RoundResult.round_id == row.id))
    written("thaw", row, by, at, reason=reason)
    return row


def draft(round_id: int, *, by: Actor, at: datetime) -> Round:
    """Compute everybody's stars and reasons from the frozen facts under the frozen policy."""
    row = running(round_id, by)
    advance(row, "frozen", "draft")
    rate_by = frozen_facts.rules_of(row)
    for batch in frozen_facts.batches(frozen_facts.kept(row.id)):
        rated = [_rated(person, rate_by(person.frozen)) for person in batch]
        db.session.execute(update(RoundResult), rated)
    written("draft", row, by, at)
    return row


def publish_notice(round_id: int, *, by: Actor, at: datetime) -> Round:
    """Publish the draft for the policy's working days (5); objections are accepted until then."""
    row = running(round_id, by)
    if row.state == "draft":
        own_rows.need_untouched(row, by, at=at)
    ends_on = (
        working_day_corrections.notice_end(at, row.policy_version) if row.policy_version else None
    )
    advance(
        row, "draft", "notice", noticed_at=at, notice_ends_on=ends_on, noticed_by_id=by.account_id
    )
    star_messages.published(row, at)
    written("publish_notice", row, by, at, ends_on=ends_on and ends_on.isoformat())
    return row


def close_notice(round_id: int, *, by: Actor, at: datetime) -> Round:
    """End the notice after its last local day, once every objection is decided."""
    row = running(round_id, by)
    # The lock comes first, so that no objection is raised between the check and the step.
    if hold(row, alone=True).state == "notice":
        _may_close(row, at)
    advance(row, "notice", "decided")
    written("close_notice", row, by, at)
    return row


def close_due(*, by: Actor, at: datetime) -> int:
    """Close every notice that has ended without an open objection; returns how many."""
    today = settings.local_day(at)
    ended = select(Round).where(Round.state == "notice", Round.notice_ends_on < today)
    closed = 0
    for row in db.session.scalars(ended).all():
        if not open_objections(row.id):
            close_notice(row.id, by=by, at=at)
            closed += 1
    return closed


def running(round_id: int, by: Actor) -> Round:
    """Return the round, for somebody who may run it."""
    row = fetch(Round, round_id)
    rights.need(by, Right.RATING_RUN, area_path=row.area.path)
    return row


def advance(row: Round, leaves: str, enters: str, **values: Any) -> None:
    """Take the step, or raise ``RoundMovedOn`` if the round is not (or no longer) in that state."""
    step = (
        update(Round)
        .where(Round.id == row.id, Round.state == leaves, Round.version == row.version)
        .values(state=enters, version=row.version + 1, **values)
        .returning(Round.id)
        .execution_options(synchronize_session=False)
    )
    try:
        moved = db.session.scalar(step)
    except OperationalError:
        # Another long step locks the row for longer than the lock timeout.
        raise refusals.RoundMovedOn() from None
    if moved is None:
        raise refusals.RoundMovedOn()
    db.session.refresh(row)


def hold(row: Round, *, alone: bool = False) -> Round:
    """Return the present round, locked until the commit, so that nobody else takes a step."""
    db.session.refresh(row, with_for_update={"key_share": True} if alone else {"read": True})
    return row


def keep(row: Round, people: Iterator[Facts], policy: Policy) -> int:
    """Insert the facts as they are streamed and store the hash over them; return how many."""
    count = 0

    def inserted() -> Iterator[Facts]:
        nonlocal count
        for batch in frozen_facts.batches(people):
            db.session.execute(insert(RoundResult), [_frozen(row, each) for each in batch])
            count += len(batch)
            yield from batch

    row.facts_hash = facts_hash(inserted(), policy, row.facts_format or 1)
    if not count:
        raise refusals.NobodyToRate()
    db.session.flush()
    return count


def open_objections(round_id: int) -> int:
    """Return how many objections of the round wait for an answer."""
    query = (
        select(func.count())
        .select_from(Objection)
        .join(RoundResult, RoundResult.id == Objection.result_id)
        .where(RoundResult.round_id == round_id, Objection.state == "open")
    )
    return db.session.scalar(query) or 0


def written(verb: str, row: Round, by: Actor, at: datetime, **said: Any) -> None:
    """Record the step in the journal."""
    journal.record(f"ratings.{verb}", row, account_id=by.account_id, door=by.door, at=at, **said)


def _may_close(row: Round, at: datetime) -> None:
    if row.notice_ends_on is not None and settings.local_day(at) <= row.notice_ends_on:
        raise refusals.NoticeStillRunning(ends_on=row.notice_ends_on.isoformat())
    waiting = open_objections(row.id)
    if waiting:
        raise refusals.ObjectionsOpen(count=waiting)


def _rated_twice(area: Area, half_year: str) -> bool:
    above = [int(part) for part in area.path.strip("/").split("/")]
    # Locked until the commit, because rounds of an area and of one above it may be opened at once.
    db.session.execute(select(Area.id).where(Area.id == above[0]).with_for_update(key_share=True))
    query = (
        select(Round.id)
        .join(Area, Area.id == Round.area_id)
        .where(
            Round.half_year == half_year,
            Round.state != "withdrawn",
            or_(Area.id.in_(above), Area.path.startswith(area.path, autoescape=True)),
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def _frozen(row: Round, person: Facts) -> dict[str, Any]:
    return {
        "round_id": row.id,
        "volunteer_id": person.volunteer_id,
        "facts": person.to_dict(row.facts_format),
        "reasons": [],
    }


def _rated(person: frozen_facts.Kept, rating: Rating) -> dict[str, Any]:
    reasons = [reason.to_dict() for reason in rating.reasons]
    return {"id": person.id, "stars": rating.stars, "reasons": reasons}
