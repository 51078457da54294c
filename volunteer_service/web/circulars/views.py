"""Circulars: a leader or the office writes to many people, previews who gets it, and sends it
once.
"""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service import db as database
from volunteer_service import settings as service_settings
from volunteer_service.circulars import audiences, reading, writing
from volunteer_service.circulars.models import OF_EVENT
from volunteer_service.events import planning
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.teams.models import Team
from volunteer_service.web.circulars.forms import EventCircularForm, TeamCircularForm
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, signed_in, staff

bp = Blueprint("circulars", __name__)

AUDIENCES = {
    "members": _l("全体队员"),
    "signed_up": _l("报上名的人"),
    "waiting": _l("候补的人"),
    "came": _l("来过的人"),
    "chosen": _l("名单里勾选的人"),
}


@bp.get("/teams/<int:team_id>/circular")
@staff("leader", "coordinator")
def to_team(team_id: int) -> str:
    """Show the form to a team's members."""
    return _team_form(team_id, {}, {})


@bp.post("/teams/<int:team_id>/circular")
@staff("leader", "coordinator")
def write_to_team(team_id: int) -> Response:
    """Write to a team's members; the next page shows who gets it."""

    def work(values: dict[str, Any]) -> str:
        row = writing.write_to_team(team_id, **values, by=actor(), at=clock.now())
        return url_for("circulars.show", circular_id=row.id)

    return forms.submit(
        TeamCircularForm, work, lambda raw, bad: _team_form(team_id, raw, bad), by=actor()
    )


@bp.get("/e/<int:event_id>/circular")
@staff("leader", "coordinator")
def to_event(event_id: int) -> str:
    """Show the form to an event's people."""
    return _event_form(event_id, {}, {})


@bp.post("/e/<int:event_id>/circular")
@staff("leader", "coordinator")
def write_to_event(event_id: int) -> Response:
    """Write to an event's people; the next page shows who gets it."""

    def work(values: dict[str, Any]) -> str:
        row = writing.write_to_event(event_id, **values, by=actor(), at=clock.now())
        return url_for("circulars.show", circular_id=row.id)

    return forms.submit(
        EventCircularForm, work, lambda raw, bad: _event_form(event_id, raw, bad), by=actor()
    )


@bp.get("/circulars")
@staff("leader", "coordinator")
def index() -> str:
    """Show the reader's circulars, newest first."""
    found = reading.sent_by(actor(), cursor=request.args.get("cursor"))
    return render_template("circulars/index.html", found=found, audiences=AUDIENCES)


@bp.get("/circulars/<int:circular_id>")
@staff("leader", "coordinator")
def show(circular_id: int) -> str:
    """Show one circular: before it is sent who would get it, afterwards how many have read it."""
    row = reading.written(circular_id, by=actor())
    return render_template(
        "circulars/show.html",
        row=row,
        reach=audiences.reach_of(row),
        doors=service_settings.current().doors.of_persons(audiences.KIND),
        audience=AUDIENCES[row.audience],
        read=reading.read_count(row),
        is_own=row.account_id == actor().account_id,
    )


@bp.post("/circulars/<int:circular_id>/send")
@staff("leader", "coordinator")
def send(circular_id: int) -> Response:
    """Send it, once."""

    def work() -> str:
        row = writing.send(circular_id, by=actor(), at=clock.now())
        return forms.done(_("已发出。"), url_for("circulars.show", circular_id=row.id))

    return forms.act(work, by=actor())


@bp.post("/circulars/<int:circular_id>/discard")
@staff("leader", "coordinator")
def discard(circular_id: int) -> Response:
    """Discard a circular that was not sent."""

    def work() -> str:
        writing.discard(circular_id, by=actor(), at=clock.now())
        return forms.done(_("已丢弃，没有发给任何人。"), url_for("circulars.index"))

    return forms.act(work, by=actor())


@bp.get("/my/circulars/<int:received_id>")
@signed_in
def received(received_id: int) -> str:
    """Show a circular that the reader received."""
    row = reading.received(received_id, by=actor())
    return render_template("circulars/received.html", row=row)


def _team_form(team_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    team = database.fetch(Team, team_id)
    need(actor(), Right.ROSTER_EDIT, area_path=team.area.path, team_id=team_id)
    return _form(team.name, url_for("teams.show", team_id=team_id), (), values, errors)


def _event_form(event_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    event = planning.led(event_id, by=actor())
    to = [(name, AUDIENCES[name]) for name in OF_EVENT]
    return _form(event.title, url_for("events.manage", event_id=event_id), to, values, errors)


def _form(place: str, back: str, to: Any, values: dict[str, Any], errors: dict[str, Any]) -> str:
    return render_template(
        "circulars/form.html",
        place=place,
        back=back,
        to=to,
        longest=writing.LONGEST_TEXT,
        values=values,
        errors=errors,
    )
