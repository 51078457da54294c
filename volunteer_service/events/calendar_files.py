"""Writes a feed as a calendar file (RFC 5545) that phones and desks read."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from volunteer_service import settings
from volunteer_service.events.calendar_feeds import Entry
from volunteer_service.events.models import Event

#: How often a calendar may fetch the feed.
REFRESH = timedelta(hours=4)


def written(
    entries: Iterable[Entry], *, title: str, waiting: str, bring: str, at: datetime
) -> bytes:
    """Return the file; ``waiting`` and ``bring`` are words of the reader's language.

    Instants are in UTC, which every calendar turns into its own time. A changed event has a higher
    SEQUENCE; a cancelled one stays and has that status.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//volunteer_service//calendar feed//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_line(entry, waiting=waiting, bring=bring, at=at))
    return bytes(calendar.to_ical())


def _line(entry: Entry, *, waiting: str, bring: str, at: datetime) -> CalendarEvent:
    shift, event = entry.shift, entry.shift.event
    is_waiting = entry.sign_up is not None and entry.sign_up.state == "waiting"
    line = CalendarEvent()
    line.add("uid", f"shift-{shift.id}@{settings.current().base_url.partition('://')[2]}")
    line.add("dtstamp", at)
    line.add("dtstart", shift.starts_at)
    line.add("dtend", shift.ends_at)
    line.add("sequence", event.version)
    title = f"{event.title} · {shift.post.name}"
    line.add("summary", f"{waiting}{title}" if is_waiting else title)
    line.add("location", event.place)
    line.add("description", _description(event, bring))
    line.add("url", f"{settings.current().base_url}/e/{event.id}")
    if event.state == "cancelled":
        line.add("status", "CANCELLED")
    else:
        line.add("status", "TENTATIVE" if is_waiting else "CONFIRMED")
    return line


def _description(event: Event, bring: str) -> str:
    """Return what to do, where to meet and what to bring; the contact is only on the event's
    page.
    """
    parts = [event.content, event.meeting_point, event.bring and f"{bring}{event.bring}"]
    return "\n".join(part for part in parts if part)
