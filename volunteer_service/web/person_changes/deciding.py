"""Changes that wait for a second person or the staff of a new home, and every change as a
workbook.
"""

from datetime import date
from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock, settings
from volunteer_service.people.changes import person_change_lists, person_changes
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.web.person_changes import words
from volunteer_service.web.person_changes.blueprint import bp
from volunteer_service.web.person_changes.forms import DecisionForm, LookForm
from volunteer_service.web.shared import asked_days, forms, workbooks
from volunteer_service.web.shared.guard import actor, signed_in, staff
from volunteer_service.wording import refusal

PAGE = 50


@bp.get("/people/changes")
@staff("coordinator")
def waiting() -> str:
    """Show what waits, oldest first."""
    found = person_change_lists.waiting_changes(by=actor())
    return render_template("person_changes/waiting.html", found=found, words=words)


@bp.get("/people/changes/all")
@staff("coordinator", "auditor")
def every() -> str:
    """Show every change by its days."""
    days, cursor = asked_days.of_request(), request.args.get("cursor")
    found = person_change_lists.changes(by=actor(), cursor=cursor, limit=PAGE, **days)
    return render_template(
        "person_changes/every.html", found=found, days=days, paged=cursor is not None, words=words
    )


@bp.get("/people/changes.xlsx")
@staff("coordinator", "auditor")
def workbook() -> FlaskResponse:
    """Return the changes of these days as a workbook."""
    days = asked_days.of_request()
    rows = workbooks.all_pages(
        lambda cursor: person_change_lists.changes(
            by=actor(), cursor=cursor, limit=workbooks.BATCH, **days
        )
    )
    taken = audit_looks.taken_along(rows, lambda row: row.volunteer.id, by=actor(), at=clock.now())
    return workbooks.sent("person-changes.xlsx", words.written(taken))


@bp.get("/people/changes/<int:change_id>")
@signed_in
def one(change_id: int) -> str:
    """Show one change: what it says, and the decision where it is the reader's."""
    return _one(change_id)


@bp.post("/people/changes/<int:change_id>/decide")
@staff("coordinator")
def decide(change_id: int) -> Response:
    """Agree, or refuse and say why."""

    def work(values: dict[str, Any]) -> str:
        row = person_changes.decide_change(change_id, **values, by=actor(), at=clock.now())
        said = _("已更改，已告诉本人。") if row.state == "done" else _("没有批准，已告诉提出人。")
        return forms.done(said, url_for("person_changes.waiting"))

    return forms.submit(DecisionForm, work, lambda *sent: _one(change_id, *sent), by=actor())


@bp.post("/people/changes/<int:change_id>/withdraw")
@signed_in
def withdraw(change_id: int) -> Response:
    """Take back one's own request."""

    def work() -> str:
        person_changes.withdraw_change(change_id, by=actor(), at=clock.now())
        return forms.done(_("已撤回。"), url_for("person_changes.one", change_id=change_id))

    return forms.act(work, by=actor())


@bp.post("/people/changes/<int:change_id>/reveal")
@staff("coordinator")
def reveal(change_id: int) -> Response:
    """Show the numbers in plain, once; the reason is logged."""

    def work(values: dict[str, Any]) -> str:
        by, at = actor(), clock.now()
        pair = person_change_lists.reveal_change(change_id, values["why"], by=by, at=at)
        return _one(change_id, pair=pair)

    return forms.show(LookForm, work, lambda *sent: _one(change_id, *sent))


def _one(
    change_id: int,
    values: dict[str, Any] | None = None,
    errors: dict[str, Any] | None = None,
    pair: Any = None,
) -> str:
    told = person_change_lists.change(change_id, by=actor(), at=clock.now())
    return render_template(
        "person_changes/one.html",
        told=told,
        why_not=refusal(told.why_not) if told.why_not else "",
        pair=words.plain(told.row, pair) if pair else words.values(told.row),
        is_plain=pair is not None,
        namesakes=[] if told.why_not else person_change_lists.namesakes(told.row),
        words=words,
        values=values or {},
        errors=errors or {},
        is_staff=actor().has_role("coordinator", "admin"),
        day=_day_to_take_along(told.row),
    )


def _day_to_take_along(row: PersonChange) -> date | None:
    """Return the day whose changes are a workbook for this reader; None for the person
    concerned.
    """
    if not actor().has_role("coordinator", "admin", "auditor"):
        return None
    return None if row.volunteer_id == actor().volunteer_id else settings.local_day(row.asked_at)
