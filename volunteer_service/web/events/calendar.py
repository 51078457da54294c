"""The calendar of events: a month or a week, with the filters of the list."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from volunteer_service import clock, settings
from volunteer_service.events import event_lists
from volunteer_service.events.models import Event
from volunteer_service.fields import LARGEST, Day
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.web.events.views import bp, choices
from volunteer_service.web.shared.guard import maybe_actor, public

WEEK = timedelta(days=7)


class CalendarQuery(Schema):
    """The values in a calendar's address; unreadable ones are ignored."""

    view = fields.String(validate=validate.OneOf(("month", "week")))
    day = Day()
    area_id = fields.Integer(validate=validate.Range(1, LARGEST))
    team_id = fields.Integer(validate=validate.Range(1, LARGEST))
    mine = fields.Boolean()


@dataclass(frozen=True)
class CalendarDay:
    """A day and its events; an event of several days is on each of them."""

    on: date
    events: list[Event]


@dataclass(frozen=True)
class Span:
    """The days that a page shows, and a day of the page before and after it."""

    view: str
    first: date
    last: date

    @property
    def before(self) -> date:
        """Return a day of the page before."""
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        """Return a day of the next page."""
        return self.last + timedelta(days=1)


@bp.get("/events/calendar")
@public
def calendar() -> str:
    """Show a month or a week of events; on a phone the days that have some, one below the other."""
    by, asked, today = maybe_actor(), _asked(), settings.local_day(clock.now())
    span = _span(asked.get("view", "month"), asked.get("day", today))
    wanted = _wanted(by, asked, span)
    found = event_lists.between(by, wanted)
    return render_template(
        "events/calendar.html",
        days=_days(span, found[: event_lists.MOST_IN_CALENDAR]),
        is_cut=len(found) > event_lists.MOST_IN_CALENDAR,
        span=span,
        today=today,
        wanted=wanted,
        may_be_mine=bool(by and by.volunteer_id),
        kept={name: value for name, value in asked.items() if name not in ("view", "day")},
        **choices(by, replace(wanted, volunteer_id=None)),
    )


def _wanted(by: Actor | None, asked: dict[str, Any], span: Span) -> event_lists.EventFilter:
    return event_lists.EventFilter(
        from_on=span.first,
        to_on=span.last,
        area_id=asked.get("area_id"),
        team_id=asked.get("team_id"),
        volunteer_id=by.volunteer_id if by and asked.get("mine") else None,
    )


def _asked() -> dict[str, Any]:
    raw = {name: value for name, value in request.args.items() if value.strip()}
    found: Any
    try:
        found = CalendarQuery(unknown=EXCLUDE).load(raw)
    except ValidationError as error:
        found = error.valid_data
    return dict(found)


def _span(view: str, day: date) -> Span:
    if view == "week":
        first = day - timedelta(days=day.weekday())
        return Span("week", first, first + WEEK - timedelta(days=1))
    first = day.replace(day=1)
    return Span("month", first, first.replace(day=monthrange(day.year, day.month)[1]))


def _days(span: Span, events: Sequence[Event]) -> list[CalendarDay]:
    days = {
        span.first + timedelta(days=n): CalendarDay(span.first + timedelta(days=n), [])
        for n in range((span.last - span.first).days + 1)
    }
    for event in events:
        # An event that ends at midnight is not one of the next day.
        last = settings.local_day(event.ends_at - timedelta(microseconds=1))
        day = max(settings.local_day(event.starts_at), span.first)
        while day <= min(last, span.last):
            days[day].events.append(event)
            day += timedelta(days=1)
    return list(days.values())
