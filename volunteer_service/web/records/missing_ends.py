"""Forgotten check-outs: the volunteer's own statement, and the inbox of staff who set the end."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.attendance.records import forgotten_check_outs, record_decisions
from volunteer_service.web.records.forms import EndForm, StatedEndForm
from volunteer_service.web.records.views import PAGE, bp, explained
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, signed_in, staff


@bp.get("/records/missing-ends")
@staff("leader", "coordinator")
def missing_ends() -> str:
    """Show who forgot to check out, and when they may have left."""
    page = forgotten_check_outs.inbox(actor(), cursor=request.args.get("cursor"), limit=PAGE)
    return render_template(
        "records/missing_ends.html",
        waiting=page.items,
        next_url=url_for("records.missing_ends", cursor=page.next) if page.next else None,
    )


@bp.post("/records/<int:record_id>/agreed-end")
@staff("leader", "coordinator")
def agree_end(record_id: int) -> Response:
    """Set the end from the inbox, and come back to it; another refusal is shown with the record."""

    def work(values: dict[str, Any]) -> str:
        row = record_decisions.set_end(record_id, **values, by=actor(), at=clock.now())
        told = _("已补登 %(name)s 的离开时间，记录等待确认。", name=row.volunteer.name)
        return forms.done(told, url_for("records.missing_ends"))

    return forms.submit(EndForm, work, lambda *sent: explained(record_id, *sent), by=actor())


@bp.post("/records/<int:record_id>/stated-end")
@signed_in
def state_end(record_id: int) -> Response:
    """State when one left."""

    def work(values: dict[str, Any]) -> str:
        forgotten_check_outs.state_end(record_id, **values, by=actor(), at=clock.now())
        told = _("已告诉负责人，同意后计时长。")
        return forms.done(told, url_for("records.of", record_id=record_id))

    return forms.submit(StatedEndForm, work, lambda *sent: explained(record_id, *sent), by=actor())
