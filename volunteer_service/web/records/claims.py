"""«I was there»: the form of a volunteer whom no scan shows at a shift."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.attendance.check_ins import walk_ins
from volunteer_service.attendance.records import claim_photos, claims
from volunteer_service.rate_limits import limiter
from volunteer_service.request_bodies import papers, takes_papers
from volunteer_service.web.records.forms import ClaimForm
from volunteer_service.web.records.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, signed_in


@bp.get("/shifts/<int:shift_id>/claim")
@signed_in
def claim_form(shift_id: int) -> str:
    """Show the form for from when to when one was there, and how that can be seen."""
    return _form(shift_id, {}, {})


@bp.post("/shifts/<int:shift_id>/claim")
@takes_papers(claim_photos.need_claimant)
@signed_in
@limiter.limit("30 per minute")
def claim(shift_id: int) -> Response:
    """Make the claim; somebody else agrees or refuses."""

    def work(values: dict[str, Any]) -> str:
        photos = claim_photos.readable(papers())
        row = claims.claim(shift_id, **values, photos=photos, by=actor(), at=clock.now())
        told = _("已补报，负责人核对后计时长。")
        return forms.done(told, url_for("records.of", record_id=row.id))

    return forms.submit(ClaimForm, work, lambda *sent: _form(shift_id, *sent), by=actor())


@bp.post("/records/<int:record_id>/take-back-claim")
@signed_in
def take_back_claim(record_id: int) -> Response:
    """Take my claim back while it waits."""

    def work() -> str:
        claims.take_back_claim(record_id, by=actor(), at=clock.now())
        return forms.done(_("已撤回补报。"), url_for("records.mine"))

    return forms.act(work, by=actor())


@bp.post("/records/<int:record_id>/claim-photos")
@takes_papers(claim_photos.need_claimant)
@signed_in
@limiter.limit("30 per minute")
def add_claim_photos(record_id: int) -> Response:
    """Add photos to my claim while it waits."""

    def work() -> str:
        found = claim_photos.readable(papers())
        claim_photos.add_claim_photos(record_id, found, by=actor(), at=clock.now())
        return forms.done(_("照片已加上。"), url_for("records.of", record_id=record_id))

    return forms.act(work, by=actor())


@bp.get("/records/claim-photos/<int:claim_photo_id>.jpg")
@signed_in
def claim_photo(claim_photo_id: int) -> Response:
    """Show one photo of a claim."""
    jpeg = claim_photos.claim_photo(claim_photo_id, by=actor(), at=clock.now())
    return Response(jpeg, mimetype="image/jpeg")


def _form(shift_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    shift, event = claims.to_claim(shift_id, by=actor(), at=clock.now())
    return render_template(
        "records/claim.html",
        shift=shift,
        event=event,
        words=walk_ins.words(shift),
        values=values,
        errors=errors,
    )
