"""The roster on paper: printed before a gate without network, entered from its number after."""

from datetime import datetime, time
from typing import Any

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.attendance.check_ins import walk_ins
from volunteer_service.attendance.roster_sheets import entering, printing
from volunteer_service.attendance.roster_sheets.entering import Written
from volunteer_service.attendance.roster_sheets.refusals import SheetUnknown
from volunteer_service.attendance.roster_sheets.roster_sheet_models import RosterSheet
from volunteer_service.events import planning
from volunteer_service.paper import pdf
from volunteer_service.paper.roster_sheet import RosterPaper, roster_sheet
from volunteer_service.web.attendance.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import refusal as words


@bp.get("/e/<int:event_id>/sheets")
@staff("leader", "coordinator")
def roster_sheets(event_id: int) -> ResponseReturnValue:
    """Show the sheets, how much of each is entered, and the field for a number."""
    typed = request.args.get("number", "")
    if not typed:
        return _sheets(event_id, {})
    try:
        found = entering.sheet_numbered(event_id, typed, by=actor())
    except SheetUnknown as refusal:
        return _sheets(event_id, {"number": [words(refusal)]}), 422
    return redirect(
        url_for("attendance.roster_sheet_lines", event_id=event_id, roster_sheet_id=found.id)
    )


@bp.post("/e/<int:event_id>/sheets/print")
@staff("leader", "coordinator")
def print_roster_sheets(event_id: int) -> Response:
    """Make numbered sheets of everybody who is expected."""

    def work() -> str:
        made = printing.print_sheets(event_id, by=actor(), at=clock.now())
        told = _("已编好 %(n)s 张名单纸，请打印。", n=len(made))
        return forms.done(told, url_for("attendance.roster_sheets", event_id=event_id))

    return forms.act(work, by=actor())


@bp.get("/e/<int:event_id>/sheets.pdf")
@staff("leader", "coordinator")
def roster_sheets_pdf(event_id: int) -> FlaskResponse:
    """Show the sheets of the newest printing on paper."""
    found = printing.newest_sheets(event_id, by=actor())
    title = found[0].event.title
    pages = [roster_sheet(_paper(each)) for each in found]
    made = pdf.paint(pages, title=title, made_at=found[0].printed_at)
    return FlaskResponse(made, mimetype="application/pdf")


@bp.get("/e/<int:event_id>/sheets/<int:roster_sheet_id>")
@staff("leader", "coordinator")
def roster_sheet_lines(event_id: int, roster_sheet_id: int) -> str:
    """Show the lines of a sheet as they are printed, with fields for what was written."""
    return _sheet(entering.sheet(event_id, roster_sheet_id, by=actor()), {})


@bp.post("/e/<int:event_id>/sheets/<int:roster_sheet_id>")
@staff("leader", "coordinator")
def enter_roster_sheet(event_id: int, roster_sheet_id: int) -> ResponseReturnValue:
    """Enter what was written; why a line was not entered stands at the line."""
    row = entering.sheet(event_id, roster_sheet_id, by=actor())
    written, errors = _written(row)
    if errors or not written:
        return _sheet(row, errors or {"": [_("还没有写时间。请照纸上写的填。")]}), 422
    done = entering.enter_roster_sheet(event_id, row.id, written, by=actor(), at=clock.now())
    if done.refused:
        said = {f"line-{n}": [words(refusal)] for n, refusal in done.refused.items()}
        return _sheet(row, said), 422
    told = _("名单纸 %(number)s：录入 %(n)s 行。", number=row.number, n=done.new)
    return redirect(forms.done(told, url_for("attendance.roster_sheets", event_id=event_id)), 303)


def _written(row: RosterSheet) -> tuple[list[Written], dict[str, Any]]:
    """Return the lines on which something was written, and the errors by field."""
    written: list[Written] = []
    errors: dict[str, Any] = {}
    for line in row.lines:
        said = [request.form.get(f"{name}-{line.line}", "").strip() for name in ("came", "left")]
        number = request.form.get(f"number-{line.line}", "").strip()[:20]
        try:
            came_at, left_at = (_time(row, each) for each in said)
        except ValueError:
            errors[f"line-{line.line}"] = [_("时间写成 08:30 这样。")]
            continue
        if came_at or left_at:
            written.append(Written(line.line, came_at, left_at, number))
        elif number:
            errors[f"line-{line.line}"] = [_("请写这个人的签到时间。")]
    return written, errors


def _time(row: RosterSheet, said: str) -> datetime | None:
    if not said:
        return None
    found = time.fromisoformat(said)
    return entering.time_on(row, found.hour, found.minute)


def _sheets(event_id: int, errors: dict[str, Any]) -> str:
    event = planning.led(event_id, by=actor())
    return render_template(
        "attendance/sheets.html",
        event=event,
        sheets=printing.sheets_of(event_id, by=actor()),
        shift_words=walk_ins.words,
        values=request.args,
        errors=errors,
    )


def _sheet(row: RosterSheet, errors: dict[str, Any]) -> str:
    return render_template(
        "attendance/sheet.html",
        sheet=row,
        event=row.event,
        shift=walk_ins.words(row.shift),
        values=request.form,
        errors=errors,
    )


def _paper(sheet: RosterSheet) -> RosterPaper:
    lines = [
        (line.sign_up.volunteer.name, line.sign_up.volunteer.number) if line.sign_up else ("", "")
        for line in sheet.lines
    ]
    page = f"第 {sheet.page} 张"
    return RosterPaper(sheet.number, sheet.event.title, walk_ins.words(sheet.shift), page, lines)
