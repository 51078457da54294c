"""The rota of a week, and the pages on which its places are exchanged."""

from datetime import timedelta
from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from werkzeug.wrappers import Response

from volunteer_service import clock, settings
from volunteer_service.events import change_messages, rota, swaps
from volunteer_service.events.models import SignUp
from volunteer_service.fields import LARGEST, Day
from volunteer_service.paper import pdf
from volunteer_service.paper.rota_sheet import RotaPaper, rota_sheets
from volunteer_service.web.events.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.frame import lang
from volunteer_service.web.shared.guard import actor, signed_in, staff
from volunteer_service.web.shared.words import day, mask_name


class RotaQuery(Schema):
    """The week of an address; an unreadable one is ignored."""

    day = Day()


class SwapForm(Schema):
    """Whose place is wanted; 0 looks for a stand-in."""

    wanted_id = fields.Integer(required=True, validate=validate.Range(0, LARGEST))


@bp.get("/e/<int:event_id>/rota")
@signed_in
def week(event_id: int) -> str:
    """Show who serves where in a week, and how often."""
    found = rota.week(event_id, _day(), by=actor())
    return render_template(
        "events/rota.html",
        event=found.event,
        rota=found,
        before=found.days[0] - timedelta(days=7),
        after=found.days[0] + timedelta(days=7),
        today=settings.local_day(clock.now()),
        now=clock.now(),
        hours=change_messages.hours,
    )


@bp.get("/e/<int:event_id>/rota.pdf")
@staff("leader", "coordinator")
def week_pdf(event_id: int) -> FlaskResponse:
    """Show the same on paper, for the wall."""
    found = rota.week(event_id, _day(), by=actor())
    made = pdf.paint(rota_sheets(_paper(found)), title=found.event.title, made_at=clock.now())
    return FlaskResponse(made, mimetype="application/pdf")


@bp.get("/sign-ups/<int:sign_up_id>/swap")
@signed_in
def swap_form(sign_up_id: int) -> str:
    """Show the places that one's own may be exchanged for."""
    return _form(sign_up_id, {}, {})


@bp.post("/sign-ups/<int:sign_up_id>/swap")
@signed_in
def ask_swap(sign_up_id: int) -> Response:
    """Ask the holder of a place, or for a stand-in; a leader exchanges two others at once."""

    def work(values: dict[str, Any]) -> str:
        row, _places = swaps.exchangeable(sign_up_id, by=actor(), at=clock.now())
        wanted_id = values["wanted_id"]
        if row.volunteer_id != actor().volunteer_id:
            swaps.arrange_swap(sign_up_id, wanted_id=wanted_id, by=actor(), at=clock.now())
            told = _("换好了，已告诉他们两位。")
            return forms.done(told, url_for("events.week", event_id=row.event_id))
        swaps.ask_swap(sign_up_id, wanted_id=wanted_id or None, by=actor(), at=clock.now())
        told = _("已经去问了。没有人答应前，班次还是您的。")
        return forms.done(told, url_for("events.show", event_id=row.event_id))

    return forms.submit(SwapForm, work, lambda *sent: _form(sign_up_id, *sent), by=actor())


@bp.post("/swaps/<int:swap_id>/agree")
@signed_in
def agree_to_swap(swap_id: int) -> Response:
    """Exchange the places, or stand in."""

    def work() -> str:
        swap = swaps.agree_to_swap(swap_id, by=actor(), at=clock.now())
        told = _("办好了，到时请准时到场。")
        return forms.done(told, url_for("events.show", event_id=swap.sign_up.event_id))

    return forms.act(work, by=actor())


@bp.post("/swaps/<int:swap_id>/decline")
@signed_in
def decline_swap(swap_id: int) -> Response:
    """Keep one's own place."""

    def work() -> str:
        swap = swaps.decline_swap(swap_id, by=actor(), at=clock.now())
        place = swap.wanted or swap.sign_up
        told = _("没有换，您的班次不变。")
        return forms.done(told, url_for("events.show", event_id=place.event_id))

    return forms.act(work, by=actor())


@bp.post("/swaps/<int:swap_id>/take-back")
@signed_in
def take_swap_back(swap_id: int) -> Response:
    """Take one's own request back."""

    def work() -> str:
        swap = swaps.take_swap_back(swap_id, by=actor(), at=clock.now())
        told = _("已撤回，班次还是您的。")
        return forms.done(told, url_for("events.show", event_id=swap.sign_up.event_id))

    return forms.act(work, by=actor())


def _form(sign_up_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    row, places = swaps.exchangeable(sign_up_id, by=actor(), at=clock.now())
    is_own = row.volunteer_id == actor().volunteer_id
    return render_template(
        "events/swap.html",
        row=row,
        on=settings.local_day(row.shift.starts_at),
        is_own=is_own,
        choices=[(place.id, *_worded(place, is_own=is_own)) for place in places],
        hours=change_messages.hours,
        values=values,
        errors=errors,
    )


def _worded(place: SignUp, *, is_own: bool) -> tuple[str, str]:
    """Return who and when of a place, and its post; to other volunteers the name is masked."""
    name, shift = place.volunteer.name, place.shift
    on = settings.local_day(shift.starts_at)
    when = f"{day(on, lang(), on.year)} {change_messages.hours(shift)}"
    return f"{when} · {mask_name(name) if is_own else name}", shift.post.name


def _paper(found: rota.Rota) -> RotaPaper:
    """Return the people with a turn in the week, and at the end the places that nobody holds."""
    hours = change_messages.hours
    lines = [
        (
            row.name,
            [
                [
                    word
                    for turn in row.by_day.get(each, ())
                    for word in (hours(turn.shift), turn.shift.post.name)
                ]
                for each in found.days
            ],
            str(row.turns),
        )
        for row in found.people
        if row.by_day
    ]
    lacking = [
        [
            word
            for shift, free in found.lacking.get(each, ())
            for word in (hours(shift), f"{shift.post.name} × {free}")
        ]
        for each in found.days
    ]
    if any(lacking):
        lines.append((_("还缺人"), lacking, ""))
    return RotaPaper(found.event.title, found.days, lines)


def _day() -> Any:
    try:
        return RotaQuery(unknown=EXCLUDE).load(request.args.to_dict()).get("day")
    except ValidationError:
        return None
