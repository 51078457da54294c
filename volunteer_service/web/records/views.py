"""Records: my hours, one record explained, what waits for a decision, entering service later."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import Schema
from werkzeug.wrappers import Response

from volunteer_service import clock, settings
from volunteer_service.attendance.backfills import backfill as attendance_backfill
from volunteer_service.attendance.backfills import backfill_sheets
from volunteer_service.attendance.check_ins import rosters
from volunteer_service.attendance.models import WAITS_FOR, ServiceRecord
from volunteer_service.attendance.records import (
    claim_photos,
    claims,
    corrected_times,
    corrections,
    disputes,
    forgotten_check_outs,
    hours_summary,
    record_decisions,
    record_lists,
    scans_of_records,
)
from volunteer_service.db import fetch
from volunteer_service.events import event_lists
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import may_on_person
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.teams.models import Team
from volunteer_service.web.records.forms import (
    BackfillForm,
    CorrectionDecisionForm,
    DecideForm,
    DecisionForm,
    DisputeForm,
    EndForm,
    ReasonForm,
    ScoreForm,
    TimesForm,
)
from volunteer_service.web.records.waiting import grouped
from volunteer_service.web.shared import (
    asked_days,
    forms,
    list_pages,
    picked_names,
    record_reasons,
    row_ids,
)
from volunteer_service.web.shared.guard import actor, signed_in, staff
from volunteer_service.web.shared.words import local_day

bp = Blueprint("records", __name__)

PAGE = 30


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"record_words": record_reasons}


@bp.get("/my/records")
@signed_in
def mine() -> str:
    """Show my hours by half-year, the way to the next star, and every record."""
    who = actor().volunteer_id
    if who is None:
        return render_template("records/nobody.html")
    page = record_lists.records_of(who, cursor=request.args.get("cursor"), limit=PAGE)
    return render_template(
        "records/mine.html",
        hours=hours_summary.hours_of(who, local_day(clock.now(), settings.current().zone)),
        records=page.items,
        missing_ends=forgotten_check_outs.of_volunteer(who),
        claimable=claims.claimable(who, at=clock.now()),
        next_url=url_for("records.mine", cursor=page.next) if page.next else None,
    )


@bp.get("/records/<int:record_id>")
@signed_in
def of(record_id: int) -> str:
    """Show one record, from scan to minutes to points; an auditor's look is kept."""
    person = rosters.explain(record_id, by=actor()).record.volunteer
    audit_looks.opened(person, "record", by=actor(), at=clock.now())
    return explained(record_id, {}, {})


@bp.get("/records/waiting")
@staff("leader", "coordinator", "auditor")
def waiting() -> str:
    """Show what waits for a decision by its days, and open disputes."""
    days, wanted = asked_days.of_request(), _waiting(request.args.get("for"))
    page = record_lists.listing(actor(), wanted, cursor=request.args.get("cursor"), limit=PAGE)
    kept = {"for": wanted.waits_for, **days}
    opened = record_lists.DisputeFilter(state="open", **days)
    return render_template(
        "records/waiting.html",
        groups=grouped(page.items, actor()),
        scans=scans_of_records.of(page.items),
        me=actor().volunteer_id,
        disputes=record_lists.disputes(actor(), opened).items,
        wanted=wanted,
        may_enter=actor().has_role("admin", "leader", "coordinator"),
        next_url=url_for("records.waiting", **kept, cursor=page.next) if page.next else None,
    )


@bp.get("/records")
@staff("leader", "coordinator", "auditor")
def index() -> str:
    """Show records by person, state and day: what a star or a balance rests on."""
    return render_template("records/index.html", shown=list_pages.shown("records", by=actor()))


@bp.get("/records.xlsx")
@staff("leader", "coordinator", "auditor")
def index_workbook() -> Response:
    """Return the records of the same filters as a workbook."""
    return list_pages.exported("records", "xlsx", by=actor(), every_column=True)


@bp.post("/records/confirm")
@staff("leader", "coordinator")
def confirm() -> Response:
    """Confirm the ticked records."""
    chosen = row_ids.read_all(request.form.getlist("record"))

    def work() -> str:
        done = record_decisions.confirm(chosen, by=actor(), at=clock.now())
        return forms.done(_("已确认 %(n)s 条记录，积分已发放。", n=len(done)), _back(done))

    return forms.act(work, by=actor())


@bp.post("/records/<int:record_id>/end")
@staff("leader", "coordinator")
def set_end(record_id: int) -> Response:
    """Set when somebody left who did not check out."""
    return _decided(record_id, EndForm, record_decisions.set_end)


@bp.post("/records/<int:record_id>/decide")
@staff("coordinator")
def decide(record_id: int) -> Response:
    """Decide a record above the daily cap."""
    return _decided(record_id, DecideForm, record_decisions.decide_waiting)


@bp.post("/records/<int:record_id>/refuse")
@staff("leader", "coordinator")
def refuse(record_id: int) -> Response:
    """Refuse a record."""
    return _decided(record_id, ReasonForm, record_decisions.refuse)


@bp.post("/records/<int:record_id>/approve")
@staff("coordinator")
def approve(record_id: int) -> Response:
    """Let a backfilled record count."""

    def work() -> str:
        attendance_backfill.approve_backfill(record_id, by=actor(), at=clock.now())
        return forms.done(_("已通过，记录生效。"), url_for("records.of", record_id=record_id))

    return forms.act(work, by=actor())


@bp.post("/records/<int:record_id>/evaluation")
@staff("leader", "coordinator")
def evaluate(record_id: int) -> Response:
    """Say how well it was done."""
    return _decided(record_id, ScoreForm, record_decisions.evaluate)


@bp.post("/records/<int:record_id>/disputes")
@signed_in
def dispute(record_id: int) -> Response:
    """Ask for my record to be re-examined."""
    return _decided(
        record_id,
        DisputeForm,
        disputes.dispute,
        said=_("异议已提交，社区管理员会复核，处理结果会显示在这条记录下面。"),
    )


@bp.post("/records/<int:record_id>/not-me")
@signed_in
def not_me(record_id: int) -> Response:
    """Remove a record that is not one's own service."""

    def work() -> str:
        done = disputes.not_me(record_id, by=actor(), at=clock.now())
        return forms.done(_took_off(done), url_for("records.of", record_id=record_id))

    return forms.act(work, by=actor())


@bp.post("/disputes/<int:dispute_id>/decide")
@staff("coordinator")
def decide_dispute(dispute_id: int) -> Response:
    """Uphold or dismiss a dispute."""

    def work(values: dict[str, Any]) -> str:
        row = disputes.decide_dispute(dispute_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已处理并告知本人。"), url_for("records.of", record_id=row.record_id))

    record_id = rosters.record_of(dispute_id)
    return forms.submit(DecisionForm, work, lambda *sent: explained(record_id, *sent), by=actor())


@bp.post("/records/<int:record_id>/corrections")
@staff("leader", "coordinator")
def correct(record_id: int) -> Response:
    """Correct a decided record."""

    def work(values: dict[str, Any]) -> str:
        row = corrections.correct(record_id, **values, by=actor(), at=clock.now())
        said = _("已更正并告知本人。") if row.state == "done" else _("已提交，等另一个人审批。")
        return forms.done(said, url_for("records.of", record_id=record_id))

    return forms.submit(DecideForm, work, lambda *sent: explained(record_id, *sent), by=actor())


@bp.post("/records/<int:record_id>/time-corrections")
@staff("leader", "coordinator")
def correct_times(record_id: int) -> Response:
    """Correct when somebody came and went."""

    def work(values: dict[str, Any]) -> str:
        row = corrections.correct_times(record_id, **values, by=actor(), at=clock.now())
        said = _("已更正并告知本人。") if row.state == "done" else _("已提交，等另一个人审批。")
        return forms.done(said, url_for("records.of", record_id=record_id))

    return forms.submit(TimesForm, work, lambda *sent: explained(record_id, *sent), by=actor())


@bp.post("/corrections/<int:correction_id>/decide")
@staff("coordinator")
def decide_correction(correction_id: int) -> Response:
    """Approve or refuse a correction that somebody else asked for."""

    def work(values: dict[str, Any]) -> str:
        corrections.decide_correction(correction_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已处理。"), url_for("records.of", record_id=record_id))

    record_id = rosters.record_of_correction(correction_id)
    return forms.submit(
        CorrectionDecisionForm, work, lambda *sent: explained(record_id, *sent), by=actor()
    )


@bp.get("/records/backfill")
@staff("leader", "coordinator")
def backfill() -> str:
    """Show an empty form."""
    return _backfill({}, {})


@bp.post("/records/backfill")
@staff("leader", "coordinator")
def backfill_now() -> Response:
    """Enter service later; a second person approves."""

    def work(values: dict[str, Any]) -> str:
        who = _whom(values.pop("number"), values["team_id"])
        plan = attendance_backfill.Backfill(**values, volunteer_id=who)
        # A name finds only people whom the verb accepts; a typed number makes its person known.
        row = attendance_backfill.backfill(plan, numbered=who, by=actor(), at=clock.now())
        return forms.done(
            _("已录入，等另一位管理员审批。"), url_for("records.of", record_id=row.id)
        )

    return forms.submit(BackfillForm, work, _backfill, by=actor())


def _whom(typed: str, team_id: int) -> int:
    """Return the person with the number on a card, or with a whole name that only one person
    has.
    """
    lines = []
    if not any(char.isdigit() for char in typed):
        picked_names.count_looked_for({"names": typed}, fetch(Team, team_id))
        lines = backfill_sheets.judged(typed, team_id=team_id, by=actor(), at=clock.now())
    only = lines[0].only if len(lines) == 1 else None
    return only.id if only else picked_names.numbered(typed, team_id=team_id)


def _decided(
    record_id: int, schema: type[Schema], verb: Callable[..., object], said: str = ""
) -> Response:
    """Run one verb on a record and come back to it, or show it again with what is wrong."""

    def work(values: dict[str, Any]) -> str:
        verb(record_id, **values, by=actor(), at=clock.now())
        return forms.done(said or _("已保存。"), url_for("records.of", record_id=record_id))

    return forms.submit(schema, work, lambda *sent: explained(record_id, *sent), by=actor())


def explained(record_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    """Return the page of one record, with what a form of it sent."""
    told = rosters.explain(record_id, by=actor())
    pending = next((row for row in told.disputes if row.state == "open"), None)
    return render_template(
        "records/of.html",
        told=told,
        stated=disputes.stated_minutes(pending, at=clock.now()) if pending else None,
        dispute_why_not=disputes.why_not(told.record, by=actor(), at=clock.now()),
        record=told.record,
        values=values,
        errors=errors,
        photos=claim_photos.of_claim(record_id) if told.record.source_type == "claim" else (),
        may=rosters.may_decide(told.record, by=actor()),
        why_not=attendance_backfill.why_not_approved(told.record, by=actor(), at=clock.now()),
        sheet=backfill_sheets.sheet_of(told.record),
        offer=corrections.offer(told.record, by=actor(), at=clock.now()),
        shifts=corrected_times.shifts_of(told.record),
        missing_end=forgotten_check_outs.waiting_of(told.record),
        is_staff=actor().has_role("leader", "coordinator", "auditor"),
        may_open=may_on_person(actor(), Right.PERSON_SEE, told.record.volunteer),
    )


def _took_off(done: disputes.TakenOff) -> str:
    return str(
        _(
            "已撤下这条记录：收回 %(minutes)s 分钟、%(points)s 积分，并已告诉负责人。",
            minutes=done.minutes,
            points=f"{done.points_centi / 100:.2f}",
        )
    )


def _waiting(waits_for: str | None) -> record_lists.RecordFilter:
    known = waits_for if waits_for in WAITS_FOR else None
    return record_lists.RecordFilter(state="waiting", waits_for=known, **asked_days.of_request())


def _backfill(values: dict[str, Any], errors: dict[str, Any]) -> str:
    teams = [(team.id, team.name) for team in event_lists.teams_led(actor())]
    return render_template("records/backfill.html", teams=teams, values=values, errors=errors)


def _back(done: Sequence[ServiceRecord]) -> str:
    if request.form.get("back") == "waiting":
        return url_for("records.waiting")
    event_ids = {record.event_id for record in done}
    if len(event_ids) == 1 and None not in event_ids:
        return url_for("events.manage", event_id=event_ids.pop(), _anchor="records")
    return url_for("records.waiting")
