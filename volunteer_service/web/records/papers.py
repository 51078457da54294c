"""The photos or scans of a paper sheet: handed in, shown one by one, taken out again."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from marshmallow import Schema
from werkzeug.wrappers import Response as WerkzeugResponse

from volunteer_service import clock
from volunteer_service.attendance.backfills import sheet_papers
from volunteer_service.people.personal_data import paper_refusals
from volunteer_service.rate_limits import limiter
from volunteer_service.request_bodies import papers, takes_papers
from volunteer_service.web.records.sheets import of_sheet
from volunteer_service.web.records.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff


@bp.post("/records/sheets/<key>/papers")
@takes_papers(sheet_papers.need_writer)
@staff("leader", "coordinator")
@limiter.limit("30 per minute")
def add_papers(key: str) -> WerkzeugResponse:
    """Add pages to a sheet that waits for its approval."""

    def work(_values: dict[str, Any]) -> str:
        found = paper_refusals.readable(papers())
        sheet_papers.add(key, found, by=actor(), at=clock.now())
        return forms.done(_("照片已收到。"), url_for("records.sheet_of", key=key))

    return forms.submit(Schema, work, lambda _raw, errors: of_sheet(key, errors), by=actor())


@bp.get("/records/sheets/<key>/papers/<int:paper_id>.jpg")
@staff("leader", "coordinator", "auditor")
def paper(key: str, paper_id: int) -> Response:
    """Show one page; the look is told to everybody on the sheet."""
    jpeg = sheet_papers.picture(key, paper_id, by=actor(), at=clock.now())
    return Response(jpeg, mimetype="image/jpeg")


@bp.post("/records/sheets/<key>/papers/<int:paper_id>/take-out")
@staff("leader", "coordinator")
def take_out_paper(key: str, paper_id: int) -> WerkzeugResponse:
    """Take a wrong page out again."""

    def work() -> str:
        sheet_papers.take_out(key, paper_id, by=actor(), at=clock.now())
        return forms.done(_("已拿掉这一页。"), url_for("records.sheet_of", key=key))

    return forms.act(work, by=actor())
