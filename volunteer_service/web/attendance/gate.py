"""The gate on a leader's phone: find a person who has come, tick, or enter a newcomer."""

from functools import partial
from typing import Any

from flask import flash, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.areas import lookup as areas
from volunteer_service.attendance.check_ins import check_in, walk_ins
from volunteer_service.attendance.check_ins import gate as attendance_gate
from volunteer_service.db import fetch
from volunteer_service.events import planning
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations.registration_fields import RegisterIn
from volunteer_service.people.search import person_search
from volunteer_service.rate_limits import count_finds, finds
from volunteer_service.web.attendance.forms import NewcomerForm, TickForm
from volunteer_service.web.attendance.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import refusal


@bp.get("/e/<int:event_id>/gate")
@finds(lambda: f"account:{session.get('account')}")
@staff("leader", "coordinator")
def gate(event_id: int) -> str:
    """Show one field and, for each person found, the tick that fits."""
    return _gate(event_id, {}, {})


@bp.post("/e/<int:event_id>/gate")
@staff("leader", "coordinator")
def gate_tick(event_id: int) -> Response:
    """Check somebody in or out, and back to the empty field for the next one."""

    def work(values: dict[str, Any]) -> str:
        values.pop("number")
        check_in.tick(event_id, **values, by=actor(), at=clock.now())
        name = fetch(Volunteer, values["volunteer_id"]).name
        is_in = values["kind"] == "in"
        told = _("%(name)s 已签到。", name=name) if is_in else _("%(name)s 已签退。", name=name)
        return forms.done(told, url_for("attendance.gate", event_id=event_id))

    return forms.submit(TickForm, work, partial(_gate, event_id))


@bp.get("/e/<int:event_id>/newcomer")
@staff("leader", "coordinator")
def newcomer(event_id: int) -> str:
    """Show the short form, with the searched text as the name."""
    return _newcomer(event_id, {"name": request.args.get("name", "")[:60]}, {})


@bp.post("/e/<int:event_id>/newcomer")
@staff("leader", "coordinator")
def take_in(event_id: int) -> Response:
    """Enter a newcomer; the next tap is the check-in."""
    # The question about a namesake answers as a search does.
    count_finds(1, account=f"account:{actor().account_id}", event_id=event_id)

    def work(values: dict[str, Any]) -> str:
        values["area_id"] = values["area_id"] or None
        asked = RegisterIn(**values)
        person = attendance_gate.take_in(event_id, asked, by=actor(), at=clock.now())
        flash(_("已登记 %(name)s，编号 %(number)s。", name=person.name, number=person.number), "ok")
        return url_for("attendance.gate", event_id=event_id, q=person.number)

    return forms.submit(NewcomerForm, work, partial(_newcomer, event_id), by=actor())


def _gate(event_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    q = request.args.get("q", "")[:400]
    event = planning.led(event_id, by=actor())
    return render_template(
        "attendance/gate.html",
        event=event,
        q=q,
        found=attendance_gate.found(q, event_id, by=actor(), at=clock.now()),
        me=actor().volunteer_id,
        shift_words=walk_ins.words,
        words=refusal,
        typed_name=person_search.read(q).name,
        values=values,
        errors=errors,
    )


def _newcomer(event_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    event = planning.led(event_id, by=actor())
    return render_template(
        "attendance/newcomer.html",
        event=event,
        homes=areas.homes(areas.street_id(event.team.area.path)),
        values=values,
        errors=errors,
    )
