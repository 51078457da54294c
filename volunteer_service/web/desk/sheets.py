"""Closed desk days: the list, one day to print, and both as workbooks."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from volunteer_service.scoring.rewards import day_sheets, desk_days
from volunteer_service.web.desk import workbook
from volunteer_service.web.desk.views import bp
from volunteer_service.web.shared import asked_days, workbooks
from volunteer_service.web.shared.guard import actor, staff

PAGE = 30


@bp.get("/desk/days")
@staff("desk", "coordinator", "auditor")
def sheets() -> ResponseReturnValue:
    """Show closed days by day, newest first."""
    days, cursor = asked_days.of_request(), request.args.get("cursor")
    found = day_sheets.listed(by=actor(), **days, cursor=cursor, limit=PAGE)
    return render_template(
        "desk/sheets.html",
        sheets=found.items,
        days=days,
        next_url=url_for("desk.sheets", **days, cursor=found.next) if found.next else None,
        first_url=url_for("desk.sheets", **days) if cursor else None,
    )


@bp.get("/desk/days.xlsx")
@staff("desk", "coordinator", "auditor")
def sheets_workbook() -> ResponseReturnValue:
    """Return every line of the days of the same filter as a workbook."""
    days = asked_days.of_request()
    rows = workbooks.all_pages(
        lambda cursor: day_sheets.listed(by=actor(), **days, cursor=cursor, limit=workbooks.BATCH)
    )
    return workbooks.sent("day-sheets.xlsx", workbook.written(rows))


@bp.get("/desk/days/<int:sheet_id>")
@staff("desk", "coordinator", "auditor")
def sheet(sheet_id: int) -> ResponseReturnValue:
    """Show a closed day, to print and sign, and the orders that ended on it."""
    row = desk_days.sheet(sheet_id, by=actor())
    return render_template(
        "desk/sheet.html",
        sheet=row,
        lines=desk_days.lines_of(row),
        orders=day_sheets.orders_on(row),
        may_open=actor().has_role("auditor", "coordinator", "admin"),
    )


@bp.get("/desk/days/<int:sheet_id>.xlsx")
@staff("desk", "coordinator", "auditor")
def sheet_workbook(sheet_id: int) -> ResponseReturnValue:
    """Return one closed day as a workbook."""
    row = desk_days.sheet(sheet_id, by=actor())
    return workbooks.sent(f"day-sheet-{row.day}.xlsx", workbook.written([row]))
