"""Holds an event again on other days: its series, made at once and up to a year ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from volunteer_service import journal, settings
from volunteer_service.bounds import one_of
from volunteer_service.db import db
from volunteer_service.errors import Invalid
from volunteer_service.events import copying, planning, recurrence, refusals, school_terms
from volunteer_service.events.models import Event, SignUp
from volunteer_service.events.series_models import DAYS, EventSeries, SeriesDay
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.working_days import working_among


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """The days on which an event is held again: an RRULE, which of its days count, the last day."""

    rule: str
    until: date
    days: str = "every"


@dataclass(frozen=True)
class Occurrence:
    """A day of a rule; ``left_out`` says why no event is made on it: ``not_working``, ``no_term``
    or ``past``.
    """

    on: date
    left_out: str | None = None


@dataclass(frozen=True)
class Held:
    """An event of a series and how many people have a place at it."""

    event: Event
    signed_up: int


def foresee(event_id: int, repeat: Repeat, *, by: Actor, at: datetime) -> list[Occurrence]:
    """Return the days of a rule after the event's own, including those without an event.

    A rule is refused if it cannot be read, ends before it begins or after more than a year, or
    names no day on which the event can be held.
    """
    event = planning.led(event_id, by=by)
    first = settings.local_day(event.starts_at)
    one_of(repeat.days, DAYS, "days")
    rule = recurrence.read(repeat.rule)
    if not first < repeat.until <= first + recurrence.LONGEST:
        raise Invalid(field="until", why="请选活动之后一年以内的一天")
    days = list(recurrence.days_of(rule, first, repeat.until))
    terms: Sequence[tuple[date, date]] = ()
    if repeat.days == "school":
        found = school_terms.of_area(event.team.area)
        terms = [(row.starts_on, row.ends_on) for row in found]
        if not terms:
            raise refusals.NoSchoolTerm(field="days")
    working = working_among(days) if repeat.days != "every" else set(days)
    today = settings.local_day(at)
    occurrences = [Occurrence(day, _left_out(day, today, working, terms)) for day in days]
    if all(each.left_out for each in occurrences):
        raise refusals.NoDayOfSeries(field="until")
    return occurrences


def repeat(event_id: int, repeat: Repeat, *, by: Actor, at: datetime) -> EventSeries:
    """Make an event like this one on each day that :func:`foresee` names; this one is the first.

    They are published if this one is, else drafts. An event belongs to one series.
    """
    event = planning.editable(event_id, by=by)
    if day_of(event.id) is not None:
        raise refusals.InSeriesAlready()
    planning.need_team(event.team)
    if not event.shifts:
        raise refusals.NothingToSignUpFor()
    days = [each.on for each in foresee(event_id, repeat, by=by, at=at) if not each.left_out]
    row = _made(event, repeat, days, by, at)
    journal.record(
        "events.repeat",
        event,
        account_id=by.account_id,
        door=by.door,
        at=at,
        rule=row.rule,
        days=row.days,
        until=repeat.until.isoformat(),
        made=len(days),
    )
    return row


def _made(event: Event, repeat: Repeat, days: list[date], by: Actor, at: datetime) -> EventSeries:
    row = EventSeries(
        rule=recurrence.read(repeat.rule),
        days=repeat.days,
        starts_on=settings.local_day(event.starts_at),
        ends_on=repeat.until,
        created_at=at,
        account_id=by.account_id,
    )
    db.session.add(SeriesDay(series=row, on=row.starts_on, event=event))
    clock = event.starts_at.astimezone(settings.current().zone).timetz()
    for day in days:
        starts_at = datetime.combine(day, clock)
        made = copying.like(event, starts_at=starts_at, leader_id=event.leader_id, at=at)
        if event.state == "published":
            made.state, made.published_at = "published", at
        db.session.add(SeriesDay(series=row, on=day, event=made))
    db.session.flush()
    return row


def held(event: Event, *, by: Actor) -> list[Held]:
    """Return the events of this one's series by their beginning, for somebody who plans them."""
    planning.led(event.id, by=by)
    day = day_of(event.id)
    if day is None:
        return []
    places = (
        select(func.count())
        .where(SignUp.event_id == Event.id, SignUp.state == "confirmed")
        .correlate(Event)
        .scalar_subquery()
    )
    query = select(Event, places).join(SeriesDay, SeriesDay.event_id == Event.id)
    query = query.where(SeriesDay.series_id == day.series_id)
    return [Held(row, count) for row, count in db.session.execute(query.order_by(Event.starts_at))]


def day_of(event_id: int) -> SeriesDay | None:
    """Return the day of a series for which an event was made; None for a single event."""
    query = select(SeriesDay).options(joinedload(SeriesDay.series))
    return db.session.scalars(query.where(SeriesDay.event_id == event_id)).one_or_none()


def _left_out(
    day: date, today: date, working: set[date], terms: Sequence[tuple[date, date]]
) -> str | None:
    if day <= today:
        return "past"
    if terms and not any(first <= day <= last for first, last in terms):
        return "no_term"
    return None if day in working else "not_working"
