"""Addresses of calendars over the API."""

from marshmallow import Schema, fields

from volunteer_service import clock
from volunteer_service.api.events.views import bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.errors import NotFound
from volunteer_service.events import calendar_feeds
from volunteer_service.events.calendar_feeds import CalendarFeed


class CalendarFeedOut(Schema):
    """An address that a calendar subscribes to; anybody who knows it can read it."""

    address = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


@bp.get("/calendar-feed")
@guarded("read")
@bp.response(200, CalendarFeedOut)
def get_calendar_feed() -> CalendarFeed:
    """Return the address of one's own calendar; 404 while there is none."""
    return _there(None)


@bp.post("/calendar-feed")
@guarded("write")
@idempotent
@bp.response(201, CalendarFeedOut)
def new_calendar_feed() -> CalendarFeed:
    """Give one's own calendar an address; the one before ends."""
    return calendar_feeds.new_feed(None, by=actor(), at=clock.now())


@bp.delete("/calendar-feed")
@guarded("write")
@bp.response(204)
def end_calendar_feed() -> None:
    """End the address of one's own calendar."""
    calendar_feeds.end_feed(None, by=actor(), at=clock.now())


@bp.get("/teams/<int:team_id>/calendar-feed")
@guarded("read")
@bp.response(200, CalendarFeedOut)
def get_team_calendar_feed(team_id: int) -> CalendarFeed:
    """Return the address of a team's calendar, for its leaders; 404 while there is none."""
    return _there(team_id)


@bp.post("/teams/<int:team_id>/calendar-feed")
@guarded("write")
@idempotent
@bp.response(201, CalendarFeedOut)
def new_team_calendar_feed(team_id: int) -> CalendarFeed:
    """Give a team's calendar an address; the one before ends."""
    return calendar_feeds.new_feed(team_id, by=actor(), at=clock.now())


@bp.delete("/teams/<int:team_id>/calendar-feed")
@guarded("write")
@bp.response(204)
def end_team_calendar_feed(team_id: int) -> None:
    """End the address of a team's calendar."""
    calendar_feeds.end_feed(team_id, by=actor(), at=clock.now())


def _there(team_id: int | None) -> CalendarFeed:
    feed = calendar_feeds.feed_of(team_id, by=actor())
    if feed is None:
        raise NotFound()
    return feed
