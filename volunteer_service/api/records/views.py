"""Service records and disputes over the API."""

from collections.abc import Sequence
from typing import Any

from flask import Response

from volunteer_service import clock
from volunteer_service.api.records.shapes import (
    BackfillIn,
    ClaimIn,
    ConfirmIn,
    CorrectionDecisionIn,
    CorrectionOut,
    DecideIn,
    DisputeDecisionIn,
    DisputeIn,
    DisputeOut,
    DisputeQuery,
    EndIn,
    EvaluationIn,
    EvaluationOut,
    ExplanationOut,
    MissingEndOut,
    PaperOut,
    PapersIn,
    ReasonIn,
    RecordOut,
    RecordQuery,
    SheetIn,
    StatedEndIn,
    TakenOffOut,
    TimesIn,
)
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.api.shared.shapes import page_of, place_in
from volunteer_service.attendance.backfills import backfill as attendance_backfill
from volunteer_service.attendance.backfills import backfill_sheets, sheet_papers
from volunteer_service.attendance.check_ins import rosters
from volunteer_service.attendance.models import (
    Correction,
    Dispute,
    Evaluation,
    ServiceRecord,
    SheetPaper,
)
from volunteer_service.attendance.records import (
    claims,
    corrections,
    disputes,
    forgotten_check_outs,
    record_decisions,
    record_lists,
)
from volunteer_service.paging import Page
from volunteer_service.people.personal_data import audit_looks, paper_refusals
from volunteer_service.request_bodies import papers, takes_papers

bp = Blueprint("api_records", __name__, url_prefix="", description="Service records and disputes")


@bp.get("/records")
@guarded("read")
@bp.arguments(RecordQuery, location="query")
@bp.response(200, page_of(RecordOut))
def list_records(query: dict[str, Any]) -> Page[ServiceRecord]:
    """List the records that the caller may see, own ones included, newest first."""
    place = place_in(query)
    return record_lists.listing(actor(), record_lists.RecordFilter(**query), **place)


@bp.post("/records")
@guarded("write")
@idempotent
@bp.arguments(BackfillIn)
@bp.response(201, RecordOut)
def backfill(body: dict[str, Any]) -> ServiceRecord:
    """Enter service afterwards; it waits for a second person and earns no points."""
    return attendance_backfill.backfill(
        attendance_backfill.Backfill(**body), by=actor(), at=clock.now()
    )


@bp.post("/record-sheets")
@guarded("write")
@idempotent
@bp.arguments(SheetIn)
@bp.response(201, RecordOut(many=True))
def enter_sheet(body: dict[str, Any]) -> list[ServiceRecord]:
    """Enter a paper sheet with all of its people or nobody; each record waits for a second
    person.
    """
    people = body.pop("volunteer_ids")
    return backfill_sheets.enter_sheet(
        backfill_sheets.Sheet(**body), people, by=actor(), at=clock.now()
    )


@bp.post("/record-sheets/<key>/approve")
@guarded("write")
@idempotent
@bp.response(200, RecordOut(many=True))
def approve_sheet(key: str) -> list[ServiceRecord]:
    """Let every waiting record of a sheet count; not by whoever entered it."""
    return backfill_sheets.approve_sheet(key, by=actor(), at=clock.now())


@bp.get("/record-sheets/<key>/papers")
@guarded("read")
@bp.response(200, PaperOut(many=True))
def list_papers(key: str) -> Sequence[SheetPaper]:
    """List the pages of the paper behind a sheet; each picture is an operation of its own, and
    logged.
    """
    return sheet_papers.listed(key, by=actor())


@bp.post("/record-sheets/<key>/papers")
@takes_papers(sheet_papers.need_writer)
@guarded("write")
@bp.arguments(PapersIn, location="files")
@bp.response(201, PaperOut(many=True))
def add_papers(_body: dict[str, Any], key: str) -> Sequence[SheetPaper]:
    """Add photos or scans (JPEG, PNG, PDF) to a sheet that waits; the same page twice is one."""
    found = paper_refusals.readable(papers())
    return sheet_papers.add(key, found, by=actor(), at=clock.now())


@bp.get("/record-sheets/<key>/papers/<int:paper_id>")
@guarded("read")
@bp.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def get_paper(key: str, paper_id: int) -> Response:
    """Return one page as JPEG; everybody on the sheet is told of the look."""
    jpeg = sheet_papers.picture(key, paper_id, by=actor(), at=clock.now())
    return Response(jpeg, mimetype="image/jpeg")


@bp.delete("/record-sheets/<key>/papers/<int:paper_id>")
@guarded("write")
@bp.response(204)
def take_out_paper(key: str, paper_id: int) -> None:
    """Remove a wrong page, as the one who added it, while nothing of the sheet is decided."""
    sheet_papers.take_out(key, paper_id, by=actor(), at=clock.now())


@bp.get("/records/<int:record_id>")
@guarded("read")
@bp.response(200, ExplanationOut)
def get_record(record_id: int) -> rosters.Explanation:
    """Return a record with its scans, minutes and points; an auditor's look is logged."""
    told = rosters.explain(record_id, by=actor())
    audit_looks.opened(told.record.volunteer, "record", by=actor(), at=clock.now())
    return told


@bp.post("/records/confirm")
@guarded("write")
@idempotent
@bp.arguments(ConfirmIn)
@bp.response(200, RecordOut(many=True))
def confirm(body: dict[str, Any]) -> list[ServiceRecord]:
    """Confirm records; their points are granted."""
    return record_decisions.confirm(body["record_ids"], by=actor(), at=clock.now())


@bp.post("/records/<int:record_id>/approve")
@guarded("write")
@idempotent
@bp.response(200, RecordOut)
def approve(record_id: int) -> ServiceRecord:
    """Let a backfilled record count; not by whoever entered it."""
    return attendance_backfill.approve_backfill(record_id, by=actor(), at=clock.now())


@bp.post("/shifts/<int:shift_id>/claim")
@guarded("write")
@idempotent
@bp.arguments(ClaimIn)
@bp.response(201, RecordOut)
def claim(body: dict[str, Any], shift_id: int) -> ServiceRecord:
    """Claim that one served on a closed shift without a scan; somebody else agrees or refuses."""
    return claims.claim(shift_id, **body, by=actor(), at=clock.now())


@bp.post("/records/<int:record_id>/take-back-claim")
@guarded("write")
@idempotent
@bp.response(200, RecordOut)
def take_back_claim(record_id: int) -> ServiceRecord:
    """Take one's own claim back while it waits."""
    return claims.take_back_claim(record_id, by=actor(), at=clock.now())


@bp.get("/records/missing-ends")
@guarded("read")
@bp.response(200, MissingEndOut(many=True))
def list_missing_ends() -> Sequence[forgotten_check_outs.Waiting]:
    """List the oldest 200 records without a check-out whose end the caller may set."""
    return forgotten_check_outs.inbox(actor(), limit=200).items


@bp.post("/records/<int:record_id>/stated-end")
@guarded("write")
@idempotent
@bp.arguments(StatedEndIn)
@bp.response(200, RecordOut)
def state_end(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """State when one left without checking out; a leader agrees or says otherwise."""
    return forgotten_check_outs.state_end(record_id, **body, by=actor(), at=clock.now())


@bp.post("/records/<int:record_id>/end")
@guarded("write")
@idempotent
@bp.arguments(EndIn)
@bp.response(200, RecordOut)
def set_end(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """Set when somebody left who did not check out."""
    return record_decisions.set_end(record_id, **body, by=actor(), at=clock.now())


@bp.post("/records/<int:record_id>/decide")
@guarded("write")
@idempotent
@bp.arguments(DecideIn)
@bp.response(200, RecordOut)
def decide(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """Decide a record above the daily cap."""
    return record_decisions.decide_waiting(record_id, **body, by=actor(), at=clock.now())


@bp.post("/records/<int:record_id>/refuse")
@guarded("write")
@idempotent
@bp.arguments(ReasonIn)
@bp.response(200, RecordOut)
def refuse(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """Refuse a waiting record, with a reason."""
    return record_decisions.refuse(record_id, **body, by=actor(), at=clock.now())


@bp.post("/records/<int:record_id>/evaluation")
@guarded("write")
@idempotent
@bp.arguments(EvaluationIn)
@bp.response(201, EvaluationOut)
def evaluate(body: dict[str, Any], record_id: int) -> Evaluation:
    """Rate how well the service was done, from 1 to 5, once for each record."""
    return record_decisions.evaluate(record_id, **body, by=actor(), at=clock.now())


@bp.post("/records/<int:record_id>/disputes")
@guarded("write")
@idempotent
@bp.arguments(DisputeIn)
@bp.response(201, DisputeOut)
def dispute(body: dict[str, Any], record_id: int) -> Dispute:
    """Ask for one's own record to be re-examined."""
    return disputes.dispute(record_id, **body, by=actor(), at=clock.now())


@bp.post("/records/<int:record_id>/not-me")
@guarded("write")
@idempotent
@bp.response(200, TakenOffOut)
def not_me(record_id: int) -> disputes.TakenOff:
    """Remove a record that is not one's own service, with its points."""
    return disputes.not_me(record_id, by=actor(), at=clock.now())


@bp.post("/records/<int:record_id>/corrections")
@guarded("write")
@idempotent
@bp.arguments(DecideIn)
@bp.response(201, CorrectionOut)
def correct(body: dict[str, Any], record_id: int) -> Correction:
    """Correct a decided record at once or, above a limit, with a second person."""
    return corrections.correct(record_id, **body, by=actor(), at=clock.now())


@bp.post("/records/<int:record_id>/time-corrections")
@guarded("write")
@idempotent
@bp.arguments(TimesIn)
@bp.response(201, CorrectionOut)
def correct_times(body: dict[str, Any], record_id: int) -> Correction:
    """Correct when somebody came and went, and the shift; the rule gives the minutes."""
    return corrections.correct_times(record_id, **body, by=actor(), at=clock.now())


@bp.post("/corrections/<int:correction_id>/decide")
@guarded("write")
@idempotent
@bp.arguments(CorrectionDecisionIn)
@bp.response(200, CorrectionOut)
def decide_correction(body: dict[str, Any], correction_id: int) -> Correction:
    """Approve a correction that waits, or refuse it with a reason; not by whoever asked."""
    return corrections.decide_correction(correction_id, **body, by=actor(), at=clock.now())


@bp.get("/disputes")
@guarded("read")
@bp.arguments(DisputeQuery, location="query")
@bp.response(200, page_of(DisputeOut))
def list_disputes(query: dict[str, Any]) -> Page[Dispute]:
    """List the disputes that the caller may see, oldest first."""
    place = place_in(query)
    return record_lists.disputes(actor(), record_lists.DisputeFilter(**query), **place)


@bp.post("/disputes/<int:dispute_id>/decide")
@guarded("write")
@idempotent
@bp.arguments(DisputeDecisionIn)
@bp.response(200, DisputeOut)
def decide_dispute(body: dict[str, Any], dispute_id: int) -> Dispute:
    """Re-examine a record; if the dispute is upheld, minutes and points are corrected."""
    return disputes.decide_dispute(dispute_id, **body, by=actor(), at=clock.now())
