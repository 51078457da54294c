"""What everybody may see: the public notice; and a volunteer's own star and objection."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock, settings
from volunteer_service.areas import desk_contacts
from volunteer_service.certificates import issuing, register
from volunteer_service.errors import NotFound
from volunteer_service.openings import taken_over
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.scoring.ratings import (
    explanations,
    objection_lists,
    objections,
    public_notices,
    results,
)
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.web.ratings.blueprint import bp
from volunteer_service.web.ratings.forms import ObjectionForm
from volunteer_service.web.shared import forms, record_reasons
from volunteer_service.web.shared.guard import actor, public, signed_in


@bp.get("/notice/<int:round_id>")
@public
def notice(round_id: int) -> str:
    """Show the public notice of a round, without sign-in."""
    found = public_notices.notice(round_id, after=request.args.get("after"), at=clock.now())
    return render_template(
        "ratings/notice.html",
        notice=found,
        period=HalfYear.parse(found.round.half_year),
        rule=issuing.RULE,
        desk=desk_contacts.desk_of(found.round.area_id),
    )


@bp.get("/my/star")
@signed_in
def mine() -> str:
    """Show the reader's running half-year, published stars, and the way to object."""
    return _mine({}, {})


@bp.get("/stars/<int:result_id>")
@signed_in
def why(result_id: int) -> str:
    """Show the records of a star and their scans; an auditor's look is logged."""
    found = explanations.why(result_id, actor())
    result = found.said.result
    audit_looks.opened(result.volunteer, "star", by=actor(), at=clock.now())
    is_own = results.is_own(result, actor())
    return render_template(
        "ratings/why.html", why=found, is_own=is_own, record_words=record_reasons
    )


@bp.post("/my/star/<int:result_id>/object")
@signed_in
def object_to(result_id: int) -> Response:
    """Object to one's own draft star."""

    def work(values: dict[str, Any]) -> str:
        objections.object_to(result_id, values["words"], by=actor(), at=clock.now())
        return forms.done(_("异议已提交，答复会显示在这里。"), url_for("ratings.mine"))

    return forms.submit(ObjectionForm, work, _mine, by=actor())


def _mine(raw: dict[str, Any], errors: dict[str, Any]) -> str:
    volunteer_id = actor().volunteer_id
    if volunteer_id is None:
        raise NotFound()
    found = results.results_of(volunteer_id)
    return render_template(
        "ratings/mine.html",
        progress=results.progress(volunteer_id, at=clock.now()),
        results=found,
        objections={each.id: objection_lists.objections_to(each.id) for each in found[:4]},
        taken_over=taken_over.stars_of(volunteer_id),
        certificates=register.of_results([each.id for each in found]),
        today=settings.local_day(clock.now()),
        raw=raw,
        errors=errors,
    )
