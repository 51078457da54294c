"""The scanner on a leader's phone: camera, hand scanner or typed number, one after the other."""

from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import EXCLUDE, ValidationError

from volunteer_service import clock, field_messages
from volunteer_service.attendance.check_ins import door_screen, names_taken_along, scanner
from volunteer_service.attendance.check_ins.scanner import Kept, Scanned
from volunteer_service.people.cards import shown_codes
from volunteer_service.rate_limits import count_finds
from volunteer_service.web.attendance.forms import KeptScans, ScannerForm
from volunteer_service.web.attendance.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.frame import asset
from volunteer_service.web.shared.guard import actor, public, staff
from volunteer_service.web.shared.security import let_decode
from volunteer_service.wording import refusal as words


@bp.get("/e/<int:event_id>/scanner")
@staff("leader", "coordinator")
def scan_cards(event_id: int) -> str:
    """Show the empty page: a field that a hand scanner types into, and the camera with script."""
    return _page(event_id, None, {})


@bp.post("/e/<int:event_id>/scanner")
@staff("leader", "coordinator")
def scan_card(event_id: int) -> tuple[str, int]:
    """Check one person in or out; the answer fills the screen. the script asks for ``part``."""
    values, errors = forms.read(ScannerForm)
    if errors:
        return _page(event_id, None, errors), 422
    if not shown_codes.is_shown(values["text"]):
        # A typed number answers as a search does.
        count_finds(1, account=f"account:{actor().account_id}", event_id=event_id)
    done = scanner.scan_at_gate(event_id, **values, by=actor(), at=clock.now())
    return _page(event_id, done, {}), 422 if done.state == "refused" else 200


@bp.post("/e/<int:event_id>/scanner/kept")
@staff("leader", "coordinator")
def scan_kept(event_id: int) -> tuple[Response, int]:
    """Take a batch of scans that waited in the phone; JSON, for the script alone."""
    by, at = actor(), clock.now()
    try:
        body = KeptScans(unknown=EXCLUDE).load(request.get_json(silent=True) or {})
    except ValidationError as error:
        return jsonify(errors=field_messages.told(error.messages_dict)), 422
    kept = [Kept(**each) for each in body["scans"]]
    typed = sum(not shown_codes.is_shown(each.text) for each in kept)
    count_finds(typed, account=f"account:{by.account_id}", event_id=event_id)
    done = scanner.scan_kept(event_id, kept, sent_at=body["sent_at"], by=by, at=at)
    skew = scanner.clock_is_off(sent_at=body["sent_at"], at=at)
    said = [_answered(*each) for each in zip(kept, done, strict=True)]
    return jsonify(scans=said, present=door_screen.present(event_id), skew=skew), 200


@bp.get("/e/scanner/offline")
@public
def scanner_offline() -> str:
    """Show the page of a scanner without network: the same for everybody, without an event."""
    let_decode()
    return render_template(
        "attendance/scanner_offline.html", is_shell=True, account=None, nav=None, errors={}
    )


@bp.get("/e/<int:event_id>/scanner/manifest.json")
@staff("leader", "coordinator")
def scanner_manifest(event_id: int) -> Response:
    """Return the manifest that makes the scanner an app of its own on the leader's phone."""
    door_screen.opened(event_id, actor())
    return jsonify(
        name=_("扫卡签到"),
        short_name=_("扫卡签到"),
        start_url=url_for("attendance.scan_cards", event_id=event_id),
        scope=url_for("attendance.scan_cards", event_id=event_id),
        display="standalone",
        background_color="#ffffff",
        theme_color="#0d574e",
        icons=[{"src": asset("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    )


@bp.get("/e/<int:event_id>/scanner/names")
@staff("leader", "coordinator")
def scanner_names(event_id: int) -> Response:
    """Return the names for the phone, each sealed with its card."""
    return jsonify(names=names_taken_along.sealed_names(event_id, by=actor()))


def _answered(kept: Kept, done: Scanned) -> dict[str, str]:
    told = words(done.refusal) if done.refusal else ""
    return {"scan_id": kept.scan_id, "state": done.state, "said": f"{done.name} {told}".strip()}


def _page(event_id: int, done: Scanned | None, errors: dict[str, Any]) -> str:
    part = "part" in request.args
    let_decode()
    return render_template(
        "attendance/_scanned.html" if part else "attendance/scanner.html",
        event=door_screen.opened(event_id, actor()),
        present=door_screen.present(event_id),
        done=done,
        told=words(done.refusal) if done and done.refusal else "",
        text=request.form.get("text", "")[:120],
        kind=request.form.get("kind", ""),
        errors=errors,
    )
