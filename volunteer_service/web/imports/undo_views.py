"""Undoing an applied import: what it takes from whom, and the second person."""

from functools import partial

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import Schema

from volunteer_service import clock
from volunteer_service.fields import Reason
from volunteer_service.web.imports.views import AnswerForm, bp, counted
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.forms import Values
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import refusal
from volunteer_service.workbooks import import_states
from volunteer_service.workbooks.taking_back import undo_approval, undo_forecasts, undoing


class UndoForm(Schema):
    """Why it is to be undone."""

    reason = Reason(200, required=True)


@bp.get("/imports/<int:import_id>/undo")
@staff("coordinator")
def foretell(import_id: int) -> ResponseReturnValue:
    """Show what the undo takes from whom, and its button."""
    return _show(import_id, {}, {})


@bp.post("/imports/<int:import_id>/undo")
@staff("coordinator")
def undo(import_id: int) -> ResponseReturnValue:
    """Take it back whole: alone, or as the second person."""

    def work() -> str:
        undoing.undo(import_id, by=actor(), at=clock.now())
        return url_for("imports.show", import_id=import_id)

    return forms.act(work, by=actor())


@bp.post("/imports/<int:import_id>/undo/ask")
@staff("coordinator")
def ask_undo(import_id: int) -> ResponseReturnValue:
    """Ask a second person to undo it."""

    def work(values: Values) -> str:
        undo_approval.ask_undo(import_id, **values, by=actor(), at=clock.now())
        page = url_for("imports.foretell", import_id=import_id)
        return forms.done(_("已提交，等另一个人审批"), page)

    return forms.submit(UndoForm, work, partial(_show, import_id), by=actor())


@bp.post("/imports/<int:import_id>/undo/withdraw")
@staff("coordinator")
def withdraw_undo(import_id: int) -> ResponseReturnValue:
    """Take back one's own request."""

    def work() -> str:
        undo_approval.withdraw_undo(import_id, by=actor(), at=clock.now())
        page = url_for("imports.show", import_id=import_id)
        return forms.done(_("已收回，不再等审批"), page)

    return forms.act(work, by=actor())


@bp.post("/imports/<int:import_id>/undo/refuse")
@staff("coordinator")
def refuse_undo(import_id: int) -> ResponseReturnValue:
    """Refuse the undo as the second person, and say why."""

    def work(values: Values) -> str:
        undo_approval.refuse_undo(import_id, **values, by=actor(), at=clock.now())
        page = url_for("imports.show", import_id=import_id)
        return forms.done(_("没有撤销，导入保持不变"), page)

    return forms.submit(AnswerForm, work, partial(_show, import_id), by=actor())


def _show(import_id: int, values: Values, errors: Values) -> str:
    at = clock.now()
    row = import_states.allowed(import_id, actor())
    found = undo_forecasts.forecast(import_id, by=actor(), at=at)
    return render_template(
        "imports/undo.html",
        row=row,
        found=found,
        changed=counted(found.changed_since),
        blockers=counted(undoing.blockers(row.id)),
        undo=undo_approval.standing(row, by=actor(), at=at),
        values=values,
        errors=errors,
        refusal=refusal,
    )
