"""The past of the demo: events every few days since the rated half-year began, each played in
full.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import record_decisions
from volunteer_service.db import db
from volunteer_service.demo import names, occasions
from volunteer_service.demo.occasions import Visit
from volunteer_service.demo.registrations import registered_on
from volunteer_service.demo.stage import Act, Days, Town
from volunteer_service.events.models import Event

#: Days between two events: in the rated half-year, where the stars come from, and since.
OFTEN, SELDOM = 5, 9
#: The last past event is no nearer: yesterday, today and tomorrow have events of their own.
QUIET_DAYS = 3


def acts(town: Town) -> Iterator[Act]:
    """Yield every past event, played when its records are confirmed."""
    for n, day in enumerate(days(town.days)):
        yield Act(town.days.on(day + timedelta(days=1), 12), partial(_hold, town, n, day))


def days(around: Days) -> list[date]:
    """Return the days of all past events."""
    rated = [
        around.finished.starts_on + timedelta(days=n)
        for n in range(2, (around.finished.ends_on - around.finished.starts_on).days, OFTEN)
    ]
    last = around.today - timedelta(days=QUIET_DAYS)
    since = (last - around.finished.ends_on).days
    return rated + [around.finished.ends_on + timedelta(days=n) for n in range(4, since, SELDOM)]


def _hold(town: Town, n: int, day: date) -> None:
    team = n % len(town.teams)
    starts_at = town.days.on(day, (9, 14, 18)[n % 3])
    visits = [
        _visit(n, person)
        for person in range(len(names.PEOPLE))
        if _wants(town.days, n, day, person)
    ]
    event = occasions.plan(town, team, starts_at, capacity=len(visits) + 2)
    signed_up = [visit.person for visit in visits if not visit.walks_in]
    occasions.sign_up(town, event, signed_up, team)
    for visit in visits:
        occasions.attend(town, event, visit, team)
    occasions.close(town, event, team)
    occasions.confirm(town, event, team)
    _evaluate(town, event, n)


def _wants(days: Days, n: int, day: date, person: int) -> bool:
    """Tell whether this is one of the person's events: ``keen`` percent of all, evenly spread."""
    keen, phase = names.PEOPLE[person].keen, n + 7 * person
    was_there_long = registered_on(days, person) < day - timedelta(days=8)
    return was_there_long and (phase + 1) * keen // 100 > phase * keen // 100


def _visit(n: int, person: int) -> Visit:
    """Return how a person visits: most come and go on time; some stay away, forget the check-out,
    leave early or walk in.
    """
    odd = 5 * n + 3 * person
    comes, leaves = -3 - odd % 14, odd % 9
    if odd % 41 == 7:
        return Visit(person, None, None)
    if odd % 29 == 3:
        return Visit(person, comes, None)
    if odd % 31 == 5:
        return Visit(person, comes, -40)
    if odd % 37 == 9:
        return Visit(person, comes, -150)
    return Visit(person, comes, leaves, walks_in=odd % 11 == 2 and person != names.ELDER)


def _evaluate(town: Town, event: Event, n: int) -> None:
    """Record, after every third event, the coordinator's evaluation."""
    if n % 3:
        return
    confirmed = select(ServiceRecord).where(
        ServiceRecord.event_id == event.id, ServiceRecord.state == "confirmed"
    )
    at = town.days.on(event.ends_at.astimezone(town.days.zone).date() + timedelta(days=2), 16)
    for record in db.session.scalars(confirmed.order_by(ServiceRecord.id)):
        record_decisions.evaluate(
            record.id, score=4 + record.id % 2, by=town.staff["coordinator"], at=at
        )
