"""A calendar's address: made, shown, ended; and the file that a calendar reads there."""

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.db import fetch
from volunteer_service.events import calendar_feeds, calendar_files
from volunteer_service.teams.models import Team
from volunteer_service.web.events.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, public, signed_in, staff


@bp.get("/calendar/<secret>.ics")
@public
def calendar_file(secret: str) -> Response:
    """Show the feed, for a calendar that knows its address."""
    made = calendar_files.written(
        calendar_feeds.entries_at(secret, at=clock.now()),
        title=_("志愿服务"),
        waiting=_("（候补）"),
        bring=_("请带："),
        at=clock.now(),
    )
    return Response(made, mimetype="text/calendar", headers={"Cache-Control": "private"})


@bp.get("/my/calendar")
@signed_in
def my_calendar() -> str:
    """Show one's own address, or the button that makes it."""
    return _page(None)


@bp.post("/my/calendar")
@signed_in
def new_calendar() -> Response:
    """Give one's own feed an address, or another one."""
    return _made(None, url_for("events.my_calendar"))


@bp.post("/my/calendar/end")
@signed_in
def end_calendar() -> Response:
    """End one's own address."""
    return _ended(None, url_for("events.my_calendar"))


@bp.get("/teams/<int:team_id>/calendar")
@staff("leader", "coordinator")
def team_calendar(team_id: int) -> str:
    """Show the team's address, or the button that makes it."""
    return _page(team_id)


@bp.post("/teams/<int:team_id>/calendar")
@staff("leader", "coordinator")
def new_team_calendar(team_id: int) -> Response:
    """Give the team's feed an address, or another one."""
    return _made(team_id, url_for("events.team_calendar", team_id=team_id))


@bp.post("/teams/<int:team_id>/calendar/end")
@staff("leader", "coordinator")
def end_team_calendar(team_id: int) -> Response:
    """End the team's address."""
    return _ended(team_id, url_for("events.team_calendar", team_id=team_id))


def _made(team_id: int | None, back: str) -> Response:
    def work() -> str:
        calendar_feeds.new_feed(team_id, by=actor(), at=clock.now())
        return forms.done(_("日历地址已生成。"), back)

    return forms.act(work, by=actor())


def _ended(team_id: int | None, back: str) -> Response:
    def work() -> str:
        calendar_feeds.end_feed(team_id, by=actor(), at=clock.now())
        return forms.done(_("日历地址已停用。"), back)

    return forms.act(work, by=actor())


def _page(team_id: int | None) -> str:
    feed = calendar_feeds.feed_of(team_id, by=actor())
    return render_template(
        "events/calendar_feed.html",
        feed=feed,
        team=fetch(Team, team_id) if team_id else None,
    )
