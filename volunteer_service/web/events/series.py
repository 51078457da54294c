"""Holding an event again: a copy on another day, a series, and changes of a whole series."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from volunteer_service import clock, settings
from volunteer_service.errors import Refused
from volunteer_service.events import (
    copying,
    planning,
    rescheduling,
    series,
    series_changes,
    series_undoing,
)
from volunteer_service.events.series_changes import ChangedSeries
from volunteer_service.web.events.forms import (
    WEEK,
    CancelSeriesForm,
    CarryOverForm,
    CopyForm,
    RepeatForm,
    local,
)
from volunteer_service.web.events.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import refusal as words


@bp.get("/e/<int:event_id>/copy")
@staff("leader", "coordinator")
def another_day(event_id: int) -> str:
    """Show the form with a week later, at the same time."""
    return _copy(event_id, {}, {})


@bp.post("/e/<int:event_id>/copy")
@staff("leader", "coordinator")
def copy(event_id: int) -> Response:
    """Make a draft like this event."""

    def work(values: dict[str, Any]) -> str:
        row = copying.copy(event_id, **values, by=actor(), at=clock.now())
        told = _("已复制成草稿。看一遍，改好后发布。")
        return forms.done(told, url_for("events.manage", event_id=row.id))

    return forms.submit(CopyForm, work, lambda *sent: _copy(event_id, *sent), by=actor())


@bp.get("/e/<int:event_id>/series")
@staff("leader", "coordinator")
def all_times(event_id: int) -> str:
    """Show the events of the series; of an event that stands alone the form that repeats it."""
    return _series(event_id, {}, {})


@bp.post("/e/<int:event_id>/series")
@staff("leader", "coordinator")
def repeat(event_id: int) -> Response:
    """Show the days of the rule, and then make their events."""
    again = lambda *sent: _series(event_id, *sent)  # noqa: E731
    if not request.form.get("seen"):
        return forms.show(RepeatForm, lambda values: _foreseen(event_id, values), again)

    def work(values: dict[str, Any]) -> str:
        wanted = series.Repeat(**values)
        days = series.foresee(event_id, wanted, by=actor(), at=clock.now())
        series.repeat(event_id, wanted, by=actor(), at=clock.now())
        made = sum(not day.left_out for day in days)
        told = ngettext("已建好另外 %(num)s 次活动。", "已建好另外 %(num)s 次活动。", made)
        return forms.done(told, url_for("events.all_times", event_id=event_id))

    return forms.submit(RepeatForm, work, again, by=actor())


@bp.post("/e/<int:event_id>/series/carry-over")
@staff("leader", "coordinator")
def carry_over(event_id: int) -> Response:
    """Show whom it affects, and then copy this event to the others."""
    again = lambda *sent: _series(event_id, *sent)  # noqa: E731

    def carried(values: dict[str, Any]) -> ChangedSeries:
        return series_changes.carry_over(event_id, **values, by=actor(), at=clock.now())

    def work(values: dict[str, Any]) -> str:
        return _told(carried(values), event_id, _("已改 %(done)s 次，本来就一样的 %(same)s 次。"))

    if not request.form.get("seen"):
        shown = lambda values: _touched(event_id, rescheduling.preview(partial(carried, values)))  # noqa: E731
        return forms.show(CarryOverForm, shown, again)
    return forms.submit(CarryOverForm, work, again, by=actor())


@bp.post("/e/<int:event_id>/series/carry-over/undo")
@staff("leader", "coordinator")
def undo_carry_over(event_id: int) -> Response:
    """Take the last carrying over back, as a whole."""

    def work() -> str:
        done = series_undoing.undo_carry_over(event_id, by=actor(), at=clock.now())
        return _told(done, event_id, _("已撤销 %(done)s 次的改动，受影响的人都已告知。"))

    return forms.act(work, by=actor())


@bp.post("/e/<int:event_id>/series/cancel")
@staff("leader", "coordinator")
def cancel_series(event_id: int) -> Response:
    """Cancel this event and others of its series."""

    def work(values: dict[str, Any]) -> str:
        done = series_changes.cancel_series(event_id, **values, by=actor(), at=clock.now())
        return _told(done, event_id, _("已取消 %(done)s 次，报过名的人都已告知。"))

    return _submitted(CancelSeriesForm, event_id, work)


def _submitted(schema: Any, event_id: int, work: Callable[[dict[str, Any]], str]) -> Response:
    return forms.submit(schema, work, lambda *sent: _series(event_id, *sent), by=actor())


def _told(done: ChangedSeries, event_id: int, told: str) -> str:
    sentence = told % {"done": len(done.done), "same": len(done.same)}
    if done.left:
        sentence += _("没有改的：%(which)s", which=_left(done))
    kind = "warn" if done.left else "ok"
    return forms.done(sentence, url_for("events.all_times", event_id=event_id), kind)


def _left(done: ChangedSeries) -> str:
    """Return up to five events that stay as they are, each with its reason."""
    zone = settings.current().zone
    named = [
        f"{row.event.starts_at.astimezone(zone):%Y-%m-%d} {words(_to_staff(row.refusal))}"
        for row in done.left[:5]
    ]
    more = len(done.left) - len(named)
    return " ".join([*named, *([_("还有 %(n)s 次。", n=more)] if more else [])])


def _to_staff(refusal: Refused) -> Refused:
    refusal.is_to_person = False
    return refusal


def _copy(event_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    event = planning.led(event_id, by=actor())
    zone = settings.current().zone
    next_time = copying.week_later(event.starts_at, at=clock.now())
    return render_template(
        "events/copy.html",
        event=event,
        values={"starts_at": local(next_time, zone)} | values,
        errors=errors,
    )


def _series(event_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    event, now = planning.led(event_id, by=actor()), clock.now()
    clock_day, day = event.starts_at.astimezone(settings.current().zone), series.day_of(event_id)
    return render_template(
        "events/series.html",
        event=event,
        held=series.held(event, by=actor()),
        day=day,
        undoable=day and series_undoing.last_carried(event, day.series_id, at=now),
        now=now,
        week=WEEK,
        values={"freq": "WEEKLY", "interval": 1, "days": "every", WEEK[clock_day.weekday()][0]: "1"}
        | values,
        errors=errors,
    )


def _touched(event_id: int, found: ChangedSeries) -> str:
    """Return each event that would change, with how many people it affects and how."""
    return render_template(
        "events/series_change_preview.html",
        event=planning.led(event_id, by=actor()),
        found=found,
        why={row.event.id: words(_to_staff(row.refusal)) for row in found.left},
        action=request.path,
        sent=_sent(),
    )


def _sent() -> dict[str, str]:
    """Return what the form sent, to be sent again once it was seen."""
    kept = {"csrf_token", "idempotency_key", "seen"}
    return {name: value for name, value in request.form.items() if name not in kept}


def _foreseen(event_id: int, values: dict[str, Any]) -> str:
    days = series.foresee(event_id, series.Repeat(**values), by=actor(), at=clock.now())
    return render_template(
        "events/series_preview.html",
        event=planning.led(event_id, by=actor()),
        days=days,
        made=[day for day in days if not day.left_out],
        left_out=[day for day in days if day.left_out],
        action=request.path,
        sent=_sent(),
    )
