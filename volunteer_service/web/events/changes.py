"""Changing an event that people signed up for: a form, whom it affects, and then the change.

Without a script it takes two steps: the first answer shows whom the change affects and how, the
second request returns what was seen and does it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import Schema
from werkzeug.wrappers import Response

from volunteer_service import clock, settings
from volunteer_service.attendance.check_ins import walk_ins
from volunteer_service.db import fetch
from volunteer_service.events import (
    change_undoing,
    event_lists,
    event_teams,
    planning,
    rescheduling,
    serving_posts,
    settled_places,
    sharing,
)
from volunteer_service.events.models import Event, Post, Shift
from volunteer_service.events.rescheduling import Changed
from volunteer_service.people.authorization.rights import Right
from volunteer_service.web.events import break_times
from volunteer_service.web.events.forms import (
    HandOverForm,
    PartnerForm,
    PutOffForm,
    RemoveShiftForm,
    ServesForm,
    ShiftEditForm,
    UndoForm,
    local,
)
from volunteer_service.web.events.views import bp, managed
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff

Act = Callable[..., Changed]
Again = Callable[[dict[str, Any], dict[str, Any]], str]


@bp.get("/shifts/<int:shift_id>/edit")
@staff("leader", "coordinator")
def shift(shift_id: int) -> str:
    """Show the form with what the shift is."""
    return _shift(shift_id, {}, {})


@bp.post("/shifts/<int:shift_id>/edit")
@staff("leader", "coordinator")
def edit_shift(shift_id: int) -> Response:
    """Move, shorten or resize a shift."""

    def act(values: dict[str, Any]) -> Changed:
        return rescheduling.edit_shift(shift_id, **values, by=actor(), at=clock.now())

    return _in_two_steps(ShiftEditForm, act, lambda *sent: _shift(shift_id, *sent))


@bp.get("/shifts/<int:shift_id>/remove")
@staff("leader", "coordinator")
def shift_to_remove(shift_id: int) -> str:
    """Show the form with why the shift is taken out."""
    return _shift(shift_id, {}, {}, kind="remove")


@bp.post("/shifts/<int:shift_id>/remove")
@staff("leader", "coordinator")
def remove_shift(shift_id: int) -> Response:
    """Remove a shift."""

    def act(values: dict[str, Any]) -> Changed:
        return rescheduling.remove_shift(shift_id, **values, by=actor(), at=clock.now())

    again = partial(_shift, shift_id, kind="remove")
    return _in_two_steps(RemoveShiftForm, act, again)


@bp.get("/posts/<int:post_id>/serves")
@staff("leader", "coordinator")
def serving(post_id: int) -> str:
    """Show the form with whether the post serves."""
    return _serving(post_id, {}, {})


@bp.post("/posts/<int:post_id>/serves")
@staff("leader", "coordinator")
def change_serves(post_id: int) -> Response:
    """Set whether it serves."""

    def act(values: dict[str, Any]) -> Changed:
        return serving_posts.change_serves(post_id, **values, by=actor(), at=clock.now())

    return _in_two_steps(ServesForm, act, lambda *sent: _serving(post_id, *sent))


@bp.get("/e/<int:event_id>/put-off")
@staff("leader", "coordinator")
def other_day(event_id: int) -> str:
    """Show the form with when the event begins."""
    return _other_day(event_id, {}, {})


@bp.post("/e/<int:event_id>/put-off")
@staff("leader", "coordinator")
def put_off(event_id: int) -> Response:
    """Move the whole event."""

    def act(values: dict[str, Any]) -> Changed:
        return rescheduling.put_off(event_id, **values, by=actor(), at=clock.now())

    return _in_two_steps(PutOffForm, act, lambda *sent: _other_day(event_id, *sent))


@bp.get("/e/<int:event_id>/hand-over")
@staff("leader", "coordinator")
def other_team(event_id: int) -> str:
    """Show the form with the teams for which this person plans events."""
    return _other_team(event_id, {}, {})


@bp.post("/e/<int:event_id>/hand-over")
@staff("leader", "coordinator")
def hand_over(event_id: int) -> Response:
    """Give the event to another team."""

    def act(values: dict[str, Any]) -> Changed:
        return rescheduling.hand_over(event_id, **values, by=actor(), at=clock.now())

    return _in_two_steps(HandOverForm, act, lambda *sent: _other_team(event_id, *sent))


@bp.post("/e/<int:event_id>/partners")
@staff("leader", "coordinator")
def share(event_id: int) -> Response:
    """Let another team run it too."""

    def work(values: dict[str, Any]) -> str:
        sharing.share(event_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已合办，那支队伍的负责人已收到消息。"), _managing(event_id))

    return forms.submit(PartnerForm, work, lambda *sent: managed(event_id, *sent), by=actor())


@bp.post("/e/<int:event_id>/partners/<int:team_id>/leave")
@staff("leader", "coordinator")
def stop_sharing(event_id: int, team_id: int) -> Response:
    """End a team's part in running it."""

    def work() -> str:
        event = sharing.stop_sharing(event_id, team_id=team_id, by=actor(), at=clock.now())
        own = event_teams.may(actor(), Right.EVENT_EDIT, event)
        to = _managing(event_id) if own else url_for("events.show", event_id=event_id)
        return forms.done(_("已不再合办，报名的人不变。"), to)

    return forms.act(work, by=actor())


def _managing(event_id: int) -> str:
    return url_for("events.manage", event_id=event_id)


@bp.post("/e/<int:event_id>/undo-change")
@staff("leader", "coordinator")
def undo_change(event_id: int) -> Response:
    """Take the last change back."""

    def work(values: dict[str, Any]) -> str:
        change_undoing.undo_change(event_id, **values, by=actor(), at=clock.now())
        told = _("改动已撤销，受影响的人都已告知。")
        return forms.done(told, url_for("events.manage", event_id=event_id))

    return forms.submit(UndoForm, work, lambda *sent: managed(event_id, *sent), by=actor())


def _in_two_steps(schema: type[Schema], act: Act, again: Again) -> Response:
    if not request.form.get("seen"):
        return forms.show(schema, lambda values: _previewed(act, values), again)

    def work(values: dict[str, Any]) -> str:
        done = act(values)
        told = _("已改好，受影响的人都已告知。海报上印着时间和地点，有变化请重新打印。")
        return forms.done(told, url_for("events.manage", event_id=done.event_id))

    return forms.submit(schema, work, again, by=actor())


def _previewed(act: Act, values: dict[str, Any]) -> str:
    found = rescheduling.preview(lambda: act(values))
    event = planning.led(found.event_id, by=actor())
    kept = {"csrf_token", "idempotency_key", "seen"}
    return render_template(
        "events/change_preview.html",
        event=event,
        found=found,
        counted=settled_places.counted(found.touched),
        shifts=event_lists.shifts_of([row.sign_up_id for row in found.touched]),
        shift_words=walk_ins.words,
        action=request.path,
        sent={name: value for name, value in request.form.items() if name not in kept},
    )


def _shift(
    shift_id: int, values: dict[str, Any], errors: dict[str, Any], *, kind: str = "shift"
) -> str:
    row, zone = fetch(Shift, shift_id), settings.current().zone
    event = planning.led(row.event_id, by=actor())
    now = {
        "starts_at": local(row.starts_at, zone),
        "ends_at": local(row.ends_at, zone),
        "capacity": row.capacity,
        "breaks": break_times.of_shift(row),
    }
    return _page(kind, event, now | values, errors, shift=row)


def _serving(post_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    post = fetch(Post, post_id)
    event = planning.led(post.event_id, by=actor())
    return _page("serves", event, values, errors, post=post)


def _other_day(event_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    event = planning.led(event_id, by=actor())
    now = {"starts_at": local(event.starts_at, settings.current().zone)}
    return _page("put_off", event, now | values, errors)


def _other_team(event_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    event = planning.led(event_id, by=actor())
    led = event_lists.teams_led(actor())
    teams = [(team.id, team.name) for team in led if team.id != event.team_id]
    return _page("hand_over", event, values, errors, teams=teams)


def _page(
    kind: str, event: Event, values: dict[str, Any], errors: dict[str, Any], **more: Any
) -> str:
    return render_template(
        "events/change.html", kind=kind, event=event, values=values, errors=errors, **more
    )
