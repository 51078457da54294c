"""Entering service later: with a reason, approved by a different person, earning no points."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from volunteer_service import journal, policies, settings
from volunteer_service.attendance import refusals
from volunteer_service.attendance.backfills.entered_by_hand import tell_who_entered
from volunteer_service.attendance.check_ins import entry_deadline
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import record_deciders, record_decisions
from volunteer_service.attendance.records.overlapping_records import hold_people, overlapping
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid, Phrase, told_to
from volunteer_service.events import known_people
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.teams.models import Team
from volunteer_service.visible_text import said


@dataclass(frozen=True, kw_only=True)
class Backfill:
    """Service that no scan proves: the seven fields, the minutes given and why it comes late."""

    team_id: int
    volunteer_id: int
    event_name: str
    place: str
    content: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    leader_name: str
    reason: str


@said("plan.event_name", "plan.place", "plan.content", "plan.leader_name", "plan.reason")
def backfill(
    plan: Backfill,
    *,
    source_key: str | None = None,
    numbered: int | None = None,
    by: Actor,
    at: datetime,
) -> ServiceRecord:
    """Enter somebody else's record by hand; it counts for nothing until a second person approves
    it.

    Only of people whom the actor can find (:mod:`known_people`); ``numbered`` is the person whose
    card they have in hand. More than 10 working days after the service ended it is marked
    ``entered_late``.
    """
    team = fetch(Team, plan.team_id)
    rights.need(by, Right.RECORD_CONFIRM, area_path=team.area.path, team_id=team.id)
    mine = [plan.volunteer_id]
    where = (Right.RECORD_CONFIRM, team.area.path)
    who = conflicts.others(*where, mine, at=at, team_id=team.id)
    conflicts.need_other(by, mine, at=at, who=who)
    known_people.need_known([plan.volunteer_id], team, by=by, at=at, numbered=numbered)
    volunteer = fetch(Volunteer, plan.volunteer_id)
    with told_to(is_person=False):
        need_registered(volunteer.id, volunteer.state)
    hold_people([volunteer.id])
    _check(plan, at)
    record = _entered(plan, team, by, at)
    record.source_key = source_key or record.source_key
    entry_deadline.mark([record], at=at)
    db.session.add(record)
    db.session.flush()
    record_decisions.changed(record, {}, plan.reason, by=by, at=at)
    _record("backfill", record, by, at)
    return record


def approve_backfill(record_id: int, *, by: Actor, at: datetime) -> ServiceRecord:
    """Approve a backfilled record as a coordinator: never one's own, nor one that the actor
    entered.
    """
    record = let_count(record_id, by=by, at=at)
    tell_who_entered([record], by=by, at=at)
    return record


def let_count(record_id: int, *, by: Actor, at: datetime) -> ServiceRecord:
    """Do as :func:`approve_backfill`, without a message to the person who entered it: a sheet sends
    one message in all.
    """
    record = fetch(ServiceRecord, record_id, lock=True)
    team = record.team
    rights.need(by, Right.RECORD_DECIDE, area_path=team.area.path, team_id=team.id)
    if (record.state, record.waits_for) != ("waiting", "second"):
        raise refusals.RecordNotWaiting()
    first = record.entered_by_id
    who = record_deciders.others(record, Right.RECORD_DECIDE, at=at, first=first)
    conflicts.need_other(by, [record.volunteer_id], at=at, who=who)
    conflicts.need_second(by, first, at=at, who=who)
    record_decisions.let_count([record], by=by, at=at)
    _record("approve_backfill", record, by, at, minutes=record.minutes)
    db.session.flush()
    return record


def why_not_approved(record: ServiceRecord, *, by: Actor, at: datetime) -> Phrase | None:
    """Return why the actor may not approve this backfilled record; None where it is
    theirs to do.
    """
    if record.waits_for != "second":
        return None
    first = record.entered_by_id
    who = record_deciders.others(record, Right.RECORD_DECIDE, at=at, first=first)
    people = conflicts.reasons(by, [record.volunteer_id], at=at)
    if reason := people.get(record.volunteer_id):
        return conflicts.refused(reason, who)
    return conflicts.sentence(by, first, at=at, who=who)


def _entered(plan: Backfill, team: Team, by: Actor, at: datetime) -> ServiceRecord:
    return ServiceRecord(
        volunteer_id=plan.volunteer_id,
        team_id=team.id,
        event_name=plan.event_name,
        served_on=settings.local_day(plan.starts_at),
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        content=plan.content,
        minutes=plan.minutes,
        organising_unit=team.name,
        leader_name=plan.leader_name,
        recording_unit=team.recording_unit,
        recorder=by.name,
        grade="backfilled",
        state="waiting",
        waits_for="second",
        policy_version=policies.active().version,
        source_type="backfill",
        source_key=uuid4().hex,
        entered_by_id=by.account_id,
        created_at=at,
    )


def _check(plan: Backfill, at: datetime) -> None:
    lasted = int((plan.ends_at - plan.starts_at).total_seconds()) // 60
    if lasted <= 0:
        raise Invalid(field="ends_at", why="结束时间要晚于开始时间")
    if plan.ends_at > at:
        raise refusals.NotOverYet(field="ends_at")
    if not 0 < plan.minutes <= lasted:
        raise refusals.TooManyMinutes(field="minutes", most=lasted)
    other = overlapping(plan.volunteer_id, [(plan.starts_at, plan.ends_at)])
    if other is not None:
        raise refusals.RecordOverlaps(record=other, field="starts_at")


def _record(verb: str, record: ServiceRecord, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(
        f"attendance.{verb}", record, account_id=by.account_id, door=by.door, at=at, **facts
    )
