"""One anomaly: its facts, what to ask, and the answer of somebody who is not concerned."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.attendance.anomalies import deciding
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.anomalies.kinds import KINDS
from volunteer_service.db import db
from volunteer_service.events.models import Event
from volunteer_service.lists.declared.anomalies import STATES
from volunteer_service.people.models import Account
from volunteer_service.web.attendance.forms import AnomalyForm
from volunteer_service.web.attendance.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/anomalies/<int:anomaly_id>")
@staff("leader", "coordinator", "auditor")
def anomaly(anomaly_id: int) -> str:
    """Show the facts, and the form to people who may decide."""
    return _anomaly(anomaly_id, {}, {})


@bp.post("/anomalies/<int:anomaly_id>")
@staff("leader", "coordinator")
def decide_anomaly(anomaly_id: int) -> Response:
    """Accept or reject it."""

    def work(values: dict[str, Any]) -> str:
        row = deciding.decide_anomaly(anomaly_id, **values, by=actor(), at=clock.now())
        said = _("已接受，已记下原因。") if row.state == "accepted" else _("不接受，已记下原因。")
        return forms.done(said, url_for("lists.show", list_name="anomalies", state="open"))

    return forms.submit(AnomalyForm, work, partial(_anomaly, anomaly_id), by=actor())


def _anomaly(anomaly_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    row = deciding.anomaly(anomaly_id, by=actor())
    return render_template(
        "attendance/anomaly.html",
        row=row,
        kind=KINDS[row.kind],
        state=STATES[row.state],
        people=deciding.people(row),
        other_event=_other(row),
        decided_by=db.session.get(Account, row.decided_by_id) if row.decided_by_id else None,
        may_decide=row.state == "open" and deciding.may_answer(row, by=actor()),
        values=values,
        errors=errors,
    )


def _other(row: Anomaly) -> Event | None:
    return db.session.get(Event, row.facts["event"]) if "event" in row.facts else None
