"""A paper sheet on a page: names judged line by line, entered and approved whole."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import Schema
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.attendance.backfills import backfill as attendance_backfill
from volunteer_service.attendance.backfills import backfill_sheets, sheet_papers
from volunteer_service.db import fetch
from volunteer_service.events import event_lists
from volunteer_service.paper.uploaded_pages import Unreadable
from volunteer_service.people.models import Volunteer
from volunteer_service.people.personal_data import audit_looks, paper_refusals
from volunteer_service.people.personal_data.paper_refusals import PaperAsideFull
from volunteer_service.request_bodies import papers, takes_papers
from volunteer_service.teams import pasted_names
from volunteer_service.teams.models import Team
from volunteer_service.teams.pasted_names import Line
from volunteer_service.web.records import sheet as record_rows
from volunteer_service.web.records.forms import SheetForm
from volunteer_service.web.records.views import bp
from volunteer_service.web.shared import forms, picked_names, workbooks
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/records/sheets/new")
@staff("leader", "coordinator")
def sheet() -> str:
    """Show an empty sheet; ``?team_id=`` shows whom to pick from."""
    _count_looked_for(request.args)
    return _sheet(request.args.to_dict(), {})


@bp.post("/records/sheets/new")
@takes_papers(sheet_papers.need_writer)
@staff("leader", "coordinator")
def enter_sheet() -> Response:
    """Enter all of it, or show it again with what is unclear; its photos stay in either case.

    With ``look`` only the photos are taken, to type the names beside them.
    """
    _count_looked_for(request.form)
    key, full = _kept_aside()
    if "look" in request.form:
        return forms.show(Schema, lambda _values: _looked(key, full), partial(_sheet, key=key))

    def work(values: dict[str, Any]) -> str:
        _need_readable(full)
        lines = _judged(values.pop("names"), values["team_id"])
        people = [*pasted_names.chosen(lines, picked_names.picks()), *picked_names.ticked()]
        records = backfill_sheets.enter_sheet(
            backfill_sheets.Sheet(**values), people, key=key or None, by=actor(), at=clock.now()
        )
        said = _("已录入 %(n)s 人，等另一位管理员审批。", n=len(records))
        return forms.done(said, _address(records[0]))

    return forms.submit(SheetForm, work, partial(_sheet, key=key), by=actor())


@bp.get("/records/sheets/<key>")
@staff("leader", "coordinator", "auditor")
def sheet_of(key: str) -> str:
    """Show a sheet that was entered: everybody on it, its papers, and its approval."""
    return of_sheet(key, {})


@bp.get("/records/sheets/<key>.xlsx")
@staff("leader", "coordinator", "auditor")
def sheet_workbook(key: str) -> FlaskResponse:
    """Return everybody on a sheet as a workbook."""
    rows = backfill_sheets.on_sheet(key, by=actor())
    taken = audit_looks.taken_along(rows, lambda row: row.volunteer_id, by=actor(), at=clock.now())
    return workbooks.sent(f"sheet-{rows[0].served_on}.xlsx", record_rows.written(taken))


@bp.post("/records/sheets/<key>/approve")
@staff("coordinator")
def approve_sheet(key: str) -> Response:
    """Approve the whole sheet."""

    def work() -> str:
        done = backfill_sheets.approve_sheet(key, by=actor(), at=clock.now())
        said = _("已通过，%(n)s 条记录生效。", n=len(done))
        return forms.done(said, url_for("records.sheet_of", key=key))

    return forms.act(work, by=actor())


def of_sheet(key: str, errors: dict[str, Any]) -> str:
    """Return the page of a sheet; its papers are shown to who may see them, and the look is
    kept.
    """
    by, at = actor(), clock.now()
    records = backfill_sheets.on_sheet(key, by=by)
    waiting = next((row for row in records if row.waits_for == "second"), None)
    shown = sheet_papers.papers_of(key) if sheet_papers.may_see(records, by=by) else []
    if shown:
        sheet_papers.looked_at(records, by=by, at=at)
    return render_template(
        "records/sheet_of.html",
        key=key,
        records=records,
        waiting=waiting,
        why_not=waiting and attendance_backfill.why_not_approved(waiting, by=by, at=at),
        papers=shown,
        may_add=sheet_papers.may_add(records, by=by),
        me=by.account_id,
        errors=errors,
    )


def _kept_aside() -> tuple[str, PaperAsideFull | None]:
    """Return the key of the sheet that is being typed, with what came with this form kept under it;
    and why it was not kept, for the form to say.
    """
    key, found = request.form.get("paper_key", ""), papers()
    pages = [] if isinstance(found, Unreadable) else found
    if not pages and not sheet_papers.aside(key, by=actor()):
        return "", None
    try:
        return sheet_papers.keep_aside(key, pages, by=actor(), at=clock.now()), None
    except PaperAsideFull as full:
        return key, full


def _need_readable(full: PaperAsideFull | None) -> None:
    if full is not None:
        raise full
    paper_refusals.readable(papers())


def _looked(key: str, full: PaperAsideFull | None) -> str:
    _need_readable(full)
    return _sheet(request.form.to_dict(), {}, key)


def _sheet(values: dict[str, Any], errors: dict[str, Any], key: str = "") -> str:
    teams = _teams()
    team_id = _team_of(values, teams)
    return render_template(
        "records/sheet.html",
        teams=teams,
        team_id=team_id,
        members=_members(team_id),
        ticked=picked_names.ticked(),
        picks=picked_names.picks(),
        lines=_judged(str(values.get("names", "")), team_id) if team_id else [],
        values=values,
        errors=errors,
        key=key,
        papers=sheet_papers.aside(key, by=actor()),
    )


def _teams() -> list[tuple[int, str]]:
    return [(team.id, team.name) for team in event_lists.teams_led(actor())]


def _team_of(values: Mapping[str, Any], teams: Sequence[tuple[int, str]]) -> int | None:
    """Return the team that was chosen, else the first one."""
    known = {str(id_): id_ for id_, _name in teams}
    return known.get(str(values.get("team_id", "")), teams[0][0] if teams else None)


def _members(team_id: int | None) -> Sequence[Volunteer]:
    return backfill_sheets.members(team_id, by=actor()) if team_id else []


def _judged(names: str, team_id: int) -> list[Line]:
    return backfill_sheets.judged(names, team_id=team_id, by=actor(), at=clock.now())


def _count_looked_for(values: Mapping[str, str]) -> None:
    team_id = _team_of(values, _teams())
    if team_id is not None:
        picked_names.count_looked_for(values, fetch(Team, team_id))


def _address(record: Any) -> str:
    return url_for("records.sheet_of", key=backfill_sheets.sheet_of(record))
