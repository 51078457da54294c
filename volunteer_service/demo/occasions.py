"""How an event goes: planned a week before, signed up for, scanned, closed, confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

from sqlalchemy import select

from volunteer_service.attendance import closing
from volunteer_service.attendance.check_ins import check_in, event_codes
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import record_decisions
from volunteer_service.db import db
from volunteer_service.demo import names
from volunteer_service.demo.stage import Town
from volunteer_service.events import planning, sign_ups
from volunteer_service.events.models import Event
from volunteer_service.people.authorization.actor import Actor

_SCANS = UUID("6f1d0c9e-3a57-4f0e-8d3b-2a9c5b7e1f40")


@dataclass(frozen=True)
class Visit:
    """One person at an event: when they scan in and out; with neither, they signed up and stayed
    away.

    ``walks_in`` means without signing up. Minutes count from the event's start and from its end.
    """

    person: int
    comes: int | None = -8
    leaves: int | None = 3
    walks_in: bool = False


def _wanted(town: Town, team: int, starts_at: datetime, ends_at: datetime) -> planning.EventPlan:
    title, content, place, _usual = names.TEAMS[team].work
    leads = town.leaders[team].volunteer_id
    leader = next(person for person in town.people if person.id == leads)
    return planning.EventPlan(
        title=title,
        content=content,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at,
        contact_name=leader.name,
        contact_phone=leader.phone,
        meeting_point=f"{place}，志愿者旗下",
        bring="水杯、志愿者马甲",
    )


def plan(
    town: Town, team: int, starts_at: datetime, *, capacity: int, minutes: int | None = None
) -> Event:
    """Return a published event of a team with one post and one shift, planned a week before."""
    by, at = town.leaders[team], starts_at - timedelta(days=7)
    ends_at = starts_at + timedelta(minutes=minutes or names.TEAMS[team].work[-1])
    wanted = _wanted(town, team, starts_at, ends_at)
    event = planning.create(wanted, team_id=town.teams[team].id, by=by, at=at)
    is_heavy = "环保" in names.TEAMS[team].name
    post = planning.add_post(
        event.id,
        name="清洁岗" if is_heavy else "志愿岗",
        coefficient_centi=120 if is_heavy else 100,
        by=by,
        at=at,
    )
    planning.add_shift(
        event.id,
        post_id=post.id,
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=capacity,
        by=by,
        at=at,
    )
    return planning.publish(event.id, by=by, at=at)


def sign_up(town: Town, event: Event, people: Iterable[int], leader: int) -> None:
    """Sign these people up in this order, in the days before; the leader does it for some."""
    shift = event.shifts[0]
    for n, person in enumerate(people):
        actor = town.actors[person]
        by = actor if actor.account_id is not None else town.leaders[leader]
        at = event.starts_at - timedelta(days=3) + timedelta(minutes=17 * n)
        sign_ups.sign_up(shift.id, volunteer_id=actor.volunteer_id, by=by, at=at)


def attend(town: Town, event: Event, visit: Visit, leader: int) -> None:
    """Scan the person in and out with their own phone; the leader ticks a person without one."""
    if visit.comes is not None:
        _scan(town, event, visit, leader, "in", event.starts_at + timedelta(minutes=visit.comes))
    if visit.leaves is not None:
        _scan(town, event, visit, leader, "out", event.ends_at + timedelta(minutes=visit.leaves))


def close(town: Town, event: Event, leader: int) -> None:
    """Close the event as its leader, 25 minutes after its end."""
    at = event.ends_at + timedelta(minutes=25)
    closing.close(event.id, by=town.leaders[leader], at=at)


def confirm(town: Town, event: Event, leader: int) -> None:
    """Set the missing ends and confirm the rest as the leader, the next morning.

    The leader's own record is the coordinator's to confirm.
    """
    morning = _next_morning(town, event, leader)
    for record in waiting(event, "end"):
        left, by = record.ends_at - timedelta(minutes=12), _vouches(town, record, leader)
        record_decisions.set_end(
            record.id, ends_at=left, scan_id=_id(event, record.id), by=by, at=morning
        )
    records = waiting(event, "leader")
    for by in (town.leaders[leader], town.staff["coordinator"]):
        theirs = [each.id for each in records if _vouches(town, each, leader) is by]
        record_decisions.confirm(theirs, by=by, at=morning)


def _next_morning(town: Town, event: Event, leader: int) -> datetime:
    """Return a time between 8 and 9, when people are up."""
    day = event.ends_at.astimezone(town.days.zone).date() + timedelta(days=1)
    return town.days.on(day, 8, 4 * leader)


def _vouches(town: Town, record: ServiceRecord, leader: int) -> Actor:
    is_own = record.volunteer_id == town.leaders[leader].volunteer_id
    return town.staff["coordinator"] if is_own else town.leaders[leader]


def waiting(event: Event, for_whom: str) -> list[ServiceRecord]:
    """Return the event's records that wait: for an ``end``, for the ``leader``, for a
    ``coordinator``.
    """
    query = select(ServiceRecord).where(
        ServiceRecord.event_id == event.id,
        ServiceRecord.state == "waiting",
        ServiceRecord.waits_for == for_whom,
    )
    return list(db.session.scalars(query.order_by(ServiceRecord.id)))


def _scan(
    town: Town, event: Event, visit: Visit, leader: int, kind: Literal["in", "out"], at: datetime
) -> None:
    actor = town.actors[visit.person]
    scan_id = _id(event, kind, visit.person)
    if actor.account_id is not None:
        check_in.scan(event_codes.token(event), scan_id=scan_id, kind=kind, by=actor, at=at)
        return
    by = town.leaders[leader]
    whose = town.people[visit.person].id
    check_in.tick(event.id, volunteer_id=whose, kind=kind, scan_id=scan_id, by=by, at=at)


def _id(event: Event, *what: object) -> str:
    return str(uuid5(_SCANS, f"{event.id}/{what}"))
