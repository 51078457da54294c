"""The coordinator's pages of a round: the list, the steps, the working days."""

from datetime import date, timedelta
from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock, policies, settings, working_days
from volunteer_service.certificates import issuing
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.rights import Right, may
from volunteer_service.scoring.ratings import (
    late_changes,
    late_counts,
    objection_lists,
    openable_rounds,
    own_rows,
    results,
    round_steps,
    round_withdrawals,
    sign_off,
    working_day_corrections,
)
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.web.ratings import readiness_words, sheet
from volunteer_service.web.ratings.blueprint import bp
from volunteer_service.web.ratings.forms import DayForm, FreezeForm, OpenForm, ReasonForm
from volunteer_service.web.shared import asked_days, forms, workbooks
from volunteer_service.web.shared.area_choices import area_choices
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import refusal

#: The act of the one big button in each state: the verb, and the message when it is done.
STEPS = {
    "draft": (round_steps.draft, "草案已算好，请核对。"),
    "publish": (round_steps.publish_notice, "公示已发布。"),
    "close": (round_steps.close_notice, "公示已结束，请另一位管理员签发。"),
    "sign-off": (sign_off.sign_off, "已签发。现在可以发证书了。"),
}


@bp.get("/ratings")
@staff("coordinator", "auditor")
def index() -> str:
    """Show the rounds of the reader's areas."""
    return _index({}, {})


@bp.get("/ratings.xlsx")
@staff("coordinator", "auditor")
def index_workbook() -> FlaskResponse:
    """Return the rounds of the same days as a workbook."""
    days = asked_days.of_request()
    rows = workbooks.all_pages(
        lambda cursor: results.rounds(actor(), **days, cursor=cursor, limit=workbooks.BATCH)
    )
    return workbooks.sent("rounds.xlsx", sheet.of_rounds(rows))


@bp.post("/ratings")
@staff("coordinator")
def open_round() -> Response:
    """Open a round."""

    def work(values: dict[str, Any]) -> str:
        row = round_steps.open_round(
            values["area_id"], values["half_year"], by=actor(), at=clock.now()
        )
        return url_for("ratings.show", round_id=row.id)

    return forms.submit(OpenForm, work, _index, by=actor())


@bp.post("/ratings/<int:round_id>/<any(draft, publish, close, 'sign-off'):step>")
@staff("coordinator")
def take(round_id: int, step: str) -> Response:
    """Take the next step of a round."""
    verb, said = STEPS[step]

    def work() -> str:
        verb(round_id, by=actor(), at=clock.now())
        return forms.done(_(said), url_for("ratings.show", round_id=round_id))

    return forms.act(work, by=actor())


@bp.post("/ratings/<int:round_id>/freeze")
@staff("coordinator")
def freeze(round_id: int) -> Response:
    """Freeze the facts; a reason waives what is still to be done."""

    def work(values: dict[str, Any]) -> str:
        round_steps.freeze(round_id, by=actor(), at=clock.now(), **values)
        return forms.done(_("数据已冻结。"), url_for("ratings.show", round_id=round_id))

    return forms.submit(FreezeForm, work, lambda _raw, errors: _show(round_id, errors), by=actor())


@bp.post("/ratings/<int:round_id>/thaw")
@staff("coordinator")
def thaw(round_id: int) -> Response:
    """Go back to open, to freeze corrected records."""

    def work(values: dict[str, Any]) -> str:
        round_steps.thaw(round_id, reason=values["reason"], by=actor(), at=clock.now())
        said = _("已退回。更正记录后请重新冻结。")
        return forms.done(said, url_for("ratings.show", round_id=round_id))

    return forms.submit(ReasonForm, work, lambda _raw, errors: _show(round_id, errors), by=actor())


@bp.post("/ratings/<int:round_id>/withdraw")
@staff("coordinator")
def withdraw(round_id: int) -> Response:
    """Withdraw a round that was opened by mistake, or a supplement."""

    def work(values: dict[str, Any]) -> str:
        round_withdrawals.withdraw_round(round_id, by=actor(), at=clock.now(), **values)
        said = _("已撤销。这个区域可以重新开启评定。")
        return forms.done(said, url_for("ratings.show", round_id=round_id))

    return forms.submit(ReasonForm, work, lambda _raw, errors: _show(round_id, errors), by=actor())


@bp.post("/ratings/<int:round_id>/certificates")
@staff("coordinator")
def issue(round_id: int) -> Response:
    """Issue the certificates of a final round."""

    def work() -> str:
        issued = issuing.issue_round(round_id, by=actor(), at=clock.now())
        said = _("已发放 %(count)s 张证书。", count=issued)
        return forms.done(said, url_for("ratings.show", round_id=round_id))

    return forms.act(work, by=actor())


@bp.get("/ratings/<int:round_id>")
@staff("coordinator", "auditor")
def show(round_id: int) -> str:
    """Show one round: its state, the next step, who has which stars and why."""
    return _show(round_id, {})


@bp.get("/ratings/calendar")
@staff("coordinator")
def days() -> str:
    """Show the corrected working days."""
    return _days({}, {})


@bp.post("/ratings/calendar")
@staff("coordinator")
def correct_day() -> Response:
    """Correct a working day."""

    def work(values: dict[str, Any]) -> str:
        working_day_corrections.correct_day(values.pop("day"), by=actor(), at=clock.now(), **values)
        return forms.done(_("日历已更正。"), url_for("ratings.days"))

    return forms.submit(DayForm, work, _days, by=actor())


def _index(raw: dict[str, Any], errors: dict[str, Any]) -> str:
    now = HalfYear.of(settings.local_day(clock.now()))
    areas = dict(area_choices(Right.RATING_RUN))
    half_years = [str(each) for each in (now.previous, now, now.previous.previous)]
    free = openable_rounds.openable(list(areas), half_years)
    offered = [area_id for area_id in areas if any(area_id in ids for ids in free.values())]
    first = next(iter(free.values()), [None])[0]
    days, cursor = asked_days.of_request(), request.args.get("cursor")
    return render_template(
        "ratings/index.html",
        found=results.rounds(actor(), **days, cursor=cursor),
        days=days,
        paged=cursor is not None,
        runs=bool(areas),
        half_years=list(free),
        areas=[(area_id, areas[area_id]) for area_id in offered],
        raw={"area_id": first} | raw,
        errors=errors,
    )


def _show(round_id: int, errors: dict[str, Any]) -> str:
    row = results.round_of(round_id, actor())
    return render_template(
        "ratings/show.html",
        freezes_on=HalfYear.parse(row.half_year).ends_on + timedelta(days=1),
        round=row,
        runs=may(actor(), Right.RATING_RUN, area_path=row.area.path),
        own=own_rows.own_row(row, actor()),
        not_mine=_not_mine(row),
        today=settings.local_day(clock.now()),
        counts=results.distribution(row.id),
        people=results.people(row.id),
        objections=objection_lists.objections(row.id),
        notice_days=_notice_days(row),
        notice_end=_notice_end(row),
        undone=readiness_words.undone(row, at=clock.now()) if row.state == "open" else [],
        may_be_withdrawn=round_withdrawals.may_be_withdrawn(row),
        late=late_changes.due(row),
        waiting=late_counts.waiting(row.id),
        missing=issuing.still_missing(row) if row.state == "final" else 0,
        not_drawn=issuing.not_drawn(row) if row.state == "final" else [],
        errors=errors,
    )


def _not_mine(row: Round) -> str:
    """Return why the reader may not take the round's next public step; empty where they may."""
    by, at = actor(), clock.now()
    if row.state == "decided":
        refused = sign_off.why_not_sign(row, by, at=at)
    elif row.state in ("draft", "final"):
        refused = own_rows.why_touched(row, by, at=at)
    else:
        refused = None
    return refusal(refused) if refused else ""


def _notice_days(row: Round) -> int | None:
    version = row.policy_version
    return None if version is None else policies.of(version).notice_working_days


def _notice_end(row: Round) -> date | None:
    """Return the last day of a notice that is published today; None where none is to be
    published.
    """
    if row.state != "draft" or row.policy_version is None:
        return None
    return working_day_corrections.notice_end(clock.now(), row.policy_version)


def _days(raw: dict[str, Any], errors: dict[str, Any]) -> str:
    today = settings.local_day(clock.now())
    found = working_day_corrections.corrections(today.replace(month=1, day=1))
    return render_template(
        "ratings/calendar.html",
        found=found,
        today=today,
        unknown=[
            year for year in (today.year, today.year + 1) if not working_days.is_plan_known(year)
        ],
        may_correct=account_scope.covers_service(actor(), Right.SERVICE_EDIT),
        raw=raw,
        errors=errors,
    )
