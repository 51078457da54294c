"""The people of a round: download, one person's reasons, objections, supplements."""

from collections.abc import Sequence
from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.certificates import register
from volunteer_service.people.authorization.rights import Right, may
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.scoring.ratings import objection_lists, objections, results, supplements
from volunteer_service.scoring.ratings.models import Objection, RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.web.ratings import sheet
from volunteer_service.web.ratings.blueprint import bp
from volunteer_service.web.ratings.forms import DecisionForm, ReasonForm, SupplementForm
from volunteer_service.web.shared import forms, workbooks
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/ratings/<int:round_id>/people.xlsx")
@staff("coordinator", "auditor")
def download(round_id: int) -> FlaskResponse:
    """Show everybody of the round as a workbook, with the reasons in words."""
    row = results.round_of(round_id, actor())
    people = audit_looks.taken_along(
        results.named_results(row.id), lambda each: each[1].id, by=actor(), at=clock.now()
    )
    return workbooks.sent(
        f"{row.half_year}-{row.area.name}.xlsx", sheet.written(row.half_year, people)
    )


@bp.get("/ratings/people/<int:result_id>")
@staff("coordinator", "auditor")
def person(result_id: int) -> str:
    """Show one person's stars and why, objections, what can be done; an auditor's look is kept."""
    whose = results.result_of(result_id, actor()).volunteer
    audit_looks.opened(whose, "star", by=actor(), at=clock.now())
    return _person(result_id, {}, {})


@bp.post("/ratings/objections/<int:objection_id>/decide")
@staff("coordinator")
def decide(objection_id: int) -> Response:
    """Uphold or dismiss an objection."""
    result_id = objection_lists.objection(objection_id, actor()).result_id

    def work(values: dict[str, Any]) -> str:
        upheld, answer = values.pop("decision") == "upheld", values.pop("answer")
        objections.decide_objection(
            objection_id,
            upheld=upheld,
            answer=answer,
            lowers=values["lowers"],
            by=actor(),
            at=clock.now(),
        )
        return forms.done(_("异议已答复。"), url_for("ratings.person", result_id=result_id))

    def again(raw: dict[str, Any], errors: dict[str, Any]) -> str:
        return _person(result_id, raw, errors)

    return forms.submit(DecisionForm, work, again, by=actor())


@bp.post("/ratings/objections/<int:objection_id>/withdraw-decision")
@staff("coordinator")
def withdraw_decision(objection_id: int) -> Response:
    """Take the answer to an objection back."""
    result_id = objection_lists.objection(objection_id, actor()).result_id

    def work(values: dict[str, Any]) -> str:
        objections.withdraw_decision(objection_id, by=actor(), at=clock.now(), **values)
        return forms.done(
            _("答复已撤回，请重新答复。"), url_for("ratings.person", result_id=result_id)
        )

    def again(raw: dict[str, Any], errors: dict[str, Any]) -> str:
        return _person(result_id, raw, errors)

    return forms.submit(ReasonForm, work, again, by=actor())


@bp.post("/ratings/<int:round_id>/supplement")
@staff("coordinator")
def supplement(round_id: int) -> Response:
    """Rate one person of a final round again."""

    def work(values: dict[str, Any]) -> str:
        row = supplements.supplement(
            round_id,
            [values["volunteer_id"]],
            reason=values["reason"],
            by=actor(),
            at=clock.now(),
        )
        return url_for("ratings.show", round_id=row.id)

    def again(raw: dict[str, Any], errors: dict[str, Any]) -> str:
        whose = request.form.get("volunteer_id", 0, int)
        return _person(results.result_in(round_id, whose, actor()).id, raw, errors)

    return forms.submit(SupplementForm, work, again, by=actor())


@bp.post("/ratings/<int:round_id>/supplement-due")
@staff("coordinator")
def supplement_due(round_id: int) -> Response:
    """Rate again everybody whose records changed since the freeze."""

    def work() -> str:
        row = supplements.supplement_due(round_id, by=actor(), at=clock.now())
        return forms.done(_("补充评定已建好。"), url_for("ratings.show", round_id=row.id))

    return forms.act(work, by=actor())


def _person(result_id: int, raw: dict[str, Any], errors: dict[str, Any]) -> str:
    result = results.result_of(result_id, actor())
    raised = objection_lists.objections_to(result.id)
    return render_template(
        "ratings/person.html",
        said=results.explain(result),
        result=result,
        served=HalfYear.parse(result.round.half_year),
        runs=may(actor(), Right.RATING_RUN, area_path=result.round.area.path),
        objections=raised,
        weighed=_weighed(result, raised),
        certificate=register.of_results([result.id]).get(result.id),
        raw=raw,
        errors=errors,
    )


def _weighed(result: RoundResult, said: Sequence[Objection]) -> objections.Weighed | None:
    """Return what upholding would change, while an objection waits."""
    waits = any(each.state == "open" for each in said) and result.round.state == "notice"
    return objections.weigh(result) if waits else None
