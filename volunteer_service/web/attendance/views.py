"""The phone at the poster (one address, one big button), and the leader's ticks and close."""

from functools import partial
from typing import Any

from flask import (
    Blueprint,
    current_app,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.attendance import closing, reopening
from volunteer_service.attendance.check_ins import (
    bulk_ticks,
    check_in,
    check_in_undo,
    check_out_undo,
    event_codes,
    walk_ins,
)
from volunteer_service.attendance.check_ins.refusals import SpokenUnknown
from volunteer_service.attendance.check_ins.spoken_codes import is_spoken
from volunteer_service.attendance.refusals import CodeLapsed
from volunteer_service.errors import NotFound
from volunteer_service.events import event_lists, no_shows, planning, sign_ups
from volunteer_service.rate_limits import looks, spoken_codes, typed_codes
from volunteer_service.web.attendance.forms import (
    MoveForm,
    NoShowForm,
    ReopenForm,
    ScanForm,
    TickForm,
    TicksForm,
)
from volunteer_service.web.events.views import managed, roster_of, roster_place
from volunteer_service.web.shared import forms, picked_names, row_ids, scanned_codes
from volunteer_service.web.shared.errors import to_sign_in
from volunteer_service.web.shared.guard import (
    actor,
    maybe_actor,
    public,
    signed_in,
    signed_in_light,
    staff,
)
from volunteer_service.wording import refusal as words

bp = Blueprint("attendance", __name__)


@bp.get("/c")
@public
@typed_codes
def typed() -> ResponseReturnValue:
    """Show the field for the short code below the QR code, and where to find that code."""
    code = request.args.get("code", "").strip()[:20]
    if not code:
        return render_template("attendance/typed.html")
    digits = code.replace(" ", "")
    return _spoken(digits) if is_spoken(digits) else _short(code)


def _short(code: str) -> ResponseReturnValue:
    try:
        event = event_lists.by_code(code)
    except NotFound:
        return render_template("attendance/typed.html", code=code), 404
    return redirect(url_for("attendance.look", token=event_codes.token(event)), 303)


def _spoken(digits: str) -> ResponseReturnValue:
    """Exchange the digits that the leader said for a grant, for somebody who is signed in."""
    by = maybe_actor()
    if by is None:
        return to_sign_in(url_for("attendance.typed"))
    if by.volunteer_id is None:
        return render_template("attendance/staff.html", token="")
    return _heard(digits, by.volunteer_id)


@spoken_codes(lambda: f"account:{actor().account_id}")
def _heard(digits: str, volunteer_id: int) -> ResponseReturnValue:
    try:
        here = scanned_codes.hear(digits, volunteer_id, clock.now())
    except SpokenUnknown as unknown:
        return render_template("attendance/typed.html", code=digits, told=words(unknown)), 404
    return redirect(url_for("attendance.look", token=here), 303)


@bp.get("/c/offline")
@public
def offline() -> str:
    """Show the page for a check-in without network: the same for everybody, without personal
    data.
    """
    return render_template("attendance/offline.html", is_shell=True, account=None, nav=None)


@bp.get("/c/worker.js")
@bp.get("/e/worker.js")
@public
def worker() -> Response:
    """Return the service worker of the check-in pages and of an event's pages; its address is its
    scope.
    """
    return send_from_directory(f"{current_app.static_folder}/js", "worker.js")


@bp.get("/c/<token>")
@public
@looks
def look(token: str) -> ResponseReturnValue:
    """Show what fits: sign in, check in, check out, or why none does; change nothing.

    The code of a screen is exchanged first, because signing in and joining take time.
    """
    if here := scanned_codes.exchange(token, clock.now()):
        return redirect(url_for("attendance.look", token=here), 303)
    event = check_in.scanned_event(scanned_codes.presented(token), at=clock.now())
    by = maybe_actor()
    if by is None:
        scanned_codes.arrive(event, clock.now())
        return render_template("attendance/welcome.html", token=token, event=event)
    if by.volunteer_id is None:
        return render_template("attendance/staff.html", token=token)
    return _look(token, by.volunteer_id, by.name)


@bp.post("/c/<token>")
@signed_in_light
def scan(token: str) -> Response:
    """Check in or out; the next page confirms it and says how to leave."""
    values, errors = forms.read(ScanForm)
    if not errors:
        code = scanned_codes.presented(token)
        check_in.scan(code, **values, by=actor(), at=clock.now())
        scanned_codes.spend(token, clock.now())
    # The confirming page has this very address.
    return redirect(request.path, 303)


@bp.post("/c/<token>/stay")
@signed_in
def stay(token: str) -> Response:
    """Take one's own check-out back («I am still here»)."""

    def work() -> str:
        event = check_in.scanned_event(scanned_codes.presented(token), at=clock.now())
        check_out_undo.stay(event.id, by=actor(), at=clock.now())
        return forms.done(_("签退已取消，您还在服务中。"), url_for("attendance.look", token=token))

    return forms.act(work, by=actor())


@bp.get("/e/<int:event_id>/roster")
@staff("leader", "coordinator")
def roster_now(event_id: int) -> ResponseReturnValue:
    """Show the page of the roster that is looked at, for the script; 204 while it is as
    ``seen``.
    """
    shown = roster_of(planning.led(event_id, by=actor()))
    if shown["roster"].version == request.args.get("seen"):
        return "", 204
    return render_template("events/_roster.html", **shown, errors={})


@bp.post("/e/<int:event_id>/ticks")
@staff("leader", "coordinator")
def tick(event_id: int) -> Response:
    """Check somebody in or out by hand: a line of the roster, or the number on a card."""

    def work(values: dict[str, Any]) -> str:
        number, volunteer_id = values.pop("number"), values.pop("volunteer_id")
        card = picked_names.numbered(number, event_id=event_id) if number else None
        who: dict[str, Any] = {"volunteer_id": card or volunteer_id, "numbered": card}
        check_in.tick(event_id, **who, **values, by=actor(), at=clock.now())
        return _roster(event_id)

    return forms.submit(TickForm, work, partial(managed, event_id))


@bp.post("/e/<int:event_id>/ticks/lines")
@staff("leader", "coordinator")
def tick_lines(event_id: int) -> ResponseReturnValue:
    """Tick several lines in one tap; refused lines show their reason."""
    values, errors = forms.read(TicksForm)
    lines = row_ids.read_all(request.form.getlist("line"))
    if errors or not lines:
        return managed(event_id, {}, errors or {"": [_("请先勾选名单里的人。")]}), 422
    refused = bulk_ticks.tick_lines(
        event_id, sign_up_ids=lines, **values, by=actor(), at=clock.now()
    )
    if refused:
        said = {f"line-{who}": [words(refusal)] for who, refusal in refused.items()}
        return managed(event_id, {}, said), 422
    return redirect(forms.done(_("已登记勾选的人。"), _roster(event_id)), 303)


@bp.post("/e/<int:event_id>/ticks/<int:volunteer_id>/move")
@staff("leader", "coordinator")
def move(event_id: int, volunteer_id: int) -> Response:
    """Move somebody who came without signing up to another shift."""

    def work(values: dict[str, Any]) -> str:
        walk_ins.move(event_id, volunteer_id=volunteer_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已改班次，签到时间不变。"), _roster(event_id))

    return forms.submit(MoveForm, work, partial(managed, event_id), by=actor())


@bp.post("/e/<int:event_id>/ticks/<int:volunteer_id>/take-back")
@staff("leader", "coordinator")
def take_back(event_id: int, volunteer_id: int) -> Response:
    """Take somebody's check-out back while the event is open."""

    def work() -> str:
        check_out_undo.take_back_check_out(
            event_id, volunteer_id=volunteer_id, by=actor(), at=clock.now()
        )
        return forms.done(
            _("签退已取消，此人还在场。"),
            _roster(event_id),
        )

    return forms.act(work, by=actor())


@bp.post("/e/<int:event_id>/ticks/<int:volunteer_id>/undo")
@staff("leader", "coordinator")
def take_back_check_in(event_id: int, volunteer_id: int) -> Response:
    """Take back a check-in by mistake, and scan on."""

    def work() -> str:
        check_in_undo.take_back_check_in(
            event_id, volunteer_id=volunteer_id, by=actor(), at=clock.now()
        )
        return forms.done(_("签到已撤销。"), url_for("attendance.scan_cards", event_id=event_id))

    return forms.act(work, by=actor())


@bp.post("/e/<int:event_id>/close")
@staff("leader", "coordinator")
def close(event_id: int) -> Response:
    """End the check-in and make the records."""

    def work() -> str:
        told = _told(closing.close(event_id, by=actor(), at=clock.now()))
        return forms.done(told, url_for("events.manage", event_id=event_id, _anchor="records"))

    return forms.act(work, by=actor())


@bp.post("/e/<int:event_id>/reopen")
@staff("leader", "coordinator")
def reopen(event_id: int) -> Response:
    """Accept check-ins again for shifts that were closed today."""

    def work(values: dict[str, Any]) -> str:
        done = reopening.reopen(
            event_id, reason=values["reopen_reason"], by=actor(), at=clock.now()
        )
        told = _(
            "已重开 %(shifts)s 个班次，可以继续签到、签退；再结束登记时重新生成记录。",
            shifts=done.shifts,
        )
        return forms.done(told, _roster(event_id))

    return forms.submit(ReopenForm, work, partial(managed, event_id), by=actor())


@bp.post("/e/<int:event_id>/sign-ups/<int:sign_up_id>/give-away")
@staff("leader", "coordinator")
def give_away(event_id: int, sign_up_id: int) -> Response:
    """Free the place of somebody who has not come."""

    def work() -> str:
        sign_ups.give_away(sign_up_id, by=actor(), at=clock.now())
        return forms.done(_("名额已让出，现场的人可以签到。已告诉本人。"), _roster(event_id))

    return forms.act(work, by=actor())


@bp.post("/e/<int:event_id>/sign-ups/<int:sign_up_id>/take-back-no-show")
@staff("leader", "coordinator")
def take_back_no_show(event_id: int, sign_up_id: int) -> Response:
    """State that somebody is no no-show."""

    def work(values: dict[str, Any]) -> str:
        why = values["no_show_reason"]
        no_shows.take_back_no_show(sign_up_id, reason=why, by=actor(), at=clock.now())
        return forms.done(_("不再记为未到，已告诉本人。"), _roster(event_id))

    return forms.submit(NoShowForm, work, partial(managed, event_id), by=actor())


def _told(made: closing.Closed) -> str:
    """Return the result of a close in words."""
    facts = {"records": made.records, "no_shows": made.no_shows}
    told: str = _("已结束登记：%(records)s 条记录待确认，%(no_shows)s 人未到。", **facts)
    if made.open_shifts:
        told = _(
            "时间到了的班次已结束登记：%(records)s 条记录待确认，%(no_shows)s 人未到。"
            "还有 %(open)s 个班次照常签到。",
            **facts,
            open=made.open_shifts,
        )
    return told


def _roster(event_id: int) -> str:
    """Return the page of the roster that was looked at."""
    return url_for("events.manage", event_id=event_id, **roster_place(), _anchor="roster")


def _look(token: str, volunteer_id: int, name: str) -> str:
    code = scanned_codes.presented(token)
    found = check_in.look(code, volunteer_id=volunteer_id, at=clock.now())
    return render_template(
        "attendance/look.html",
        token=token,
        found=found,
        here=found.standing,
        presence=found.present or found.standing.last,
        refusal=words(found.refusal) if found.refusal else "",
        is_spent=isinstance(found.refusal, CodeLapsed) and found.present is not None,
        who=name,
        stay_minutes=found.standing.policy.undo_check_out_minutes,
        shift_words=walk_ins.words,
    )
