"""Events: the list, one event with its places, and the pages where its leader makes it."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock, settings
from volunteer_service.attendance import reopening
from volunteer_service.attendance.check_ins import event_codes, roster_pages, walk_ins
from volunteer_service.attendance.records import record_lists
from volunteer_service.events import (
    cancelling,
    change_undoing,
    event_lists,
    event_photos,
    event_states,
    planning,
    rota,
    sharing,
    sign_ups,
    swaps,
)
from volunteer_service.events.models import Event, SignUp
from volunteer_service.paper import pdf, png
from volunteer_service.paper.poster import Poster, poster_sheet
from volunteer_service.paper.qr import qr_png, qr_svg
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.web.events import break_times
from volunteer_service.web.events.forms import (
    CancelForm,
    EventForm,
    ShiftForm,
    as_typed,
    wanted,
)
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import (
    actor,
    maybe_actor,
    public,
    signed_in,
    staff,
)
from volunteer_service.web.shared.words import local_day

bp = Blueprint("events", __name__)

PAGE = 30


@bp.get("/events")
@public
def index() -> str:
    """Show events by day, from today on; without sign-in the published ones, and nobody's name."""
    by, filter_ = maybe_actor(), wanted(request.args.to_dict(), clock.now())
    sort, cursor = "-starts_at" if filter_.ended_by else None, request.args.get("cursor")
    page = event_lists.listing(by, filter_, sort=sort, cursor=cursor, limit=PAGE)
    more: dict[str, Any] = {**request.args.to_dict(), "cursor": page.next}
    return render_template(
        "events/index.html",
        days=_by_day(page.items),
        wanted=filter_,
        **choices(by, filter_),
        next_url=url_for("events.index", **more) if page.next else None,
        may_make=bool(by and event_lists.teams_led(by)),
    )


@bp.get("/events/new")
@staff("leader", "coordinator")
def new() -> str:
    """Show an empty form."""
    return _form({}, {})


@bp.post("/events/new")
@staff("leader", "coordinator")
def create() -> Response:
    """Make a draft."""

    def work(values: dict[str, Any]) -> str:
        team_id, _version = values.pop("team_id"), values.pop("version")
        row = planning.create(
            planning.EventPlan(**values), team_id=team_id, by=actor(), at=clock.now()
        )
        return url_for("events.manage", event_id=row.id)

    return forms.submit(EventForm, work, _form, by=actor())


@bp.get("/e/<int:event_id>")
@public
def show(event_id: int) -> str:
    """Show one event: what, where, when, and its free places."""
    by, now = maybe_actor(), clock.now()
    found, me = event_lists.board(event_id, by), by.volunteer_id if by else None
    return render_template(
        "events/show.html",
        board=found,
        me=me,
        photos=len(event_photos.of_event(found.event)) if by else 0,
        asked=swaps.mine(event_id, by=by, at=now),
        on_rota=found.may_edit or (me is not None and rota.is_on(found.event, me)),
        event=found.event,
        changes=event_states.changes_of(event_id),
        now=now,
        may_withdraw=sign_ups.may_withdraw,
        break_words=break_times.of_shift,
    )


@bp.post("/shifts/<int:shift_id>/sign-up")
@signed_in
def sign_up(shift_id: int) -> Response:
    """Take a place for oneself."""

    def work() -> str:
        row = sign_ups.sign_up(shift_id, by=actor(), at=clock.now())
        return told_place(row)

    return forms.act(work, by=actor())


@bp.post("/sign-ups/<int:sign_up_id>/withdraw")
@signed_in
def withdraw(sign_up_id: int) -> Response:
    """Give a place back."""

    def work() -> str:
        row = sign_ups.withdraw(sign_up_id, by=actor(), at=clock.now())
        is_own = row.volunteer_id == actor().volunteer_id
        back = "events.show" if is_own else "events.manage"
        return forms.done(_("已取消报名。"), url_for(back, event_id=row.event_id))

    return forms.act(work, by=actor())


@bp.get("/e/<int:event_id>/manage")
@staff("leader", "coordinator")
def manage(event_id: int) -> str:
    """Show the leader's page: shifts, publish, poster, roster with ticks, close, confirm."""
    return managed(event_id, {}, {})


@bp.get("/e/<int:event_id>/edit")
@staff("leader", "coordinator")
def edit(event_id: int) -> str:
    """Show the form with what the event is."""
    event = planning.led(event_id, by=actor())
    return _form(as_typed(event, settings.current().zone), {}, event)


@bp.post("/e/<int:event_id>/edit")
@staff("leader", "coordinator")
def save(event_id: int) -> Response:
    """Change the event."""
    event = planning.led(event_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        _team, version = values.pop("team_id"), values.pop("version")
        plan = planning.EventPlan(**values, project_id=event.project_id)
        planning.edit(event_id, plan, version=version, by=actor(), at=clock.now())
        return forms.done(_("已保存。"), url_for("events.manage", event_id=event_id))

    return forms.submit(
        EventForm,
        work,
        lambda raw, bad: _form(raw, bad, event),
        by=actor(),
        stands=lambda: as_typed(event, settings.current().zone),
    )


@bp.post("/e/<int:event_id>/shifts")
@staff("leader", "coordinator")
def add_shift(event_id: int) -> Response:
    """Add a shift, and its post where there is none of that name."""

    def work(values: dict[str, Any]) -> str:
        planning.add_shift_at(event_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已添加班次。"), url_for("events.manage", event_id=event_id))

    return forms.submit(ShiftForm, work, lambda raw, bad: managed(event_id, raw, bad), by=actor())


@bp.post("/e/<int:event_id>/publish")
@staff("leader", "coordinator")
def publish(event_id: int) -> Response:
    """Show the draft to everybody."""

    def work() -> str:
        planning.publish(event_id, by=actor(), at=clock.now())
        told = _("已发布，大家可以报名了。")
        return forms.done(told, url_for("events.manage", event_id=event_id))

    return forms.act(work, by=actor())


@bp.post("/e/<int:event_id>/cancel")
@staff("leader", "coordinator")
def cancel(event_id: int) -> Response:
    """Cancel the event."""

    def work(values: dict[str, Any]) -> str:
        cancelling.cancel(event_id, **values, by=actor(), at=clock.now())
        return forms.done(_("活动已取消。"), url_for("events.show", event_id=event_id))

    return forms.submit(CancelForm, work, lambda raw, bad: managed(event_id, raw, bad), by=actor())


@bp.post("/e/<int:event_id>/bring-back")
@staff("leader", "coordinator")
def bring_back(event_id: int) -> Response:
    """Take the cancellation back."""

    def work() -> str:
        cancelling.bring_back(event_id, by=actor(), at=clock.now())
        told = _("活动已恢复，报过名的人都已告知。")
        return forms.done(told, url_for("events.manage", event_id=event_id))

    return forms.act(work, by=actor())


@bp.get("/e/<int:event_id>/qr.<kind>")
@staff("leader", "coordinator")
def qr(event_id: int, kind: str) -> Response:
    """Show the poster's QR alone, for a screen or a banner."""
    url = event_codes.poster_url(planning.led(event_id, by=actor()))
    if kind == "svg":
        return Response(qr_svg(url), mimetype="image/svg+xml")
    return Response(qr_png(url), mimetype="image/png") if kind == "png" else abort(404)


@bp.get("/e/<int:event_id>/poster.<kind>")
@staff("leader", "coordinator")
def poster(event_id: int, kind: str) -> Response:
    """Show the printable poster with name, place and time."""
    event = planning.led(event_id, by=actor())
    sheet = poster_sheet(_poster(event))
    if kind == "pdf":
        made = pdf.paint([sheet], title=event.title, made_at=clock.now())
        return Response(made, mimetype="application/pdf")
    return Response(png.paint(sheet), mimetype="image/png") if kind == "png" else abort(404)


def told_place(row: SignUp) -> str:
    """Tell somebody who signed up about their place; return the address of the event.

    For a confirmed place: where to be and with what. A place on the waiting list looks different.
    """
    here = url_for("events.show", event_id=row.event_id)
    if row.state != "confirmed":
        n = row.waiting_position
        return forms.done(_("已排候补，您在第 %(n)s 位。有空位会按顺序通知您。", n=n), here, "warn")
    event, words = row.shift.event, [_("已报名，到时请准时到场。")]
    if event.meeting_point:
        words.append(_("集合点：%(where)s", where=event.meeting_point) + _("。"))
    if event.bring:
        words.append(_("请带：%(what)s", what=event.bring) + _("。"))
    return forms.done(" ".join(words), here)


def _by_day(found: Sequence[Event]) -> list[tuple[date, list[Event]]]:
    zone = settings.current().zone
    days = groupby(found, lambda row: local_day(row.starts_at, zone))
    return [(day, list(rows)) for day, rows in days]


def choices(by: Actor | None, filter_: event_lists.EventFilter) -> dict[str, Any]:
    """Return teams with events on these days, and where those teams are."""
    teams = event_lists.teams_listed(by, filter_)
    areas = {team.area_id: team.area.name for team in teams}
    return {
        "teams": [(team.id, team.name) for team in teams],
        "areas": sorted(areas.items(), key=lambda named: named[1]),
    }


def _poster(event: Event) -> Poster:
    return Poster(
        event=event.title,
        team=event.team.name,
        place=event.place,
        meeting_point=event.meeting_point,
        begins_at=event.starts_at,
        ends_at=event.ends_at,
        url=event_codes.poster_url(event),
        short_code=event_codes.short_code(event),
        typed_at=event_codes.typed_at(),
        zone=settings.current().zone,
    )


def _form(values: dict[str, Any], errors: dict[str, Any], event: Event | None = None) -> str:
    teams = [] if event else [(team.id, team.name) for team in event_lists.teams_led(actor())]
    return render_template(
        "events/form.html", values=values, errors=errors, event=event, teams=teams
    )


def managed(event_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    """Return the leader's page, with what a form of it sent."""
    zone, event = settings.current().zone, planning.led(event_id, by=actor())
    filter_ = record_lists.RecordFilter(event_id=event_id)
    return render_template(
        "events/manage.html",
        **roster_of(event),
        break_words=break_times.of_shift,
        may_reopen=reopening.may_reopen,
        records=record_lists.listing(actor(), filter_, limit=roster_pages.LINES),
        short_code=event_codes.short_code(event),
        values=as_typed(event, zone) | values,
        errors=errors,
        changes=event_states.changes_of(event_id),
        may_share=sharing.possible(event, by=actor()),
        undoable=change_undoing.last_change(event, at=clock.now()),
    )


def roster_of(event: Event) -> dict[str, Any]:
    """Return what the roster shows: a page of one shift or of all, of people who came or did
    not.
    """
    board = event_lists.board(event.id, actor())
    here = roster_place()
    return {
        "event": event,
        "board": board,
        "with_room": {place.shift.id for place in board.shifts if place.free},
        "roster": roster_pages.roster_page(
            event.id, **here | {"part": here["part"] or "all"}, by=actor(), at=clock.now()
        ),
        "roster_at": here,
        "lines": roster_pages.LINES,
        "shift_words": walk_ins.words,
        "takes_in": walk_ins.takes_in,
        "may_withdraw": sign_ups.may_withdraw,
        "me": actor().volunteer_id,
        "now": clock.now(),
    }


def roster_place() -> dict[str, Any]:
    """Return the page of a roster that the address names: shift, part, cursor."""
    asked = request.args
    return {
        "shift_id": asked.get("shift_id", type=int),
        "part": asked.get("part"),
        "cursor": asked.get("cursor"),
    }
